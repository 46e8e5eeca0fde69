"""The font, cut to the letters and weights that the screens use."""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# Latin with its accents, and the signs that Indonesian and English print. Names of people and places included.
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’‚“”„†•…‰′″‹›⁄€−×→←↑↓≈≤≥№")]
FEATURES = ["tnum", "pnum", "kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk"]
WEIGHTS = (400, 800)


def cut(source: Path, target: Path) -> None:
    """Write ``target`` (woff2): Latin only, equal-width digits kept, weights 400 to 800."""
    font = TTFont(source)
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    options = subset.Options()
    options.layout_features = FEATURES
    options.flavor = "woff2"
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]  # names and the licence stay
    options.hinting = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(target)
