"""The WSGI application of the bare server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_server.settings"
application = get_wsgi_application()
