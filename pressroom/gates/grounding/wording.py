"""Messages to a writer about statements that aren't in the document."""

from __future__ import annotations

from pressroom.gates.grounding.quotations import plain
from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Found
from pressroom.model import Part, Violation

LIMIT = "as in the document"
LONGEST = 100

_MESSAGES = {
    "number_not_in_source": "The document doesn't say “{}”: give the figure as the document does, or leave it out.",
    "date_not_in_source": "The document has no date “{}”: give the date as the document does, or leave it out.",
    "name_not_in_source": "The document doesn't name “{}”: use only names that are in the document.",
    "link_not_in_source": "The document doesn't link to “{}”: remove it, or use a link of the document.",
    "quotation_not_in_source": "The document doesn't say “{}” word for word: quote it exactly, or leave out the marks.",
    "negation_not_in_source": "“{}” turns the document round, which says “{}”: say it as the document does.",
    "direction_not_in_source": "“{}” is the opposite of the document, which says “{}”: say it as the document does.",
    "counted_not_in_source": "“{}”: the document gives this figure to something else (“{}”): keep the two together.",
    "speaker_not_in_source": "“{}” doesn't say this in the document, but {}: name the speaker that the document names.",
    "instruction_repeated": "A sentence in the document that is addressed to a model is no part of it: leave it out.",
}
_REFUSED = {
    "number_not_in_source": "a figure",
    "date_not_in_source": "a date",
    "name_not_in_source": "a name or hashtag",
    "link_not_in_source": "a link",
    "quotation_not_in_source": "a quotation",
}


def violation(found: Found, part: Part, source: Source) -> Violation:
    """The violation; its message shows no words of an instruction, as messages go back to a model as rules."""
    code, text = found.code, found.span.text
    said = plain(text)
    if code in _REFUSED and said and said in source.refused_text and said not in source.plain:
        message = f"Remove {_REFUSED[code]} that only text in the document addressed to a model asks for."
    else:
        message = _MESSAGES[code].format(_shown(text), _shown(found.said))
    return Violation(code=code, message=message, where=part.label, measured=text, limit=LIMIT)


def _shown(text: str) -> str:
    """On one line, not too long, and without the brackets that part data from rules in a prompt."""
    line = " ".join(text.split()).replace("<", "‹").replace(">", "›")
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()}…"
