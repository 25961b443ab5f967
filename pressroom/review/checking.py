"""Checking a wording by its format's rules, as a person writes it and before it is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import bindparam
from sqlmodel import col, select

from pressroom import formats
from pressroom.errors import SourceUnusable, Throttled, WrongInput
from pressroom.gates.moderation import moderate_text
from pressroom.model import Assignment, Finding, Idea, Preferences
from pressroom.platforms import counting
from pressroom.review.measuring import measured
from pressroom.review.rows import check_storable, checked_id, nothing
from pressroom.review.values import Checked
from pressroom.sources import isolation
from pressroom.sources.isolation import Limits
from pressroom.store.database import Database
from pressroom.store.questions import Question
from pressroom.store.subjects import as_idea
from pressroom.store.tables import Content, Run, SubjectRow
from pressroom.writing import drafting
from pressroom.writing.subjects import Subject, read_subject

MOST_CHARACTERS = 60_000
"""Most characters of a body as JSON: more than the longest format needs, few enough for a check at each keystroke."""

QUICK_BODY, QUICK_DOCUMENT = 4_000, 30_000
"""Characters of a body and of its document up to which a check takes well under a second, whatever they repeat."""

CHECK_APART = "pressroom.review.checking:check_apart"
LIMITS = Limits(seconds=10, per_megabyte=20, elapsed=45)
"""For a check in a process of its own."""
PATIENCE = 10.0
"""Seconds a long check waits for those before it; then it is refused, so that no request holds a thread for long."""
_HEAVY = threading.BoundedSemaphore(2)

CHECKED_HERE = frozenset({"offensive_language", "personal_data"})
"""Kinds of findings that the lists which ship look for. Others, such as an endpoint's, can't be looked for again."""


NOTHING = Subject(Idea(title="", description="", category=""))


@dataclass(frozen=True)
class Standard:
    """The standard for every wording of one piece of content. kept: findings that stay whatever its words are."""

    form: str
    preferences: Preferences
    subject: Subject
    kept: tuple[Finding, ...]

    def check(self, body: Mapping[str, Any]) -> Checked:
        """See `check_wording`; what may take long is checked in a process of its own, with a limit on its time.

        Raises:
            WrongInput: also when the check takes longer than `LIMITS`.
            Throttled: as many long checks as there may be are under way.
        """
        parse_body(self.form, body)
        document = self.subject.document
        length = len(json.dumps(dict(body), ensure_ascii=False))
        if length <= QUICK_BODY and (document is None or len(document.text) <= QUICK_DOCUMENT):
            return self.check_here(body)
        if not _HEAVY.acquire(timeout=PATIENCE):
            raise Throttled("Other long texts are being checked.", hint=f"Try again in {PATIENCE:.0f} seconds.")
        try:
            answer = isolation.call(CHECK_APART, _ASKED.dump_json((self, dict(body))), name="The text", limits=LIMITS)
            return Checked.model_validate_json(answer)
        except SourceUnusable as error:
            raise WrongInput(
                f"The check of {length:,} characters failed: {error.message}", hint="Shorten the text and try again."
            ) from error
        finally:
            _HEAVY.release()

    def check_here(self, body: Mapping[str, Any]) -> Checked:
        """See `check_wording`."""
        return check_wording(self.form, body, self.preferences, subject=self.subject, kept=self.kept)


_ASKED: TypeAdapter[tuple[Standard, dict[str, Any]]] = TypeAdapter(tuple[Standard, dict[str, Any]])


def check_apart(asked: bytes) -> bytes:
    """A standard and a body as JSON to the `Checked` as JSON: the end of `Standard.check` in another process."""
    standard, body = _ASKED.validate_json(asked)
    return standard.check_here(body).model_dump_json().encode()


def check_wording(
    form: str,
    body: Mapping[str, Any],
    preferences: Preferences,
    *,
    subject: Subject | None = None,
    kept: Sequence[Finding] = (),
) -> Checked:
    """Checks `body` against the rules of `form` and its document, measures its parts, and moderates it offline.

    Raises:
        WrongInput: the format does not exist, or `body` has another shape; names the field.
    """
    declared, subject = formats.get(form), subject or NOTHING
    parsed = parse_body(form, body)
    parts = declared.parts(parsed)
    text = declared.text(parsed)
    wanted = Assignment(idea=subject.idea, format=form, preferences=preferences, document=subject.excerpt)
    return Checked(
        body=parsed.model_dump(mode="json"),
        text=text,
        parts=measured(declared.platform, parts),
        words=counting.words(text),
        characters=len(text),
        violations=drafting.violations(wanted, parsed, subject.source),
        findings=(*moderate_text(parts, language=preferences.language), *kept),
    )


def check_for(database: Database, content_id: str, body: Mapping[str, Any]) -> Checked:
    """Checks `body` as a new wording of this content, without saving it.

    Raises:
        NotFound: the content does not exist. WrongInput: `body` has another shape.
    """
    return standard_of(database, content_id).check(body)


def standard_of(database: Database, content_id: str) -> Standard:
    """The standard for every wording of this content: the preferences of its run, and its idea or document.

    Raises:
        NotFound: the workspace of `database` has no such content.
    """
    rows = database.ask(_standard(), content=checked_id(content_id, "content"))
    if not rows:
        raise nothing("content", content_id)
    form, findings, plan, *values = rows[0]
    subject = _subject(database, SubjectRow(**dict(zip(SubjectRow.model_fields, values, strict=True))))
    found = (Finding.model_validate(finding) for finding in findings)
    kept = tuple(finding for finding in found if finding.kind not in CHECKED_HERE)
    return Standard(form=form, preferences=subject.preferences(plan), subject=subject, kept=kept)


def _subject(database: Database, row: SubjectRow) -> Subject:
    if row.document_id is None:
        return Subject(as_idea(row))
    with database.read() as session:
        return read_subject(session, row)


@cache
def _standard() -> Question:
    columns: tuple[Any, ...] = (Content.format, Content.findings, Run.plan)
    of_subject = (getattr(SubjectRow, name).label(f"subject_{name}") for name in SubjectRow.model_fields)
    query = select(*columns, *of_subject).join(Run, col(Run.id) == Content.run_id)
    query = query.join(SubjectRow, col(SubjectRow.id) == Content.subject_id)
    return Question(query.where(col(Content.id) == bindparam("content")))


def parse_body(form: str, body: Mapping[str, Any]) -> BaseModel:
    """`body` in the schema of `form`.

    Raises:
        WrongInput: a field is missing, unknown or of another type, or it is too long to be anything to post.
    """
    schema: type[BaseModel] = formats.get(form).body
    fields = ", ".join(schema.model_fields)
    if unknown := sorted(set(body) - set(schema.model_fields)):
        raise WrongInput(f"{form} has no field {unknown[0][:64]!r}.", hint=f"Its fields: {fields}.")
    check_storable(dict(body), "The body")
    if len(json.dumps(dict(body), ensure_ascii=False)) > MOST_CHARACTERS:
        raise WrongInput(f"The body is longer than {MOST_CHARACTERS:,} characters.", hint="No platform takes as much.")
    try:
        return schema.model_validate(dict(body), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise WrongInput(f"{where}: {first['msg']}.", hint=f"{form} has: {fields}.") from None
