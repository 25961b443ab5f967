"""Passwords: what may be one, how it is kept (bcrypt), and checking one in a time that tells nothing."""

from __future__ import annotations

import base64
import hashlib
import secrets
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

import bcrypt

from pressroom.errors import WrongInput
from pressroom.settings import settings

SHORTEST, LONGEST = 12, 1000
FEWEST_DIFFERENT = 5
MANY_DIGITS = 20
"""So many that they may be random."""

_SALT = b"abcdefghijklmnopqrstuu"
"""A salt for the hash that is computed only to take the time of a comparison."""


def hash_password(plain: str) -> str:
    """The bcrypt hash to store for a password, at cost PRESSROOM_PASSWORD_ROUNDS."""
    return bcrypt.hashpw(_digest(plain), bcrypt.gensalt(settings().password_rounds)).decode()


def verify(plain: str, hashed: str) -> bool:
    """True when `plain` is the password of `hashed`. With an empty `hashed` (no account) False, after the same work."""
    if len(plain) > LONGEST:
        plain = ""
    if not hashed:
        bcrypt.hashpw(_digest(plain), b"$2b$%02d$%s" % (settings().password_rounds, _SALT))
        return False
    return bcrypt.checkpw(_digest(plain), hashed.encode())


def is_outdated(hashed: str) -> bool:
    """True when the hash has another cost than the settings."""
    return int(hashed.split("$")[2]) != settings().password_rounds


def generate() -> str:
    """A password that the user will change: 120 random bits."""
    return secrets.token_urlsafe(15)


def check_strength(plain: str, email: str) -> None:
    """Raises `WrongInput`, saying what to do, when `plain` is too easily guessed to be a password."""
    if problem := _weakness(plain, email):
        raise WrongInput(f"The password {problem}.", hint=f"Take {SHORTEST} characters or more: four words will do.")


def _weakness(plain: str, email: str) -> str:
    """The reason why a password is too weak, or "". It must be long and hard to guess; any characters will do."""
    folded = unicodedata.normalize("NFKC", plain).casefold()
    if len(folded) < SHORTEST:
        return f"has fewer than {SHORTEST} characters"
    if len(plain) > LONGEST:
        return f"has more than {LONGEST} characters"
    if len(set(folded)) < FEWEST_DIFFERENT:
        return "is the same few characters over and over"
    if _is_made_of(folded, _common()):
        return "is among the first that are guessed"
    local, _, domain = email.casefold().partition("@")
    if folded in email.casefold() or _is_made_of(folded, (email.casefold(), local, domain)):
        return "is the e-mail address, or little more"
    return ""


def _is_made_of(folded: str, words: tuple[str, ...]) -> bool:
    """True when little but digits and signs is left without `words`."""
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 2:
            folded = folded.replace(word, "")
    letters = sum(character.isalpha() for character in folded)
    return letters < FEWEST_DIFFERENT and len(folded) - letters < MANY_DIGITS


@cache
def _common() -> tuple[str, ...]:
    """Words that guessing begins with, their usual disguises taken off."""
    table = tomllib.loads(files("pressroom.people").joinpath("passwords.toml").read_text("utf-8"))
    return tuple(table["words"] + table["runs"])


def _digest(plain: str) -> bytes:
    """44 characters without a zero byte: bcrypt takes at most 72, and stops at a zero."""
    return base64.b64encode(
        hashlib.sha256(unicodedata.normalize("NFKC", plain).encode(errors="surrogatepass")).digest()
    )
