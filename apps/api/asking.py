"""Common fields of every request that starts work, and the answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from apps.api.shown_jobs import API, JobView, job_view
from apps.desk import work
from apps.desk.dependencies import CallerDep, DeskDep
from pressroom.errors import SourceForbidden, WrongInput
from pressroom.sources.fetching import Guard
from pressroom.store.desk_tables import Job
from pressroom.webhooks.posting import check_address

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk
    from pressroom.model import Caller

MOST_METADATA = 50
AN_ID = "9f1b" * 8


class Around(BaseModel):
    """Fields that every request for work takes as well as its own."""

    title: str = Field(default="", max_length=200, description="What it is called in lists.", examples=["Monday"])
    callback_url: str = Field(
        default="",
        max_length=2000,
        description="Told, signed, once it has ended.",
        examples=["https://example.com/hook"],
    )
    metadata: dict[str, str] = Field(
        default={}, max_length=MOST_METADATA, description="Your own, given back with the job."
    )


class Asking:
    """Starts work for the caller of a route; the same `Idempotency-Key` starts it once."""

    def __init__(self, desk: Desk, caller: Caller, key: str | None) -> None:
        self._desk, self._caller, self._key = desk, caller, key

    def start(self, request: BaseModel, around: Around, *, title: str = "") -> Response:
        """202 with the new job. Raises as `work.start` does, and WrongInput for a callback that is not public."""
        _check_callback(around.callback_url)
        job = work.start(
            self._desk,
            self._caller,
            request,
            idempotency_key=self._key,
            title=_one_line(around.title or title),
            callback_url=around.callback_url,
            metadata=dict[str, Any](around.metadata),
        )
        return accepted(job)


async def _asking(
    desk: DeskDep,
    caller: CallerDep,
    idempotency_key: Annotated[str | None, Header(include_in_schema=False, max_length=255)] = None,
) -> Asking:
    return Asking(desk, caller, idempotency_key)


AskingDep = Annotated[Asking, Depends(_asking)]

ACCEPTED: dict[str, Any] = {"status_code": 202, "response_model": JobView}
"""How routes that start work are declared."""


def accepted(job: Job) -> Response:
    """202: the job, and where it can be followed."""
    return JSONResponse(job_view(job).model_dump(mode="json"), 202, {"Location": f"{API}/jobs/{job.id}"})


def _one_line(title: str) -> str:
    """`title` on one line, at most 200 characters, without invisible ones: databases reject some of those."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in title).split())[:200]


def _check_callback(address: str) -> None:
    if not address:
        return
    try:
        check_address(address, Guard())
    except SourceForbidden as refused:
        raise WrongInput(f"Nothing is sent to this callback address: {refused.message}", hint=refused.hint) from None
