"""Every sentence is Indonesian in the code and has its English line."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.source import SOURCE, python_files, short

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)[^}]*\}")
NAMELESS = re.compile(r"(?<!%)%[sd]|\{\}")


def _templates() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("templates/**/*") if path.suffix in (".html", ".txt", ".svg"))


@cache
def sentences() -> dict[str, str]:
    """Each marked sentence (with its plural, if it has one) and the first place that says it."""
    found: dict[str, str] = {}
    sources = [(path, path.read_bytes()) for path in python_files("src")]
    sources += [(path, templatize(path.read_text(), origin=str(path)).encode()) for path in _templates()]
    for path, text in sources:
        for line, message, _comments, _context in extract("python", io.BytesIO(text), KEYWORDS):
            for one in message if isinstance(message, tuple) else (message,):
                if one:
                    found.setdefault(one, f"{short(path)}:{line}")
    return found


@cache
def english() -> dict[str, list[str]]:
    """All English lines, as Django merges them."""
    lines: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                if message.id and all(texts) and not message.fuzzy:
                    for one in ids:
                        lines[one] = list(texts)
    return lines


def test_sentences_are_found() -> None:
    assert len(sentences()) > 40


def test_every_sentence_has_its_english_line() -> None:
    missing = [
        f"{place}: {text}" for text, place in sorted(sentences().items(), key=lambda x: x[1]) if text not in english()
    ]
    assert not missing, f"{len(missing)} sentences without English:\n" + "\n".join(missing)


def test_english_keeps_the_placeholders() -> None:
    wrong = []
    for text in sentences():
        wanted = {a or b for a, b in PLACEHOLDER.findall(text)}
        for line in english().get(text, []):
            if not {a or b for a, b in PLACEHOLDER.findall(line)} <= wanted:
                wrong.append(f"{text!r} -> {line!r}")
    assert not wrong


def test_placeholders_have_names() -> None:
    assert not [f"{place}: {text}" for text, place in sentences().items() if NAMELESS.search(text)]
