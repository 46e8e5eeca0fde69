"""Log lines: one structured line each, without personal data."""

from __future__ import annotations

import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# Errors that speak about our code. The words of all others may hold what somebody typed, so only their kind is told.
ABOUT_CODE = (ImportError, AttributeError, NameError, TypeError, SyntaxError, RecursionError, NotImplementedError)
FRAMES = 6


def compact_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The kind of an error, what it came from, and the last few places in the code; never a value."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[1] is not None:
        event["error"] = _chain(info[1])
        event["where"] = _places(info[2])
    if event.get("logger") == "django.request":
        event["event"] = "a request failed"  # its address may hold somebody's secret
    return event


def _chain(error: BaseException | None) -> str:
    names: list[str] = []
    while error is not None and len(names) < 4:
        words = f": {error}" if isinstance(error, ABOUT_CODE) else ""
        names.append(type(error).__name__ + words)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " < ".join(dict.fromkeys(names))


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return " > ".join(f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno}" for frame in frames)


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

LOGGING_SETTINGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED,
            "processors": [
                compact_exception,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"]),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "satuatap": {"level": "INFO"},
        "django.request": {"level": "ERROR"},  # every 4xx is the caller's affair and would name her address
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
