"""The journal: append-only facts, each written in its action's own transaction.

One row is at once audit trail, live feed, outbox, open data source and the engines' data. It never holds a person.
Words: *entry* (a row), *fact* (what it says), *position* (its dense place in the order in which readers see it).
"""
