"""One name for one thing: actions are unique in the house; nothing of a machine is committed."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from django.conf import settings

from tests.architecture.source import ROOT, SOURCE, Function, committed, python_files, short, tree

# Private files of a feature that a contract of .importlinter must name.
PRIVATE = ("models", "rules", "admin", "statements")
# A folder of somebody's machine, in anything that we commit. (Written apart, so that this file does not name one.)
MACHINE = re.compile(rb"(?<![\w./-])/(?:wor" + rb"k|roo" + rb"t|hom" + rb"e/\w+)/[\w.]")
ADDRESS = re.compile(r"https?:|://|\bresolved\b")


def test_an_action_has_a_name_of_its_own_in_the_whole_house() -> None:
    places = defaultdict(set)
    for path in python_files("src"):
        parts = path.relative_to(SOURCE).parts
        if parts[0] != "features" or "actions" not in (*parts[:-1], path.stem):
            continue
        for node in tree(path).body:
            if isinstance(node, Function) and not node.name.startswith("_") and _is_action(node):
                places[node.name].add(parts[1])
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def _is_action(node: Function) -> bool:
    """Actions are keyword-only and know who does it."""
    return not node.args.args and any(argument.arg == "by" for argument in node.args.kwonlyargs)


def test_every_feature_is_named_by_the_contracts() -> None:
    contracts = (ROOT / ".importlinter").read_text()
    missing = [
        f"satuatap.features.{feature}.{name}"
        for feature in settings.FEATURES
        for name in PRIVATE
        if _exists(SOURCE / "features" / feature / name) and f"satuatap.features.{feature}.{name}\n" not in contracts
    ]
    assert not missing


def _exists(path: Path) -> bool:
    return path.is_dir() or path.with_suffix(".py").exists()


def test_every_room_of_features_and_screens_is_installed() -> None:
    for kind, named in (("features", settings.FEATURES), ("web", settings.SCREENS)):
        rooms = {path.parent.name for path in (SOURCE / kind).glob("*/apps.py")}
        assert rooms == set(named)


def test_the_locks_hold_no_address() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        assert not ADDRESS.search(lock.read_text()), lock.name
    lines = (ROOT / "package-lock.json").read_text().splitlines()
    funding = re.compile(r'^\s*"url": "https://')  # who may be thanked, not where packages come from
    assert [line for line in lines if ADDRESS.search(line) and not funding.match(line)] == []


def test_nothing_committed_names_a_folder_of_somebodys_machine() -> None:
    found = [short(path) for path in committed() if MACHINE.search(path.read_bytes())]
    assert not found
