"""One log event per thing that happened, as JSON, `room.object.verb`; never personal data."""

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
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format='{"event": "library", "logger": "%(name)s", "level": "%(levelname)s"}'
    )
    # WHY no message above: libraries format parameters into their sentences, and ours hold names and numbers of people.
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
