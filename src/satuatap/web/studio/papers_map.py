"""The plan's map as it is printed: the screen's own picture, with the screen's own colours written into it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from satuatap.features.plans.queries import PlanView
from satuatap.plumbing.papers import FAMILY, OTHERWISE
from satuatap.web.studio.map_ground import HEIGHT, WIDTH
from satuatap.web.studio.public_parts import picture

RULE = re.compile(r"^\.map ?([^{\n]*)\{([^}]*)\}", re.MULTILINE)
TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
USED = re.compile(r"var\(--([a-z0-9-]+)\)")


def map_of(view: PlanView) -> str:
    """The SVG of the version that counts, complete in itself; empty where no study stands behind it."""
    values = picture(view)
    if not values:
        return ""
    drawn = render_to_string("studio/_map.html", values).strip()
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{HEIGHT:g}" '
    head, _tag, rest = drawn.partition(">")
    return f"{opening}{head.removeprefix('<svg ')}><style>{_style()}</style>{rest}"


@lru_cache(maxsize=1)
def _style() -> str:
    """The map's rules of the style sheet with the tokens' values in them; a printer knows no variables."""
    tokens = dict(TOKEN.findall(_sheet("components/tokens.css")))
    rules = RULE.findall(_sheet("studio/study.css"))
    said = [f'text {{ font-family: "{FAMILY}", "{OTHERWISE}"; }}']
    said += [f"{which.strip()} {{{what}}}" for which, what in rules if which.strip()]
    return USED.sub(lambda one: tokens[one[1]].strip(), "\n".join(said))


def _sheet(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text()
