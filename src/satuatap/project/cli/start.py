"""Where ``satuatap`` begins: engines on one file start alone, everything else with Django and a database."""

from __future__ import annotations

import importlib
import sys

# They read their own words; neither settings nor Django nor a driver is imported for them.
PURE = {"regroup": "satuatap.project.cli.regroup"}


def main() -> int:
    """The command line of ``sys.argv``; returns its exit code."""
    words = sys.argv[1:]
    if words and words[0] in PURE:
        return int(importlib.import_module(PURE[words[0]]).main(words[1:]))
    return int(importlib.import_module("satuatap.project.cli.main").main(words))


if __name__ == "__main__":
    sys.exit(main())
