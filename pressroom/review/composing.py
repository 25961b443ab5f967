"""A post that a person writes: one text as a draft in each of several formats, checked like any other draft."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from textwrap import shorten
from typing import Any, get_origin

from sqlmodel import Session

from pressroom import formats
from pressroom.errors import WrongInput
from pressroom.model import Caller, Preferences, RunStatus, State
from pressroom.model.ideas import SubjectKind
from pressroom.model.plans import DailyPlan
from pressroom.review.checking import check_wording
from pressroom.review.rows import check_storable
from pressroom.review.values import Checked
from pressroom.store import audit, events
from pressroom.store.contents import LONGEST_AUTHOR, content_hash
from pressroom.store.database import Database
from pressroom.store.subjects import beginning
from pressroom.store.tables import Content, Revision, Run, SubjectRow, Workspace, new_id, utc_now

KIND = "post"
"""Kind of the run that holds a post by hand: every draft belongs to a run."""

LONGEST_TITLE, LONGEST_TEXT = 300, 20_000

WRITER = "offline"
"""The provider of drafts without a model: no platform is told that AI made them."""

_MAIN = ("message", "caption", "content", "value", "script", "description")
"""Fields that take the text, the first that a format has."""

_LAST = ("takeaway", "call_to_action")
_TAGS = re.compile(r"(?:[#＃]\w+\s*)+")


def new_post(
    database: Database, caller: Caller, title: str, text: str, names: Sequence[str], day: dt.date
) -> tuple[str, list[str]]:
    """Make a draft of `text` in each format of `names`. Returns the ids of the idea and of the drafts.

    What a format can't take as it is, a rule says: the drafts are edited from here on.

    Raises:
        WrongInput: the text is empty or too long, or no format is chosen.
    """
    text, title = text.replace("\r\n", "\n").strip(), title.strip()
    _check(title, text, names)
    title = title or shorten(text.partition("\n")[0], 80, placeholder="…")
    with database.write() as session:
        home = session.get_one(Workspace, caller.workspace_id)
        preferences = Preferences.model_validate(home.preferences)
        run, idea = _rows(caller, title, text, names, day, preferences)
        session.add(run)
        session.flush()
        session.add(idea)
        session.flush()
        checked = {name: check_wording(name, body_of(name, title, text), preferences) for name in names}
        ids = [_keep(session, caller, run, idea, name, one) for name, one in checked.items()]
        audit.note(
            session, caller, "content.written", subject_kind="idea", subject_id=idea.id, details={"formats": [*names]}
        )
        return idea.id, ids


def body_of(form: str, title: str, text: str) -> dict[str, Any]:
    """`text` in the fields of `form`: paragraphs to its posts, or hook, main text and end; a last line of hashtags
    to its hashtags. Fields that nothing in the text is for stay empty."""
    declared = formats.get(form).body.model_fields
    body: dict[str, Any] = {
        name: [] if get_origin(field.annotation) is list else "" for name, field in declared.items()
    }
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    if "hashtags" in body and len(paragraphs) > 1 and _TAGS.fullmatch(paragraphs[-1]):
        body["hashtags"] = re.findall(r"\w+", paragraphs.pop())
    if "title" in body:
        body["title"] = title
    if "posts" in body:
        return {**body, "posts": paragraphs}
    if "hook" in body:
        body["hook"] = paragraphs.pop(0)
    for name in _LAST:
        if name in body and len(paragraphs) > 1:
            body[name] = paragraphs.pop()
    if "insights" in body:
        return {**body, "insights": paragraphs}
    main = next(name for name in _MAIN if name in body)
    return {**body, main: "\n\n".join(paragraphs)}


def _check(title: str, text: str, names: Sequence[str]) -> None:
    if not text:
        raise WrongInput("The post is empty.", hint="Write or paste a text.")
    if len(text) > LONGEST_TEXT or len(title) > LONGEST_TITLE:
        raise WrongInput(f"A post has at most {LONGEST_TEXT:,} characters, its title {LONGEST_TITLE}.")
    if not names:
        raise WrongInput("No format is chosen.", hint="Tick at least one.")
    for name in names:
        formats.get(name)
    check_storable([title, text], "The post")


def _rows(
    caller: Caller, title: str, text: str, names: Sequence[str], day: dt.date, preferences: Preferences
) -> tuple[Run, SubjectRow]:
    plan = DailyPlan(
        day=day, workspace=caller.workspace, formats=tuple(names), chain=(), chain_fingerprint="",
        preferences=preferences, ideas=1, focus=title,
    )  # fmt: skip
    run = Run(
        workspace_id=caller.workspace_id, kind=KIND, run_key=new_id(), day=day, trigger="manual",
        status=RunStatus.COMPLETED, plan=plan, closed_at=utc_now(),
    )  # fmt: skip
    idea = SubjectRow(
        workspace_id=caller.workspace_id, run_id=run.id, kind=SubjectKind.IDEA, position=1, title=title,
        description=beginning(text), category="Own post",
    )  # fmt: skip
    return run, idea


def _keep(session: Session, caller: Caller, run: Run, idea: SubjectRow, form: str, checked: Checked) -> str:
    values = checked.model_dump(mode="json", exclude={"parts"})
    content = Content(
        workspace_id=caller.workspace_id, run_id=run.id, subject_id=idea.id, format=form,
        platform=formats.get(form).platform, state=State.EDITED, provider=WRITER, model="by hand", prompt_hash="",
        content_hash=content_hash(checked.body), day=run.day, **values,
    )  # fmt: skip
    session.add(content)
    session.flush()
    wording = {name: values[name] for name in ("body", "text", "violations")}
    author = caller.name[:LONGEST_AUTHOR]
    session.add(
        Revision(
            workspace_id=caller.workspace_id, content_id=content.id, number=1, author=author, note="by hand", **wording
        )
    )
    told = {"content_id": content.id, "run_id": run.id, "state": content.state, "version": 1}
    events.emit(session, caller.workspace_id, "content.written", told)
    return content.id
