"""``satuatap day``: one whole day of the mall, played by many hands over HTTP against the running demo."""
