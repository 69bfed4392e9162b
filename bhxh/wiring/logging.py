"""One log event per thing that happened, as JSON, `room.object.verb`; never personal data."""

import json
import logging
import sys

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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(_WithoutWords())
    logging.basicConfig(level=logging.WARNING, handlers=[libraries])
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class _WithoutWords(logging.Formatter):
    """Who warns and what kind of error it was.

    WHY neither message nor traceback: libraries format parameters into their sentences, and ours hold names and numbers of people.
    """

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        return json.dumps({"event": "library", "logger": record.name, "level": record.levelname.lower(), "kind": kind})
