"""What anyone may check: the journal's roots and proofs, and the day's sheet that prints them."""
