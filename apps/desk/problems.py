"""Errors as RFC 9457 problems: which status each has, and what of it a program may read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from pressroom import errors, logs
from pressroom.errors import PressroomError
from pressroom.model import Violation
from pressroom.redaction import mask

MEDIA_TYPE = "application/problem+json"

RENAMED = {413: "Content Too Large", 422: "Unprocessable Content"}
"""As RFC 9110 has it; Python has since 3.13."""

STATUS: Mapping[type[PressroomError], int] = MappingProxyType(
    {
        errors.WrongInput: 422,
        errors.NotFound: 404,
        errors.MoveRefused: 409,
        errors.RulesBroken: 422,
        errors.AlreadyThere: 409,
        errors.Conflict: 412,
        errors.NotSignedIn: 401,
        errors.Forbidden: 403,
        errors.Throttled: 429,
        errors.PlanLimit: 402,
        errors.SourceUnusable: 422,
        errors.RunBusy: 409,
        errors.ChannelUnusable: 422,
        errors.OutcomeUnclear: 503,
        errors.Misconfigured: 503,
        errors.DatabaseUnusable: 503,
        errors.StoreUnusable: 503,
        errors.Passing: 503,
    }
)
"""By the nearest ancestor; what has none is a mistake of ours: 500, and no details."""

_log = logs.get_logger("pressroom.desk")


class FieldError(BaseModel):
    """One thing that is wrong. `field`: where, as in `body.title`; empty when it concerns the whole."""

    field: str = ""
    message: str
    code: str = ""


class Problem(BaseModel):
    """Why a request was not done (RFC 9457)."""

    type: str = Field(default="about:blank", description="Always `about:blank`: `code` says which problem it is.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="One sentence for people.", examples=["There is no content of this id."])
    code: str = Field(description="Stable, for programs.", examples=["NOT_FOUND"])
    hint: str = Field(default="", description="What to do about it.")
    request_id: str = Field(default="", description="To be named when asking for help.")
    errors: list[FieldError] = Field(default=[], description="What is wrong in detail, where there is more to say.")
    version: int | None = Field(default=None, description="412 only: the version it is at now.")


def install(app: FastAPI) -> None:
    """Have every error that a route of `app` raises answered as a problem."""
    app.add_exception_handler(PressroomError, _on_error)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describes these statuses to OpenAPI, for `responses=` of a route or router."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {each: {"description": _phrase(each), "content": content} for each in statuses}


def status_of(error: PressroomError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def of_error(error: PressroomError) -> Problem:
    """The problem that `error` is; of one that is ours to mend nothing is told but that there was one."""
    status = status_of(error)
    if status == 500:
        return of_surprise()
    return Problem(
        title=_phrase(status),
        status=status,
        detail=mask(error.message),
        code=error.code,
        hint=mask(error.hint),
        errors=_violations(error),
        version=getattr(error, "version", None),
    )


def of_surprise() -> Problem:
    """The problem that a mistake of ours is."""
    return of_status(500, "An internal error. It is logged.", code="INTERNAL_ERROR")


def of_status(status: int, detail: str = "", *, code: str = "", errors: Sequence[FieldError] = ()) -> Problem:
    phrase = _phrase(status)
    detail = detail if detail and detail != phrase else f"{phrase}."
    return Problem(title=phrase, status=status, detail=detail, code=code or _code(phrase), errors=list(errors))


def answer(problem: Problem, request_id: str, headers: Mapping[str, str] | None = None) -> Response:
    """`problem` as a response."""
    body = problem.model_copy(update={"request_id": request_id}).model_dump(mode="json", exclude_none=True)
    return JSONResponse(body, problem.status, dict(headers or {}), MEDIA_TYPE)


def headers_of(error: PressroomError) -> dict[str, str]:
    """Headers that go with an error: how to sign in, when to come back."""
    if isinstance(error, errors.NotSignedIn):
        return {"WWW-Authenticate": 'Bearer realm="pressroom"'}
    if isinstance(error, errors.Throttled):
        return {"Retry-After": str(max(1, math.ceil(error.retry_after)))}
    return {}


def field_errors(error: RequestValidationError) -> list[FieldError]:
    """Lists the errors of a request field by field, never what was sent."""
    return [
        FieldError(field=".".join(map(str, each["loc"])), message=f"{each['msg']}.", code=each["type"])
        for each in error.errors()
    ]


def request_id_of(request: Request) -> str:
    return str(request.scope.get("request_id", ""))


def _violations(error: PressroomError) -> list[FieldError]:
    found = error.violations if isinstance(error, errors.RulesBroken) else ()
    return [
        FieldError(field=each.where, message=each.message, code=each.code)
        for each in found
        if isinstance(each, Violation)
    ]


def _phrase(status: int) -> str:
    return RENAMED.get(status) or HTTPStatus(status).phrase


def _code(phrase: str) -> str:
    return phrase.upper().replace(" ", "_").replace("-", "_").replace("'", "")


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PressroomError)
    problem = of_error(error)
    if problem.status >= 500:
        _log.error("request.failed", code=error.code, reason=str(error))
    return answer(problem, request_id_of(request), headers_of(error))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return answer(of_status(error.status_code, error.detail), request_id_of(request), headers)


def _methods(request: Request) -> list[str]:
    """Lists the methods that the address takes, without the last route, the page for addresses that lead nowhere."""
    return [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes[:-1])
    ]


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = field_errors(error)
    detail = found[0].message if len(found) == 1 else f"{len(found)} things are wrong: `errors` names them."
    problem = of_status(422, detail, code="WRONG_INPUT", errors=found)
    return answer(problem, request_id_of(request))
