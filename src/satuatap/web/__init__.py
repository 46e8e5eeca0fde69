"""Screens: no tables, no rules; screens do not know one another."""
