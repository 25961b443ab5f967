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
"""Of the hash that is computed when there is none to compare with."""


def hash_password(plain: str) -> str:
    """What is kept of a password: bcrypt at PRESSROOM_PASSWORD_ROUNDS."""
    return bcrypt.hashpw(_digest(plain), bcrypt.gensalt(settings().password_rounds)).decode()


def verify(plain: str, hashed: str) -> bool:
    """Whether `plain` is the password of `hashed`. An empty `hashed`, nobody's, costs as much and is never right."""
    if len(plain) > LONGEST:
        plain = ""
    if not hashed:
        bcrypt.hashpw(_digest(plain), b"$2b$%02d$%s" % (settings().password_rounds, _SALT))
        return False
    return bcrypt.checkpw(_digest(plain), hashed.encode())


def is_outdated(hashed: str) -> bool:
    """Whether it was hashed at another cost than is set now."""
    return int(hashed.split("$")[2]) != settings().password_rounds


def generate() -> str:
    """A password for somebody who will change it: 120 random bits."""
    return secrets.token_urlsafe(15)


def check_strength(plain: str, email: str) -> None:
    """Raises `WrongInput`, saying what to do, when `plain` is too easily guessed to be a password."""
    if problem := _weakness(plain, email):
        raise WrongInput(f"The password {problem}.", hint=f"Take {SHORTEST} characters or more: four words will do.")


def _weakness(plain: str, email: str) -> str:
    """What is wrong with it. Length counts, and not being guessed first; no kinds of characters are asked for."""
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
    """Whether hardly anything but digits and signs is left once `words` are taken away."""
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
