"""A mapped draft or picture ends with its reference or with a `Failure`."""

from __future__ import annotations

from typing import Any

from prefect.futures import PrefectFuture

from pressroom import redaction
from pressroom.errors import PressroomError
from pressroom.model import Failure, Frozen, IdeaRef
from tasks import observing


def outcome(future: PrefectFuture[Any], idea: IdeaRef, form: str) -> Frozen:
    """The value that `future` brought, or the `Failure` that it ended with. Never raises: the run goes on.

    form: the draft's format, or what else stands for it in the failure.
    """
    try:
        brought = future.result(raise_on_failure=False)
    except Exception as error:  # a crashed task has no result, and its own failure must not be the run's
        brought = error
    if isinstance(brought, Frozen):
        return brought
    code, reason = reason_of(brought)
    failure = Failure(idea_position=idea.position, idea_title=idea.title, format=form, code=code, reason=reason)
    observing.draft_failed(failure)
    return failure


def reason_of(error: Any) -> tuple[str, str]:
    """Code and sentence of what ended a task or a run, without secrets.

    Of an unforeseen error only the first line: a database's own goes on with the statement and its values.
    """
    if isinstance(error, PressroomError):
        return error.code, redaction.mask(str(error))
    kind = type(error).__name__
    return kind, redaction.mask(f"{kind}: {str(error).partition(chr(10))[0]}"[:500])
