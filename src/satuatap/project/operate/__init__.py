"""What the one IT person of a city does: back up, check, restore, upgrade, look, carry to a machine without network."""
