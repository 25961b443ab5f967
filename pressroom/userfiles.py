"""Files of users: whether one is there, and its text, with whatever mark of its encoding an editor has put first."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pressroom.errors import SourceEmpty, SourceForbidden, SourceNotFound, SourceUnreadable

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def text_of(file: Path) -> str:
    """The file's text in UTF-8, or in UTF-16 where it begins with its mark; without the mark, lines end in `\\n`.

    Raises:
        OSError: the file can't be read. UnicodeDecodeError: it isn't text in these encodings.
    """
    data = file.read_bytes()
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lines(data[len(mark) :].decode(encoding))
    return _lines(data.decode("utf-8"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def check_file(source: str) -> None:
    """Check, without reading it, that `source` is a file with something in it.

    Raises:
        SourceNotFound: no such file. SourceForbidden: it may not be read. SourceEmpty. SourceUnreadable: a folder, a
        device, a pipe.
    """
    try:
        path = Path(source).expanduser()
        status = path.stat()
        check_kind(source, status.st_mode)
        path.open("rb").close()
    except PermissionError as error:
        raise SourceForbidden(f"{source} may not be read.", hint="Change its permissions, or copy it.") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise not_found(source) from error
    if not status.st_size:
        raise SourceEmpty(f"{source} is empty.", hint="Name a file with something in it.")


def check_kind(source: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise SourceUnreadable(f"{source} is a folder.", hint="Name the files in it, one by one.")
    if not stat.S_ISREG(mode):
        raise SourceUnreadable(f"{source} is a device or a pipe.", hint="Name a file, or use - for standard input.")


def not_found(source: str) -> SourceNotFound:
    looks_like_address = "." in source.partition("/")[0] and not source.startswith(".") and "/" in source
    hint = f"For a web address write https://{source}." if looks_like_address else "Check the path."
    return SourceNotFound(f"There is no file {source!r}.", hint=hint)


def mistakes(found: Iterable[Mapping[str, Any]], known: Iterable[str]) -> str:
    """Sentences on the mistakes that pydantic found in a user's file, in a user's words. known: keys it may have."""
    return "; ".join(_mistake(each, list(known)) for each in found)


def _mistake(each: Mapping[str, Any], known: list[str]) -> str:
    key = ".".join(map(str, each["loc"]))
    if each["type"] == "extra_forbidden":
        return f"unknown key {key!r}{did_you_mean(key, known)}"
    return f"{key} is missing" if each["type"] == "missing" else f"{key}: {reason_of(each)}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`, did you mean 'name'?`; empty where nothing is near."""
    near = get_close_matches(name, list(known), 1)
    return f", did you mean {near[0]!r}?" if near else ""


def reason_of(each: Mapping[str, Any]) -> str:
    """The mistake in one value, without the names of Python's types."""
    limits, kind = each.get("ctx", {}), each["type"]
    if kind in _NOT_A:
        return f"{each['input']!r} is not {_NOT_A[kind]}"
    for word, name in (("at least", "ge"), ("more than", "gt"), ("at most", "le"), ("less than", "lt")):
        if name in limits:
            return f"{each['input']} must be {word} {limits[name]:g}"
    return str(each["msg"]).removeprefix("Value error, ").replace("Input should be", "it should be")


_NOT_A = {
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_parsing", "float_type"), "a number"),
    **dict.fromkeys(("bool_parsing", "bool_type"), "true or false"),
    "string_type": "a text",
    **dict.fromkeys(("tuple_type", "list_type"), "a list"),
}
