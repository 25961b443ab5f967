"""Service tokens, with which programs sign in, each with the scopes it needs."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from apps.api.parameters import Id, Moment
from apps.api.routes.auth import NO_STORE
from apps.desk.dependencies import CallerDep, DbDep, requires
from pressroom.people import service_tokens
from pressroom.people.permissions import Action
from pressroom.people.service_tokens import EVERY_SCOPE, TokenView

router = APIRouter(prefix="/tokens", tags=["tokens"], dependencies=[requires(Action.MANAGE_WORKSPACE)])

AssistantScope = Literal["mcp:read", "mcp:write"]


class TokenWanted(BaseModel):
    name: str = Field(min_length=1, max_length=100, examples=["newsletter"])
    scopes: list[Action | AssistantScope] = Field(
        min_length=1,
        max_length=len(EVERY_SCOPE),
        description=f"Of these: {', '.join(EVERY_SCOPE)}.",
        examples=[["read"]],
    )
    expires_at: Moment | None = Field(default=None, description="Default: it stays until it is revoked.")


class TokenMade(TokenView):
    token: str = Field(description="Shown this once. Sent as `Authorization: Bearer ...`.")


@router.get("")
def list_tokens(database: DbDep, caller: CallerDep) -> list[TokenView]:
    """List the workspace's tokens that are not revoked, newest first."""
    return service_tokens.list_tokens(database, caller)


@router.post("", status_code=201)
def create_token(wanted: TokenWanted, response: Response, database: DbDep, caller: CallerDep) -> TokenMade:
    """Make a token for a program. It works in this workspace alone, and never approves content or manages people."""
    found, token = service_tokens.make(database, caller, wanted.name, wanted.scopes, expires_at=wanted.expires_at)
    response.headers.update(NO_STORE)
    return TokenMade(**found.model_dump(), token=token)


@router.delete("/{token_id}", status_code=204)
def revoke_token(token_id: Id, database: DbDep, caller: CallerDep) -> None:
    """Revoke a token, at once."""
    service_tokens.revoke(database, caller, token_id)
