"""Briefs to compile: a realistic morning, its sad siblings, and a very large one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from pressroom.model import (
    Brief,
    BriefDraft,
    BriefIdea,
    Failure,
    Finding,
    GateVerdict,
    Part,
    RunStatus,
    State,
    Totals,
    Violation,
)
from pressroom.platforms import counting
from pressroom.reports.names import draft_file_name

TITLES = {
    "linkedin_post": ("LinkedIn post", "linkedin"),
    "x_thread": ("X thread", "x"),
    "instagram_reel": ("Instagram reel", "instagram"),
    "facebook_post": ("Facebook post", "facebook"),
    "instagram_caption": ("Instagram caption", "instagram"),
    "tiktok_script": ("TikTok script", "tiktok"),
    "youtube_short": ("YouTube short", "youtube"),
    "youtube_video": ("YouTube video", "youtube"),
    "pinterest_pin": ("Pinterest pin", "pinterest"),
}

IDEAS = (
    (
        "The night shift knows your data best",
        "Operators see the failures that dashboards average away. Three questions to ask them before the next "
        "modernisation plan is drawn.",
        "digital transformation",
    ),
    (
        "Small models, close to the machine",
        "Inspection on the line no longer needs a data centre. What a four-watt board can judge by itself, and what "
        "it should still ask about.",
        "technology",
    ),
    (
        "A migration nobody noticed",
        "How a regional insurer moved 212 nightly jobs in eleven months without a weekend of downtime, by running old "
        "and new side by side.",
        "digital transformation",
    ),
    (
        "What a pilot should be able to lose",
        "Pilots that cannot fail teach nothing. A way of writing down, before the start, which result would end it.",
        "innovation",
    ),
    (
        "Contracts between teams that share tables",
        "Breaking changes arrive on Mondays. A one-page agreement about columns, freshness and owners costs less than "
        "one of them.",
        "technology",
    ),
)

HOOKS = (
    "Your best map of the old system works from ten at night to six in the morning.",
    "The camera above the belt stopped calling home, and the reject rate fell.",
    "Nobody sent an e-mail about the migration. That was the plan.",
    "Write down the number that would make you stop. Then start.",
    "Somebody renamed a column on Friday. On Monday four teams found out.",
)
PARAGRAPHS = (
    "Ask the people who run the work what they dread. Their answers name the three jobs that fail on the last day of "
    "the month, and the one spreadsheet that everybody depends on but nobody has ever been asked to look after.",
    "Move the dreaded piece first, and only that one. A small replacement that runs beside the old one for four weeks, "
    "with both results compared every morning, teaches a team more than a year of planning. It also gives people who "
    "have to sign for the change something better than a slide: thirty mornings on which both agreed.",
    "Write down what was switched off. Each retired script and server is money and attention that comes back every "
    "month, and a visible list of things that are gone keeps the people who pay for the rest patient.",
    "Start this week with one conversation and one job. Which one would your own night shift like to see go first?",
)


def linkedin(hook: str) -> tuple[Part, ...]:
    text = "\n\n".join([hook, *PARAGRAPHS, "#dataengineering #modernisation #leadership"])
    return (Part(label="Post", text=text),)


def thread(hook: str) -> tuple[Part, ...]:
    posts = (
        hook,
        "Ask the people who run it what they dread. You get the three jobs that fail on the last of the month, and the "
        "spreadsheet everybody depends on.",
        "Move that piece first. Run old and new side by side for four weeks and compare every morning. "
        "https://example.com/side-by-side",
        "Then write down what you switched off, and show the list. #dataengineering",
    )
    return tuple(Part(label=f"Post {place}", text=text) for place, text in enumerate(posts, start=1))


def reel(hook: str) -> tuple[Part, ...]:
    return (
        Part(label="Hook", text=hook),
        Part(
            label="Value",
            text="Three questions before you plan anything. What breaks on the last day of the month? Which file do "
            "you check by hand before you go home? What would you switch off tonight if you were allowed to? Write "
            "the answers on one page, in the words you heard. That page is the order of work. The first line on it "
            "is the first thing to replace, and you run both versions until nobody can tell the difference.",
        ),
        Part(label="Call to action", text="Save this for your next planning day, and bring someone from the night."),
        Part(
            label="Scenes",
            text="1. A dark office, one lit desk, rows of green status lights.\n"
            "2. Close-up of a hand-written list, one line crossed out.\n"
            "3. Two screens side by side showing the same number.",
        ),
        Part(label="First comment", text="#dataengineering #behindthescenes #nightshift #modernisation #techteams"),
    )


WRITERS = {"linkedin_post": linkedin, "x_thread": thread, "instagram_reel": reel}


def draft(name: str, title: str, position: int, parts: tuple[Part, ...], **changes: Any) -> BriefDraft:
    text = "\n\n".join(part.text for part in parts)
    shown, platform = TITLES.get(name, (name, "x"))
    known: dict[str, Any] = {
        "content_id": f"content-{position}-{name}",
        "format": name,
        "format_title": shown,
        "platform": platform,
        "state": State.GENERATED,
        "parts": parts,
        "words": counting.words(text),
        "characters": len(text),
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "made_offline": False,
        "asked": 1,
        "file": draft_file_name(position, name, title),
    }
    return BriefDraft(**{**known, **changes})


TOO_SHORT = Violation(
    code="words_too_few", message="64 words; at least 150 are needed.", where="text", measured=64, limit=150
)
CLICHE = Violation(code="cliche", message="Promotional cliché: 'game-changer'.", where="text", measured="game-changer")
TELEPHONE = Finding(kind="personal_data", where="post 3", reason="Looks like a telephone number: +44 20 •••• ••12.")


def brief(ideas: tuple[BriefIdea, ...] = (), **changes: Any) -> Brief:
    drafts = [draft for idea in ideas for draft in idea.drafts]
    failures = changes.get("failures", ())
    totals = Totals(
        ideas=len(ideas),
        drafts=len(drafts),
        quarantined=sum(draft.state is State.QUARANTINED for draft in drafts),
        flagged=sum(bool(draft.findings) for draft in drafts),
        failed=len(failures),
        calls_made=len(drafts) + 3,
        calls_reused=0,
        input_tokens=1203 * len(drafts),
        output_tokens=388 * len(drafts),
        cost_usd=0.0091 * len(drafts),
        seconds=6.4 + 8.5 * len(drafts),
    )
    known: dict[str, Any] = {
        "workspace": "Northwind Data",
        "run_id": "0199b1c4-7a52",
        "day": date(2026, 11, 9),
        "status": RunStatus.COMPLETED,
        "trigger": "scheduled",
        "focus": "what operators know about old systems",
        "chain": ("anthropic", "openai", "offline"),
        "started_at": datetime(2026, 11, 9, 6, 0, tzinfo=UTC),
        "ideas": ideas,
        "totals": totals,
    }
    return Brief(**{**known, **changes})


def _drafts(position: int, title: str) -> tuple[BriefDraft, ...]:
    made = {name: draft(name, title, position, write(HOOKS[position - 1])) for name, write in WRITERS.items()}
    if position == 2:
        short = "\n\n".join([HOOKS[1], PARAGRAPHS[0], "A real game-changer for every plant.", "#edge #quality #iot"])
        made["linkedin_post"] = draft(
            "linkedin_post",
            title,
            position,
            (Part(label="Post", text=short),),
            state=State.QUARANTINED,
            violations=(TOO_SHORT, CLICHE),
            asked=3,
        )
    if position == 3:
        made["x_thread"] = made["x_thread"].model_copy(update={"findings": (TELEPHONE,), "asked": 2})
    if position == 4:
        del made["instagram_reel"]
    if position == 5:
        offline = {"provider": "offline", "model": "", "made_offline": True}
        made["linkedin_post"] = made["linkedin_post"].model_copy(update=offline)
    return tuple(made.values())


def realistic() -> Brief:
    """Five ideas as three formats: one draft quarantined, one flagged, one without a model, one not made."""
    ideas = tuple(
        BriefIdea(position=place, title=title, description=text, category=topic, drafts=_drafts(place, title))
        for place, (title, text, topic) in enumerate(IDEAS, start=1)
    )
    failure = Failure(
        idea_position=4,
        idea_title=IDEAS[3][0],
        format="instagram_reel",
        code="CHAIN_EXHAUSTED",
        reason="No provider of the chain answered: anthropic timed out after 30 s; openai has no credits left.",
    )
    gate = GateVerdict(
        success=False,
        expectations=9,
        failed=("Every idea should have a draft in every format, but 1 of 15 is missing.",),
        batch_hash="0" * 64,
        docs="../data-docs/index.html",
    )
    return brief(ideas, failures=(failure,), gate=gate, status=RunStatus.PARTIAL)


def single(text: str, title: str = "An idea", **changes: Any) -> Brief:
    """One idea with one draft that says `text`."""
    parts = changes.pop("parts", (Part(label="Post", text=text),))
    only = draft("linkedin_post", title, 1, parts, **changes)
    return brief(
        (BriefIdea(position=1, title=title, description="What it says.", category="technology", drafts=(only,)),)
    )


def all_quarantined() -> Brief:
    ideas = tuple(
        idea.model_copy(
            update={
                "drafts": tuple(
                    made.model_copy(update={"state": State.QUARANTINED, "violations": (TOO_SHORT,), "findings": ()})
                    for made in idea.drafts
                )
            }
        )
        for idea in realistic().ideas
    )
    return brief(ideas)


def failures_only(ideas: int = 3) -> Brief:
    """Ideas were found, but no draft could be made of any."""
    kept = tuple(
        BriefIdea(position=place, title=title, description=text, category=topic, drafts=())
        for place, (title, text, topic) in enumerate(IDEAS[:ideas], start=1)
    )
    failures = tuple(
        Failure(
            idea_position=idea.position,
            idea_title=idea.title,
            format=name,
            code="CHAIN_EXHAUSTED",
            reason="No provider of the chain answered: anthropic refused the key.",
        )
        for idea in kept
        for name in WRITERS
    )
    return brief(kept, failures=failures, status=RunStatus.FAILED)


def large(ideas: int = 100) -> Brief:
    """Every idea as nine formats."""
    kept = []
    for place in range(1, ideas + 1):
        title, text, topic = IDEAS[place % 5]
        writers = [*WRITERS.values()] * 3
        drafts = tuple(
            draft(name, title, place, write(f"{HOOKS[place % 5]} ({place})"))
            for name, write in zip(TITLES, writers, strict=True)
        )
        kept.append(
            BriefIdea(position=place, title=f"{title}, {place}", description=text, category=topic, drafts=drafts)
        )
    return brief(tuple(kept))
