"""The bytes of local files and of standard input, within the same limit as fetched ones."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from pressroom.errors import SourceForbidden
from pressroom.sources.fetching.bodies import too_large
from pressroom.sources.shared.declare import Content
from pressroom.userfiles import check_kind, not_found

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
        check_kind(source, status.st_mode)
        if status.st_size > size:
            raise too_large(source, size)
        with path.open("rb") as file:
            data = file.read(size + 1)
    except PermissionError as error:
        raise SourceForbidden(f"{source} may not be read.", hint="Change its permissions, or copy it.") from error
    except (OSError, ValueError, RuntimeError) as error:  # a NUL or half a surrogate pair; a home nobody has
        raise not_found(source) from error
    if len(data) > size:
        raise too_large(source, size)
    return Content(data=data, source=source)


def read_stdin(stdin: Callable[[], bytes] | None, *, size: int) -> Content:
    """Reads standard input, or what `stdin` returns. Raises SourceTooLarge."""
    data = stdin() if stdin else sys.stdin.buffer.read(size + 1)
    if len(data) > size:
        raise too_large("What came on standard input", size)
    return Content(data=data, source="-")
