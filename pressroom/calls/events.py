"""The ledger logs an event and counts metrics for each call made, reused or failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pressroom import logs, metrics
from pressroom.model import Answer

if TYPE_CHECKING:
    from pressroom.calls.ledger import CallRecord, Entry

_log = logs.get_logger("pressroom.ledger")


def begun(record: CallRecord) -> None:
    metrics.call_begun(record.provider, lambda: record.hash, again=bool(record.identity.get("again")))


def answered(record: CallRecord, call_id: str, answer: Answer, price: int, milliseconds: int) -> None:
    """A call was made and its answer is kept. price: millionths of a dollar."""
    model, usage = answer.model or record.model, answer.usage
    metrics.call_answered(record.provider, record.kind, model, milliseconds / 1000, usage, price)
    _log.info(
        "provider.answered",
        **_which(record, call_id, model),
        ms=milliseconds,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cached_tokens=usage.cached_tokens,
        cost_usd=price / 1e6,
    )


def failed(record: CallRecord, call_id: str, code: str, reason: str, milliseconds: int) -> None:
    metrics.call_failed(record.provider, record.kind, code, milliseconds / 1000, lambda: record.hash)
    _log.warning("provider.failed", **_which(record, call_id, record.model), code=code, reason=reason, ms=milliseconds)


def reused(record: CallRecord, entry: Entry) -> None:
    metrics.call_reused(record.provider, record.kind)
    _log.info("provider.reused", **_which(record, entry.call_id, entry.answer.model or record.model))


def _which(record: CallRecord, call_id: str, model: str) -> dict[str, str]:
    task = {"task": record.task} if record.task else {}
    return {"provider": record.provider, "model": model, "purpose": record.purpose, "request": call_id, **task}
