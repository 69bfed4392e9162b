"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")
application = get_wsgi_application()

from bhxh.wiring.composition import compose  # noqa: E402  # Django must be set up before the rooms' tables can be imported

compose()
