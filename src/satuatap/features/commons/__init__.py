"""What the mall shares with other systems: clients of the HTTP API with their keys, and webhooks with their deliveries.

A client is a program of an agency or the city, never a person. Its key is kept as a hash; the secret that signs its
webhooks is derived when it is needed and stands in no table.
"""
