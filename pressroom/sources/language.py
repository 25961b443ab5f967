"""In which language a document is, when it says so and when it does not, and when it is in several."""

from __future__ import annotations

from collections import Counter

from pressroom.model.documents import Document

SHORTEST = 40
"""Characters of a paragraph from which its language is asked."""
MOST_ASKED = 200
"""Paragraphs that are asked, spread over the document."""
ENOUGH = 400
"""Characters from which what was found counts against what was declared."""
MIXED = 0.2
"""Share of the text in another language from which a document is said to be mixed."""
CLEAR = 0.8
"""Share of the text from which it contradicts what was declared."""


def settled(document: Document) -> Document:
    """`document` with a language, and with a note where its text is in another or in several.

    Of a mixed text the language with the most of it counts; of any other the declared one does.
    """
    shares = _shares(document.text)
    if not shares:
        return document if document.language else document.model_copy(update={"language": "en"})
    first, *others = shares
    second = others[0] if others and shares[others[0]] >= MIXED else ""
    declared = document.language.partition("-")[0].lower()
    language, note = document.language or first, ""
    if second:
        language = document.language if declared == first else first
        note = f"Its text is in several languages: most of it in {first}, some in {second}."
    elif declared and declared != first and shares[first] >= CLEAR and len(document.text) >= ENOUGH:
        note = f"It is declared to be in {document.language}, and reads like {first}."
    notes = (*document.notes, note) if note else document.notes
    return document.model_copy(update={"language": language, "notes": notes})


def _shares(text: str) -> dict[str, float]:
    """Share of the text by language, largest first; empty when no paragraph is long enough to tell."""
    from py3langid import classify  # half a second with its model

    paragraphs = [part for part in text.split("\n\n") if len(part) >= SHORTEST] or [text]
    step = -(-len(paragraphs) // MOST_ASKED)
    found: Counter[str] = Counter()
    for paragraph in paragraphs[::step]:
        found[str(classify(paragraph[:2000])[0])] += len(paragraph)
    found.pop("und", None)
    total = found.total()
    return {language: count / total for language, count in found.most_common()} if total else {}
