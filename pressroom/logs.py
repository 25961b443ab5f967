"""Structured logs: an event is a name and fields, the ids of what is being done come along by themselves.

`get_logger("pressroom.x").info("draft.written", words=120)` within `bound(run=..., idea=...)` is one JSON line (or a
readable one on a terminal) with all of it. Records of the standard library's loggers below `pressroom` take the
same way. No secret gets through: see `pressroom.redaction`.

Until `configure` is called nothing is shown; structlog is imported with the first event (150 ms, mostly rich).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

from pressroom import redaction
from pressroom.redaction import register_secret
from pressroom.settings import settings

if TYPE_CHECKING:
    from structlog.typing import Processor

__all__ = ["Logger", "as_text", "bound", "configure", "forward", "get_logger", "register_secret", "reset"]

ROOT = "pressroom"
Format = Literal["auto", "json", "console"]

_root = logging.getLogger(ROOT)
_root.addHandler(logging.NullHandler())  # else Python itself would print the events
_LEFT_ALONE = tuple(_root.handlers)


class Logger:
    """Emits events under one name. An event below the level in use costs a microsecond."""

    def __init__(self, name: str) -> None:
        self._target = logging.getLogger(name)

    def debug(self, event: str, **fields: Any) -> None:
        self._emit(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Any) -> None:
        self._emit(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._emit(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Any) -> None:
        self._emit(logging.ERROR, event, fields)

    def exception(self, event: str, **fields: Any) -> None:
        """An error, with the traceback of the exception that is being handled."""
        self._emit(logging.ERROR, event, {"exc_info": True, **fields})

    def _emit(self, level: int, event: str, fields: dict[str, Any]) -> None:
        if not self._target.isEnabledFor(level):
            return
        try:
            _structured(self._target).log(level, event, **fields)
        except Exception:  # a value that can't even be shown: nothing fails for its log
            self._target.log(level, event)


def get_logger(name: str) -> Logger:
    return Logger(name)


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Add `ids` (run, execution, task, idea, format, provider, request, ...) to every event of the block.

    Empty ones are left out. Threads started by Prefect's runner inherit them.
    """
    from structlog.contextvars import bound_contextvars

    with bound_contextvars(**{name: value for name, value in ids.items() if value not in (None, "")}):
        yield


def configure(format: Format | None = None, level: str | None = None, *, file: Path | None = None) -> None:  # noqa: A002
    """Write events to standard error and, where one is set, to a file; what isn't given is as the settings say.

    level: least level shown on standard error. The file gets INFO and above (DEBUG when that is the level). A file
    that can't be written is left out with a warning: no run fails for its log. Calling it again starts afresh.
    """
    chosen = settings()
    redaction.register_environment()
    shown = (level or chosen.log_level).upper()
    for handler in [each for each in _root.handlers if isinstance(each, (_Stream, _File))]:
        _root.removeHandler(handler)
        handler.close()
    _root.propagate = False  # Prefect's console would show everything a second time
    forward(_Stream(format or chosen.log_format), shown)
    kept = file or chosen.log_file
    if kept is not None:
        _keep(kept, "DEBUG" if shown == "DEBUG" else "INFO")


def configure_once() -> None:
    """`configure` as the settings say, unless that has been done in this process."""
    if not any(isinstance(handler, _Stream) for handler in _root.handlers):
        configure()


def forward(handler: logging.Handler, level: str) -> None:
    """Have a handler of the caller's get every event from `level` on; its formatter decides how."""
    handler.setLevel(level)
    _root.addHandler(handler)
    _root.setLevel(min(each.level for each in _root.handlers if each not in _LEFT_ALONE))


def as_text() -> logging.Formatter:
    """`draft.written words=120 run=...`: for places that show time and level themselves, such as Prefect's UI."""
    return _Formatter("text", None)


def reset() -> None:
    """As it was before `configure`: for tests."""
    for handler in [each for each in _root.handlers if each not in _LEFT_ALONE]:
        _root.removeHandler(handler)
        handler.close()
    if _root.level != logging.NOTSET:  # to set it again takes a millisecond: each logger forgets what it is on for
        _root.setLevel(logging.NOTSET)
    _root.propagate = True


def _keep(file: Path, level: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        forward(_File(file, encoding="utf-8"), level)
    except OSError as error:
        get_logger(__name__).warning("log.file_unusable", file=str(file), reason=str(error.strerror))


class _Formatter(logging.Formatter):
    """Builds its structlog pipeline with the first record."""

    def __init__(self, format: str, stream: TextIO | None) -> None:  # noqa: A002
        super().__init__()
        self._format, self._colours = format, bool(stream and stream.isatty())

    @cached_property
    def _pipeline(self) -> logging.Formatter:
        from structlog.stdlib import ExtraAdder, ProcessorFormatter

        return ProcessorFormatter(
            foreign_pre_chain=[ExtraAdder(), *_prepared()],
            processors=[ProcessorFormatter.remove_processors_meta, _renderer(self._format, colours=self._colours)],
        )

    def format(self, record: logging.LogRecord) -> str:
        return self._pipeline.format(record)


class _Stream(logging.StreamHandler[TextIO]):
    """Standard error as it is at the moment: a test or a terminal library may have changed it since."""

    def __init__(self, format: Format) -> None:  # noqa: A002
        super().__init__(sys.stderr)
        wanted = format if format != "auto" else ("console" if sys.stderr.isatty() else "json")
        self.setFormatter(_Formatter(wanted, sys.stderr))

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _File(logging.FileHandler):
    """JSON lines, appended: several processes may share one file."""

    def __init__(self, file: Path, *, encoding: str) -> None:
        super().__init__(file, encoding=encoding)
        self.setFormatter(_Formatter("json", None))


@cache
def _structured(target: logging.Logger) -> Any:
    import structlog

    return structlog.wrap_logger(
        target,
        processors=[*_prepared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


@cache
def _prepared() -> list[Processor]:
    """The processors of every event before it is rendered; `_scrubbed` is last, so that nothing is added after it."""
    import structlog

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _scrubbed,
    ]


def _scrubbed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        redaction.mask(name): value if name.startswith("_") else redaction.scrub_named(name, value)
        for name, value in event.items()
    }


def _renderer(format: str, *, colours: bool) -> Processor:  # noqa: A002
    import structlog

    if format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    if format == "console":
        return structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)
    return _text


def _text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    exception = event.pop("exception", None)
    hidden = {"event", "level", "logger", "timestamp"}
    fields = [f"{name}={_value(value)}" for name, value in event.items() if name not in hidden]
    line = " ".join([str(event["event"]), *fields])
    return f"{line}\n{exception}" if exception else line


def _value(value: object) -> str:
    text = str(value)
    return repr(text) if not text or any(character.isspace() for character in text) else text
