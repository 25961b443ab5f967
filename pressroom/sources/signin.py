"""Pages that ask for a sign-in instead of showing what is behind it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pressroom.errors import SourceNeedsLogin
from pressroom.sources.fetching import shown
from pressroom.sources.shared.declare import Content

_PASSWORD = re.compile(rb"<input\b[^>]{0,500}?\btype\s*=\s*[\"']?password", re.I)
_STEP = re.compile(r"(?:log|sign)[-_]?(?:in|on)|sso|saml2?|oauth2?|authwall|wp-login|openid-connect", re.I)
_HOST = re.compile(r"(?:log-?in|sign-?in|sso|accounts|auth|idp)\.", re.I)


def needed(content: Content) -> SourceNeedsLogin:
    name = shown(content.source)
    return SourceNeedsLogin(f"{name} asks for a sign-in.", hint="Save the page while signed in, and give the file.")


def has_password_field(content: Content) -> bool:
    return _PASSWORD.search(content.data) is not None


def is_sign_in(content: Content) -> bool:
    """True when a web address led to a sign-in page: it was redirected to one, or says so and has the form."""
    if content.address is None or not _is_step(content.address):
        return False
    return has_password_field(content) or not _is_step(content.source)


def _is_step(address: str) -> bool:
    """True when the words of an address name a sign-in: `/login`, `/users/sign_in.php`, `https://sso....`."""
    parts = urlsplit(address)
    steps = (step.partition(".")[0] for step in parts.path.split("/"))
    return _HOST.match(parts.netloc) is not None or any(_STEP.fullmatch(step) for step in steps)
