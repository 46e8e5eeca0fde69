"""How many desks and how much staff, when: closed forms first."""
