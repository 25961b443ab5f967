"""How a brief speaks: dates, amounts, states and sentences, the same in every file."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pressroom import platforms
from pressroom.model import Brief, BriefDraft, BriefIdea, BriefPicture, RunStatus, State

# Not strftime: its names follow the machine's locale, and the same brief must give the same bytes.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

STATUSES = {
    RunStatus.RUNNING: "Still running",
    RunStatus.COMPLETED: "Completed",
    RunStatus.PARTIAL: "Partly completed",
    RunStatus.FAILED: "Failed",
    RunStatus.CANCELLED: "Cancelled",
}
TRIGGERS = {"scheduled": "on schedule", "manual": "by hand", "api": "through the API"}
OFFLINE = "Made without a model"
DRAWN = "Drawn without a model"


def one_line(text: str) -> str:
    return " ".join(text.split())


def day_in_words(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment(at: datetime) -> str:
    """To the minute, in UTC; a time without a zone is taken to be UTC, as everywhere in the store."""
    known = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return f"{known.year:04}-{known.month:02}-{known.day:02} {known.hour:02}:{known.minute:02} UTC"


def money(dollars: float) -> str:
    """Cents, and a tenth of one where that is all there is: `$12.40`, `$0.0316`."""
    return f"${dollars:,.2f}" if dollars == 0 or dollars >= 1 else f"${dollars:.4f}"


def duration(seconds: float) -> str:
    """`8.4 s`, `2 min 14 s`, `1 h 3 min`."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def amount(number: int, one: str, many: str = "") -> str:
    """`1 word`, `2,140 words`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def platform_name(platform: str) -> str:
    return platforms.title(platform)


def subject(brief: Brief) -> str:
    """The word for a subject of drafts: `idea` or `document`."""
    return "document" if any(idea.source and not idea.opportunity for idea in brief.ideas) else "idea"


def picture_name(picture: BriefPicture) -> str:
    return platform_name(picture.purpose)


def is_flagged(draft: BriefDraft) -> bool:
    """True when moderation has findings and no person has decided about them yet."""
    return bool(draft.findings) and draft.state in {State.GENERATED, State.EDITED}


def kind(draft: BriefDraft) -> str:
    """The one group a draft is counted in: `passed`, `flagged`, `quarantined` or `rejected`."""
    if draft.state in {State.QUARANTINED, State.REJECTED}:
        return draft.state.value
    return "flagged" if is_flagged(draft) else "passed"


def state_words(draft: BriefDraft) -> str:
    """`passed`, `flagged`, `quarantined`, or how far review has taken it."""
    known = "passed" if draft.state is State.GENERATED else draft.state.value
    if not is_flagged(draft):
        return known
    return "flagged" if draft.state is State.GENERATED else f"{known}, flagged"


def counts(brief: Brief) -> dict[str, int]:
    """The number of drafts of each kind, in reading order; `failed` counts the drafts that could not be made."""
    found = [kind(draft) for idea in brief.ideas for draft in idea.drafts]
    shown = {name: found.count(name) for name in ("passed", "flagged", "quarantined", "rejected")}
    return {**shown, "failed": len(brief.failures)}


def headline(brief: Brief) -> str:
    """The most important facts for a person, as one sentence."""
    number = counts(brief)
    pieces = [
        f"{number['passed']:,} passed" if number["passed"] else "",
        f"{number['flagged']:,} flagged for a person" if number["flagged"] else "",
        f"{number['quarantined']:,} quarantined" if number["quarantined"] else "",
        f"{number['rejected']:,} rejected" if number["rejected"] else "",
        f"{number['failed']:,} not made" if number["failed"] else "",
    ]
    said = ", ".join(filter(None, pieces))
    drafts = sum(number.values()) - number["failed"]
    start = f"{amount(len(brief.ideas), subject(brief))}, {amount(drafts, 'draft')}"
    return f"{start}: {said}." if said else f"{start}."


def tally(idea: BriefIdea, missing: int) -> str:
    """The content of an idea that is folded away: `9 drafts, 2 need a person`."""
    bad = missing + sum(kind(draft) in {"quarantined", "flagged"} for draft in idea.drafts)
    drafts = amount(len(idea.drafts), "draft")
    return f"{drafts}, {bad:,} {'needs' if bad == 1 else 'need'} a person" if bad else drafts


def nothing_yet(brief: Brief) -> str:
    """Why there is no idea to show."""
    if brief.status is RunStatus.RUNNING:
        return "The run is still at work; no idea has been kept so far."
    if brief.status is RunStatus.FAILED:
        return "The run failed before any idea was kept."
    return "The run kept no idea."


def lineage(draft: BriefDraft) -> str:
    """The draft's author: `anthropic, claude-opus-4, asked 2 times`."""
    times = "asked once" if draft.asked == 1 else f"asked {draft.asked:,} times"
    return ", ".join(filter(None, (one_line(draft.provider), one_line(draft.model), times)))


def opening(draft: BriefDraft, most: int = 100) -> str:
    """The first line that says something, cut at `most` characters."""
    lines = (one_line(line) for part in draft.parts for line in part.text.splitlines())
    first = next(filter(None, lines), "")
    return first if len(first) <= most else first[: most - 1].rstrip() + "…"
