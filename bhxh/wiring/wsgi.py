"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from bhxh.kernel.errors import BhxhError
from bhxh.web.encodings import in_utf8
from bhxh.wiring.configuration import configuration
from bhxh.wiring.logging import configure_logging
from bhxh.wiring.production import check_production, check_schema

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")
configure_logging()
try:
    check_production(configuration())
    application = in_utf8(get_wsgi_application())
    check_schema(configuration())
except BhxhError as refused:
    raise SystemExit(f"{refused.code} {refused.text('vi')}\n{refused.code} {refused.text('en')}") from None

from bhxh.wiring.composition import compose  # noqa: E402  # Django must be set up before the rooms' tables can be imported

compose()
