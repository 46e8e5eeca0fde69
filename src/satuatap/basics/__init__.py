"""Words that every room shares; imports the standard library only."""
