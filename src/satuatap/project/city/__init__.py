"""A city opens satuatap from its own files: template, open, quality."""
