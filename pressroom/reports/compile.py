"""All files of a brief, by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import chain

from pressroom.errors import WrongInput
from pressroom.model import Brief, BriefDraft
from pressroom.reports import html, json, markdown, text
from pressroom.reports.names import check_file_name

_WHOLE: dict[str, Callable[[Brief], Iterable[str]]] = {
    "brief.md": lambda brief: [markdown.to_markdown(brief)],
    "brief.html": html.pieces_of,
    "brief.json": json.pieces_of,
}


def compile_brief(brief: Brief) -> Iterator[tuple[str, bytes]]:
    """Relative names and contents: `brief.md`, `brief.html`, `brief.json` and each draft's own file.

    Each is made when it is asked for, so that not all of a large run's are held at once.

    Raises:
        WrongInput: before the first file, when a draft's file name leaves the brief's folder or two would share one.
    """
    drafts = [draft for idea in brief.ideas for draft in idea.drafts]
    _check_names(drafts)
    whole = ((name, _encode(write(brief))) for name, write in _WHOLE.items())
    return chain(whole, ((draft.file, _encode([text.to_text(draft)])) for draft in drafts))


def _check_names(drafts: Iterable[BriefDraft]) -> None:
    taken = set(_WHOLE)
    for draft in drafts:
        check_file_name(draft.file)
        # Compared without case: on macOS and Windows the second file would overwrite the first.
        if draft.file.lower() in taken:
            raise WrongInput(f"Two files of the brief are called {draft.file!r}.", hint="Give each its own name.")
        taken.add(draft.file.lower())


def _encode(pieces: Iterable[str]) -> bytes:
    """A large run's page takes twice its bytes as one text, and more than that as a list of pieces."""
    encoded = BytesIO()
    for piece in pieces:
        # Half a surrogate pair is no character and has no UTF-8: a model's cut-off emoji must not cost the brief.
        encoded.write(piece.encode("utf-8", errors="replace"))
    return encoded.getvalue()
