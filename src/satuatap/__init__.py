"""Satu atap: one roof, one visit, one number. The whole day of a Mal Pelayanan Publik."""

__version__ = "0.1.0"
