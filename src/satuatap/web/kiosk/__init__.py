"""Anjungan mandiri: a citizen on the floor takes one number for everything. Three screens, thumbs, not typing."""
