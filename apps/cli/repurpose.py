"""`pressroom repurpose`: documents made into drafts of every format, and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from apps.cli.options import AsJson, Estimate
from apps.cli.requests import Spelling, add_command
from apps.cli.running import run_and_show

if TYPE_CHECKING:
    from pressroom.model import RepurposeRequest

NONE = ("none",)

EXAMPLES = """
**Examples**

- `pressroom repurpose notes.md` writes it up in every format and draws a card for every platform.
- `pressroom repurpose https://example.com/post --format linkedin_post --format x_thread`
- `pressroom repurpose post.docx report.pdf --platform-images linkedin,instagram --tone "dry and exact"`
- `pressroom repurpose https://example.com/feed.xml` takes the newest entries of a feed, each as a document.
- `cat notes.txt | pressroom repurpose - --title "What we learned" --language de`
- `pressroom repurpose notes.md --platform-images none --json`
- `pressroom repurpose notes.md --estimate` shows what the texts would cost, a second reading included where it is set.

Nothing is in the drafts that the document does not say: what slips in is sent back, and quarantined if it stays.
The same words with the same wishes cost nothing a second time; `--refresh` writes the drafts again.
"""


def register(app: typer.Typer) -> None:
    spelling = Spelling(
        arguments={"sources": "SOURCE"},
        names={"platform_images": "--platform-images"},
        readers={"platform_images": _platforms},
        helps={
            "sources": "Addresses of pages or feeds, files, or - for standard input.",
            "platform_images": "A platform that gets a picture; default: those of the formats; `none`: no pictures.",
        },
    )
    add_command(app, "repurpose", repurpose, spelling, epilog=EXAMPLES)


def repurpose(request: RepurposeRequest, *, estimate: Estimate = False, as_json: AsJson = False) -> None:
    """Make documents into drafts of every format and pictures for every platform."""
    if estimate:
        from apps.cli.local import estimate_repurpose
        from apps.cli.preflight import check_files
        from apps.cli.show import show_estimate

        check_files(request.sources, are_all=not request.text.strip())
        show_estimate(estimate_repurpose(request), as_json=as_json)
        return
    run_and_show(request, as_json=as_json)


def _platforms(names: tuple[str, ...]) -> tuple[str, ...]:
    """The platforms named; empty for `none`. Raises WrongInput when one of them takes no pictures."""
    if names == NONE:
        return ()
    from pressroom.media.pictures.wanting import wanted

    wanted(names)
    return names
