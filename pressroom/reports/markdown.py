"""`brief.md`: the brief for a terminal, GitHub and Prefect's UI. Plain Markdown, no HTML in it."""

from __future__ import annotations

from collections.abc import Iterator

from pressroom.model import Brief, BriefDraft, BriefIdea, BriefPicture
from pressroom.reports import words
from pressroom.reports.attention import Concern, concerns, failures, reasons
from pressroom.reports.escape import inline, quote
from pressroom.reports.links import address
from pressroom.reports.summary import KINDS, facts


def to_markdown(brief: Brief, base: str = "") -> str:
    """The page. `base`: address of the brief's folder, where links should not be relative to the page."""
    blocks = [*_head(brief), *_attention(brief)]
    missing = failures(brief)
    for number, idea in enumerate(brief.ideas, start=1):
        blocks += _idea(idea, missing.get(idea.position, ()), number, base)
    if not brief.ideas:
        blocks += ["## Ideas", words.nothing_yet(brief)]
    blocks += [f"Files: {_link('page', 'brief.html', base)}, {_link('data', 'brief.json', base)}."]
    return "\n\n".join(blocks) + "\n"


def _head(brief: Brief) -> Iterator[str]:
    yield f"# {words.day_in_words(brief.day)}"
    yield f"**{inline(brief.workspace)}: {words.STATUSES[brief.status].lower()}.** {words.headline(brief)}"
    yield _table([(name, inline(value)) for name, value in facts(brief)])
    if brief.gate:
        docs = brief.gate.docs and address(brief.gate.docs)
        failed = [f"- {inline(sentence)}" for sentence in brief.gate.failed]
        told = ["**The batch check found:**", "\n".join(failed)] if failed else []
        yield from [*told, *([f"[Data Docs]({docs})"] if docs else [])]


def _table(rows: list[tuple[str, str]]) -> str:
    """Padded, so that it is a table in a terminal too."""
    left, right = (max(len(row[side]) for row in rows) for side in (0, 1))
    lines = [f"| {name:<{left}} | {value:<{right}} |" for name, value in [("Item", "Value"), *rows]]
    return "\n".join([lines[0], f"|{'-' * (left + 2)}|{'-' * (right + 2)}|", *lines[1:]])


def _attention(brief: Brief) -> Iterator[str]:
    found = concerns(brief)
    if found:
        yield "## Needs a person"
        yield "\n".join(_concern(concern) for concern in found)


def _concern(concern: Concern) -> str:
    said = inline(" ".join(concern.reasons)) or "No reason was given."
    return f"- **{KINDS[concern.kind]}**: {inline(concern.idea)}, {inline(concern.format)}. {said}"


def _idea(idea: BriefIdea, missing: tuple[Concern, ...], number: int, base: str) -> Iterator[str]:
    yield f"## {number}. {inline(idea.title)}"
    if idea.category.strip():
        yield f"*Category:* {inline(idea.category)}"
    if idea.description.strip():
        yield inline(idea.description)
    if idea.opportunity:
        yield inline(idea.opportunity)
    if idea.source:
        yield f"From {inline(idea.source)}"
    if idea.notes:
        yield "\n".join(f"- {inline(note)}" for note in idea.notes)
    for picture in idea.pictures:
        yield _picture(picture, base)
    for draft in idea.drafts:
        yield from _draft(draft, base)
    for concern in missing:
        yield f"### {inline(concern.format)}: not made"
        yield inline(" ".join(concern.reasons))
    if not idea.drafts and not missing:
        yield "No draft was made from this idea."


def _picture(picture: BriefPicture, base: str) -> str:
    size, drawn = f"{picture.width} x {picture.height}", f", {words.DRAWN.lower()}" if picture.made_offline else ""
    told = f"{inline(words.picture_name(picture))}, {size}{drawn}: {_link('picture', picture.file, base)}."
    return " ".join([told, inline(picture.alt_text), *map(inline, picture.notes)])


def _draft(draft: BriefDraft, base: str) -> Iterator[str]:
    yield f"### {inline(draft.format_title)}: {words.state_words(draft)}"
    if draft.made_offline:
        yield f"**{words.OFFLINE}.**"
    why = reasons(draft)
    if why:
        yield f"**{_why(draft)}:**"
        yield "\n".join(f"- {inline(reason)}" for reason in why)
    for part in draft.parts:
        if len(draft.parts) > 1:
            yield f"**{inline(part.label) or 'Part'}**"
        yield quote(part.text) or "*This part is empty.*"
    size = f"{words.amount(draft.words, 'word')}, {words.amount(draft.characters, 'character')}"
    platform = inline(words.platform_name(draft.platform))
    yield f"{platform}, {size}. Written by {inline(words.lineage(draft))}. {_link('Text file', draft.file, base)}"


def _why(draft: BriefDraft) -> str:
    return {"quarantined": "Quarantined because", "flagged": "Flagged because"}.get(words.kind(draft), "Noted")


def _link(label: str, file: str, base: str) -> str:
    target = address(file, base)
    return f"[{label}]({target})" if target else f"{label}: {inline(file)}"
