"""The bytes of local files and of standard input, within the same limit as fetched ones."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

from pressroom.errors import SourceForbidden, SourceNotFound, SourceUnreadable
from pressroom.sources.fetching.bodies import too_large
from pressroom.sources.shared.declare import Content

FILES_HINT = "Runs that an API starts read files of their machine only with PRESSROOM_LOCAL_FILES=true there."


def read_file(source: str, *, size: int) -> Content:
    """The file at the path `source`, `~` expanded.

    Raises:
        SourceNotFound: no such file. SourceForbidden: it may not be read. SourceTooLarge: more than `size` bytes.
        SourceUnreadable: a folder, a device, a pipe.
    """
    try:
        path = Path(source).expanduser()
        status = path.stat()
        _check_kind(source, status.st_mode)
        if status.st_size > size:
            raise too_large(source, size)
        with path.open("rb") as file:
            data = file.read(size + 1)
    except PermissionError as error:
        raise SourceForbidden(f"{source} may not be read.", hint="Change its permissions, or copy it.") from error
    except (OSError, ValueError, RuntimeError) as error:  # a NUL or half a surrogate pair; a home nobody has
        raise _not_found(source) from error
    if len(data) > size:
        raise too_large(source, size)
    return Content(data=data, source=source)


def read_stdin(stdin: Callable[[], bytes] | None, *, size: int) -> Content:
    """Reads standard input, or what `stdin` returns. Raises SourceTooLarge."""
    data = stdin() if stdin else sys.stdin.buffer.read(size + 1)
    if len(data) > size:
        raise too_large("What came on standard input", size)
    return Content(data=data, source="-")


def _check_kind(source: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise SourceUnreadable(f"{source} is a folder.", hint="Name the files in it, one by one.")
    if not stat.S_ISREG(mode):
        raise SourceUnreadable(f"{source} is a device or a pipe.", hint="Name a file, or use - for standard input.")


def _not_found(source: str) -> SourceNotFound:
    looks_like_address = "." in source.partition("/")[0] and not source.startswith(".") and "/" in source
    hint = f"For a web address write https://{source}." if looks_like_address else "Check the path."
    return SourceNotFound(f"There is no file {source!r}.", hint=hint)
