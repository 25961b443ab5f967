"""Facts that a program put into a file, as against its author: defaults of templates, of accounts, of clocks."""

from __future__ import annotations

import datetime as dt
import re

from pressroom.sources.readers.shared.facts import date_of, name_of

_NO_TITLE = re.compile(
    r"(?:(?:untitled|unnamed|unbenannt|unspecified|ohne titel|sans titre|senza titolo|s[ie][nm] t[ií]tulo|无标题)"
    r"(?:\s*(?:document|dokument|\d+))*"
    r"|(?:document|dokument|documento|doc|presentation|präsentation|slide|folie|layout|print|scan|page)\s*\(?\d*\)?"
    r"|(?:word|pdf|powerpoint|html)[ -](?:document|dokument|presentation|präsentation)|html-to-docx|none|title|titel"
    r"|microsoft (?:word|powerpoint|excel) - .*"
    r"|\S.*\.(?:docx?|docm|pdf|indd|tex|dvi|odt|rtf|txt|pptx?|qxd|pages|html?|cdr|ai|eps)"
    r"|(?:[a-z]:|\\|/|file:).*[\\/].*)",
    re.I | re.S,
)
_NO_AUTHOR = re.compile(
    r"python-docx|html-to-docx|apache poi|docx4j|aspose.*|un-?named|unknown(?: creator)?|\(?anonymous\)?|unspecified"
    r"|(?:microsoft )?office[ -]?(?:user|benutzer)|(?:windows|microsoft)[ -](?:user|benutzer)"
    r"|utilisateur (?:windows|microsoft)|admin(?:istrator|istrateur|istrador)?|users?|owner|author|autor|auteur"
    r"|default|root|me|pc|hp|dell|asus|lenovo|acer"
    r"|pandoc|latex|word|microsoft|libreoffice|reportlab.*|docx|none|null|\S+@localhost",
    re.I,
)
_TEMPLATES = frozenset({dt.datetime(2013, 12, 23, 23, 15), dt.datetime(2006, 9, 16)})
"""When the empty documents were made that python-docx and Office begin with."""
_CLOCKS = frozenset({(1601, 1, 1), (1899, 12, 30), (1899, 12, 31), (1904, 1, 1), (1970, 1, 1), (1980, 1, 1)})
"""First days of calendars: a clock that was never set, or a build made to be the same each time."""
_MIDNIGHTS = frozenset({dt.datetime(2000, 1, 1), dt.datetime(2001, 1, 1)})


def title_of(value: object) -> str:
    """`value` as a title; empty when a program gave it: `Word Document`, `Untitled-1`, `report.indd`."""
    title = name_of(value)
    return "" if _NO_TITLE.fullmatch(title) else title


def author_of(value: object) -> str:
    """`value` as an author's name; empty when it is a program's or an account's: `python-docx`, `Admin`."""
    author = name_of(value)
    return "" if _NO_AUTHOR.fullmatch(author) else author


def day_of(*values: object) -> dt.date | None:
    """The first of `values` (moments, or texts in ISO form) that says when a person worked on the file."""
    for value in values:
        moment = _moment(value)
        day = date_of(moment or value)
        if day is None or day > dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1):
            continue
        naive = moment.replace(tzinfo=None, microsecond=0) if moment else None
        if naive not in _TEMPLATES | _MIDNIGHTS and (day.year, day.month, day.day) not in _CLOCKS:
            return day
    return None


def _moment(value: object) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    try:
        return dt.datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
