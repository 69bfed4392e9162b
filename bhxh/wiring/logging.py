"""One log event per thing that happened, as JSON, `room.object.verb`; never personal data."""

import io
import json
import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


def configure_logging(level: str = "INFO") -> None:
    """Send our events and other libraries' warnings to standard error as one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lines())),
        cache_logger_on_first_use=False,
    )
    libraries = logging.StreamHandler(_Lines())
    libraries.setFormatter(_WithoutWords())
    logging.basicConfig(level=logging.WARNING, handlers=[libraries])
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class _Lines(io.TextIOBase):
    """Standard error, where a line that cannot be written is lost.

    WHY: on a full disk nobody's answer shall fail because it could not be written down that it was given.
    """

    def write(self, text: str) -> int:
        """All of it or nothing."""
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """If it can be."""
        with suppress(OSError):
            sys.stderr.flush()


class _WithoutWords(logging.Formatter):
    """Who warns and what kind of error it was.

    WHY neither message nor traceback: libraries format parameters into their sentences, and ours hold names and numbers of people.
    """

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        return json.dumps({"event": "library", "logger": record.name, "level": record.levelname.lower(), "kind": kind})
