"""What a process says of itself while it runs."""

import logging
import sys

import structlog


def to_stderr(level: str) -> None:
    """One shape for all logs: lines for people at a terminal, JSON for everything else. stdout is for results."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    render = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=render))
    logging.basicConfig(level=number, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "pgqueuer"):
        logging.getLogger(chatty).setLevel(max(number, logging.WARNING))
