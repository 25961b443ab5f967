"""A demo account lets a user try the review desk: made only on request, with a random password."""

from __future__ import annotations

import secrets

from pressroom.errors import AlreadyThere
from pressroom.people import operators
from pressroom.settings import settings
from pressroom.store.database import Database

EMAIL = "demo@example.com"


def account() -> str:
    """A sentence that says how to sign in; the account is made when it is not there."""
    database, password = Database.from_settings(), secrets.token_urlsafe(12)
    try:
        operators.create_user(database, EMAIL, password, workspace=settings().workspace, name="Demo")
    except AlreadyThere:
        return f"Demo account: {EMAIL}, made before. `pressroom admin set-password {EMAIL}` gives it a new password."
    finally:
        database.close()
    return f"Demo account: {EMAIL}, password {password}"
