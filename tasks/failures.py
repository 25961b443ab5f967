"""What became of a mapped draft or picture: its reference, or why there is none."""

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
    """Code and sentence of what ended a task, without secrets."""
    code = error.code if isinstance(error, PressroomError) else type(error).__name__
    return code, redaction.mask(str(error))
