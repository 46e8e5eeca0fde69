"""Pure computation: no Django, no files, no clock, no global random state. An engine is a sentence."""
