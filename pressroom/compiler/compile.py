"""All files of a brief, by their names."""

from __future__ import annotations

from pressroom.compiler import html, json, markdown, text
from pressroom.compiler.names import check_file_name
from pressroom.errors import WrongInput
from pressroom.model import Brief


def compile_brief(brief: Brief) -> dict[str, bytes]:
    """Relative name -> content: `brief.md`, `brief.html`, `brief.json` and each draft's own file.

    Raises:
        WrongInput: a draft's file name leaves the brief's folder, or two files would share one name.
    """
    texts = {
        "brief.md": markdown.to_markdown(brief),
        "brief.html": html.to_html(brief),
        "brief.json": json.to_json(brief),
    }
    taken = set(texts)
    for draft in (draft for idea in brief.ideas for draft in idea.drafts):
        check_file_name(draft.file)
        # Compared without case: on macOS and Windows the second file would overwrite the first.
        if draft.file.lower() in taken:
            raise WrongInput(f"Two files of the brief are called {draft.file!r}.", hint="Give each its own name.")
        taken.add(draft.file.lower())
        texts[draft.file] = text.to_text(draft)
    return {name: _encode(content) for name, content in texts.items()}


def _encode(content: str) -> bytes:
    # Half a surrogate pair is no character and has no UTF-8: a model's cut-off emoji must not cost the brief.
    return content.encode("utf-8", errors="replace")
