"""``satuatap regroup``: which office sits where, from one file. Needs neither Django nor a database."""

from satuatap.project.cli.regroup.main import main

__all__ = ["main"]
