"""Browsers wait for what is to come: a page may be slow on a machine that others use too, and that proves nothing."""

from __future__ import annotations

from playwright.sync_api import expect

expect.set_options(timeout=30_000)
