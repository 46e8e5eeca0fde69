"""Tables that people write: what a sheet must hold, reading it with every problem at once, templates to fill in."""
