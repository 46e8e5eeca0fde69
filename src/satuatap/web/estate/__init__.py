"""The estate on screens: buildings, units, norms, their lists and imports, the quality of what is known."""
