"""Meja informasi: numbers by hand, a missed number put back, where a number stands."""
