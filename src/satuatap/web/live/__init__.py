"""The front: a small raw ASGI app that answers event streams and the hottest endpoints itself.

Everything else goes to Django's WSGI app in a thread pool, on the same port. It runs the same statements as the
features' actions do; only the driver differs.
"""
