"""The mall itself: one Django app each, lowest first."""
