"""Django's settings, derived from the configuration. Nothing else reads the environment."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from bhxh.web import languages
from bhxh.wiring.configuration import Configuration, configuration

_configuration = configuration()
_PACKAGE = Path(__file__).resolve().parents[1]


def _secret_key(of: Configuration) -> str:
    if of.secret_key:
        return of.secret_key
    assert of.mode == "development", "BHXH_SECRET_KEY must be set in production"
    file = of.key_folder / "django-secret"
    if not file.exists():
        of.key_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def _database(of: Configuration) -> dict[str, object]:
    parts = urlsplit(of.address_of_database(of.database_role))
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # WHY -c role: a login given by DATABASE_URL is a member of both roles and takes on the one this process needs.
        # WHY random_page_cost: on solid-state disks a person's lines are read in order through the key, not gathered and sorted.
        "OPTIONS": {
            "options": f"-c role={of.database_role} -c statement_timeout=60000 -c random_page_cost=1.1",
            # WHY: hot statements ask to be prepared, and the driver does so only where this is set; the ORM's are not touched by it.
            "prepare_threshold": 5,
            "pool": {"min_size": 1, "max_size": 8, "timeout": 5},
            **query,
        },
        "CONN_HEALTH_CHECKS": True,  # WHY: after a restart of the database the pool holds dead connections; each is asked before use
        "TEST": {"NAME": os.environ.get("BHXH_TEST_DATABASE", "bhxh_test")},
    }


SECRET_KEY = _secret_key(_configuration)
DEBUG = False
ALLOWED_HOSTS = list(_configuration.allowed_hosts)
ROOT_URLCONF = "bhxh.wiring.urls"
WSGI_APPLICATION = "bhxh.wiring.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "vi"
USE_I18N = True
LANGUAGES = list(languages.LANGUAGES.items())
LOCALE_PATHS = [_PACKAGE / part / "locale" for part in languages.PARTS]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_PACKAGE / part / "templates" for part in languages.PARTS],
        "OPTIONS": {"libraries": {"web": "bhxh.web.tags", "words": "bhxh.web.words"}},
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CUSTODIAN = _configuration.custodian
DATA_UPLOAD_MAX_MEMORY_SIZE = _configuration.maximum_upload_bytes
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "bhxh.doors.jobs",
    "bhxh.audit",
    "bhxh.access",
    "bhxh.warehouse",
    "bhxh.notices",
    "bhxh.registry",
    "bhxh.ledger",
    "bhxh.book",
    "bhxh.credentials",
    "bhxh.dossiers",
    "bhxh.conversion",
    "bhxh.transcripts",
]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "bhxh.web.middleware.Pages", "bhxh.doors.api.middleware.BoundRequest"]
DATABASES = {"default": _database(_configuration)}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
LOGGING_CONFIG = None
