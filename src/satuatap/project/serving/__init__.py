"""From nothing to a mall that is open: what ``satuatap serve`` does, step by step."""
