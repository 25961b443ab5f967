"""Encryption with age (https://age-encryption.org): anyone may seal, only the holder of an identity may open.

The machine that makes backups needs public keys only. The format is that of the `age` program, which opens them too.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pressroom.errors import Misconfigured, StoreUnusable, WrongInput
from pressroom.userfiles import text_of

if TYPE_CHECKING:
    from pyrage import x25519

CHUNK = 1024 * 1024
_HINT = "Make a pair with `pressroom backup key FILE`; the public one begins with age1."


def new_key(file: Path) -> str:
    """Write a new identity to `file`, for its owner alone; its public key, to be set as a recipient.

    Raises:
        WrongInput: the file is there already, or can't be written.
    """
    from pyrage import x25519

    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        file.touch(0o600, exist_ok=False)
        file.write_text(f"# public key: {public}\n{identity}\n", "utf-8")
    except OSError as error:
        raise WrongInput(f"{file} can't be written: {error.strerror}.", hint="Choose another file.") from None
    return public


def seal(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Compress and encrypt `source` to `target`, for each of `recipients`.

    Raises:
        Misconfigured: there is no recipient, or one is no public key of age.
    """
    import pyrage

    packed = target.with_suffix(".gz")
    keys = [_recipient(each) for each in recipients]
    if not keys:
        raise Misconfigured("Backups have no recipient: PRESSROOM_BACKUP_RECIPIENTS is empty.", hint=_HINT)
    with source.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as small:
        shutil.copyfileobj(plain, small, CHUNK)
    try:
        pyrage.encrypt_file(str(packed), str(target), keys)
    finally:
        packed.unlink()


def open_sealed(source: Path, target: Path, identity: Path) -> None:
    """Decrypt and unpack `source` to `target`.

    Raises:
        Misconfigured: `identity` holds no key. StoreUnusable: the file is damaged, or sealed for other keys.
    """
    import pyrage

    packed = target.with_suffix(".gz")
    try:
        pyrage.decrypt_file(str(source), str(packed), [_identity(identity)])
        with gzip.open(packed, "rb") as small, target.open("wb") as plain:
            shutil.copyfileobj(small, plain, CHUNK)
    except (pyrage.DecryptError, OSError, EOFError) as error:
        raise StoreUnusable(
            f"The backup can't be opened: {error}.", hint="Use the identity of one of the recipients it was made for."
        ) from None
    finally:
        packed.unlink(missing_ok=True)


def hash_of(file: Path) -> str:
    """SHA-256, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _recipient(written: str) -> x25519.Recipient:
    from pyrage import RecipientError, x25519

    try:
        return x25519.Recipient.from_str(written.strip())
    except RecipientError:
        raise Misconfigured(f"{written!r} is no public key of age.", hint=_HINT) from None


def _identity(file: Path) -> x25519.Identity:
    from pyrage import IdentityError, x25519

    try:
        lines = [line.strip() for line in text_of(file).splitlines() if line.strip() and not line.startswith("#")]
        return x25519.Identity.from_str(lines[0])
    except (OSError, UnicodeDecodeError, IndexError, IdentityError):
        raise Misconfigured(
            f"{file} holds no identity of age.", hint="It has a line that begins with AGE-SECRET-KEY-1."
        ) from None
