"""A second server process for the benchmark: the front alone, on the database that the first one keeps."""

from __future__ import annotations

import importlib
import os

import django
import uvicorn

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "satuatap.project.settings"
    django.setup()
    from satuatap.project.serving import server  # after the settings

    front = importlib.import_module("satuatap.web.live.front").application
    place = server.take_port("127.0.0.1", int(os.environ["PORT"]))
    uvicorn.Server(server.make_server(front, lambda: None).config).run(sockets=[place])
