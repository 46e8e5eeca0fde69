"""Static files, gathered and compressed only when one of them changed."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

import satuatap


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{satuatap.__version__}".encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = (storage.path(path), storage.size(path), storage.get_modified_time(path).timestamp())
            digest.update(repr(state).encode())
    return digest.hexdigest()


def gather() -> bool:
    """Bring SATUATAP_HOME/static up to date; returns whether anything changed."""
    stamp = settings.HOME / "static.stamp"
    wanted = _fingerprint()
    if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=settings.STATIC_ROOT.is_dir())
    stamp.write_text(wanted)
    return True
