"""Django for any WSGI server; `satuatap serve` mounts it behind the front."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "satuatap.project.settings")
application = get_wsgi_application()
