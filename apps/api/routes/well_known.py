"""Public keys of this desk: any client can verify its access tokens with them."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from apps.desk.dependencies import DeskDep
from pressroom.people import keys

router = APIRouter(prefix="/.well-known", tags=["auth"])


class PublicKey(BaseModel):
    """An Ed25519 key (RFC 8037)."""

    kty: str = Field(examples=["OKP"])
    crv: str = Field(examples=["Ed25519"])
    x: str
    kid: str
    use: str = Field(examples=["sig"])
    alg: str = Field(examples=["EdDSA"])


class PublicKeys(BaseModel):
    """A JSON Web Key Set (RFC 7517)."""

    keys: list[PublicKey]


@router.get("/jwks.json")
def get_public_keys(desk: DeskDep, response: Response) -> PublicKeys:
    """Return the keys that verify access tokens. A new key appears before an old one disappears."""
    response.headers["Cache-Control"] = f"public, max-age={keys.LOOK.seconds}"
    return PublicKeys.model_validate(desk.keys.public_keys())
