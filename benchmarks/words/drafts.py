"""Drafts of every document in every format by the offline engine of the tree that it is run in, as JSON.

Run as a file in the root of any commit's tree: `python <path>/drafts.py <documents> > drafts.json`. It uses only what
the engine has offered since d3f5f0a: `OfflineText.complete`, called `send` later, and `formats.names`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path.cwd()))


def document_of(path: Path) -> dict[str, Any]:
    """`<language>_<kind>_<number>.txt`: the title, a line with the author, a blank line, the text."""
    head, _, text = path.read_text("utf-8").strip().partition("\n\n")
    title, _, by = head.partition("\n")
    author = by.removeprefix("by:").strip()
    return {
        "title": title,
        "author": author,
        "text": text,
        "language": path.stem[:2],
        "address": "https://example.com/a",
    }


def made(folder: Path) -> dict[str, dict[str, Any]]:
    """By document and format: the body's fields; or the error's name. `seconds`: what the whole took, a draft."""
    from pressroom import formats
    from pressroom.errors import PressroomError
    from pressroom.model import Assignment, Excerpt, Idea, Preferences, TextRequest
    from pressroom.providers.offline.engine import OfflineText

    account: Any = None  # the engine asks nothing of it
    engine, drafts = OfflineText(account), dict[str, dict[str, Any]]()
    ask = getattr(engine, "send", None) or engine.complete
    began, count = time.process_time(), 0
    for path in sorted(folder.glob("*.txt")):
        fields = document_of(path)
        idea = Idea(title=fields["title"], description=fields["text"][:200], category="document")
        for name in formats.names():
            assignment = Assignment(
                idea=idea,
                format=name,
                preferences=Preferences(language=fields["language"]),
                document=Excerpt(**fields),
            )
            request = TextRequest(
                purpose="draft",
                system="",
                prompt="",
                schema=formats.get(name).body,
                temperature=0.0,
                max_output_tokens=1,
                inputs=assignment.model_dump(mode="json"),
            )
            try:
                drafts.setdefault(path.stem, {})[name] = json.loads(ask(request).text)
                count += 1
            except PressroomError as error:
                drafts.setdefault(path.stem, {})[name] = {"error": f"{type(error).__name__}: {error}"}
    drafts["seconds"] = {"a draft": (time.process_time() - began) / max(count, 1)}
    return drafts


if __name__ == "__main__":
    print(json.dumps(made(Path(sys.argv[1])), ensure_ascii=False, indent=1))
