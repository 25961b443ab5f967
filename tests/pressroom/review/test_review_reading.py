"""Lists, details, ideas, exports: what a reviewer sees, filtered, page by page."""

from __future__ import annotations

import csv
import io
import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest

from pressroom import formats
from pressroom.errors import NotFound, Throttled, WrongInput
from pressroom.model import Document, Excerpt, Idea, Preferences, Section, State
from pressroom.review import checking, editing, exporting, ideas, listing, moving, reading
from pressroom.review.ideas import IdeaFilter
from pressroom.review.listing import ContentFilter, count_by_state, list_content
from pressroom.review.values import CheckedPart
from pressroom.sources.isolation import Limits
from pressroom.store import contents
from pressroom.store.database import Database
from pressroom.store.documents import keep_document
from pressroom.store.subjects import keep_excerpt, save_documents
from pressroom.store.tables import Content, Run, utc_now
from tests.fixtures.desk import DAY, OURS, MadeRun, add_run, draft_of
from tests.fixtures.plans import repurpose_plan
from tests.fixtures.sent_statements import statements_of
from tests.pressroom.review.review_desk import ReviewDesk


@pytest.fixture
def filled(desk: ReviewDesk, operators: Database, made_run: MadeRun, their_run: MadeRun) -> MadeRun:
    """Two days of ours, of which some is flagged, deleted or in another state; and a day of theirs."""
    add_run(operators, OURS, day=DAY + timedelta(days=1))
    with operators.write() as session:
        flagged = session.get_one(Content, made_run.content[2, "x_thread"])
        flagged.findings = [{"kind": "personal_data", "where": "1/4", "reason": "An address."}]
        session.add(flagged)
    moving.move(desk.database, desk.editor, made_run.draft, State.READY)
    moving.delete(desk.database, desk.editor, made_run.content[2, "instagram_reel"])
    return made_run


def test_a_list_and_a_detail_take_one_statement_each_and_an_edit_four(desk: ReviewDesk, made_run: MadeRun) -> None:
    draft = made_run.content[2, "linkedin_post"]
    found = reading.get_content(desk.database, desk.editor, draft)
    body = {**found.body, "hook": "Call the night shift first."}
    asked = {
        "list": (1, lambda: list_content(desk.database)),
        "detail": (1, lambda: reading.get_content(desk.database, desk.editor, draft)),
        "edit": (4, lambda: editing.edit(desk.database, desk.editor, draft, body, version=1)),
    }
    for name, (most, ask) in asked.items():
        with statements_of(desk.database) as sent:
            ask()
        assert len(sent) == most, (name, sent)


FOUND: list[tuple[dict[str, Any], int]] = [
    ({}, 11),
    ({"date_from": DAY + timedelta(days=1)}, 6),
    ({"date_to": DAY}, 5),
    ({"date_from": DAY, "date_to": DAY}, 5),
    ({"states": ("ready",)}, 1),
    ({"states": ("ready", "generated")}, 11),
    ({"states": ("published",)}, 0),
    ({"platform": "x"}, 4),
    ({"format": "linkedin_post"}, 4),
    ({"category": "Operations"}, 11),
    ({"category": "operations"}, 0),
    ({"text": "NIGHT SHIFT FIRST"}, 6),
    ({"text": "switched%off"}, 0),
    ({"text": "_"}, 0),
    ({"flagged": True}, 1),
    ({"flagged": False}, 10),
    ({"deleted": True}, 1),
    ({"platform": "x", "flagged": True, "states": ("generated",)}, 1),
]
"""What is asked for, and how much of `filled` that is."""


def test_a_list_holds_what_is_wanted_and_counts_agree(desk: ReviewDesk, filled: MadeRun) -> None:
    for wanted, found in FOUND:
        asked = ContentFilter(**wanted)
        page = list_content(desk.database, asked, limit=100)
        assert len(page.items) == found, wanted
        counts = count_by_state(desk.database, asked)
        assert set(counts) == set(State)
        for state in asked.states or State:
            assert counts[state] == sum(item.state is state for item in page.items), wanted


def test_a_list_by_run_and_by_idea(desk: ReviewDesk, filled: MadeRun) -> None:
    assert len(list_content(desk.database, ContentFilter(run=filled.id)).items) == 5
    items = list_content(desk.database, ContentFilter(idea=filled.ideas[0])).items
    assert {item.id for item in items} == {
        filled.content[1, form] for form in ("linkedin_post", "x_thread", "instagram_reel")
    }
    with pytest.raises(NotFound):
        list_content(desk.database, ContentFilter(run="'"))


def test_pages_join_without_gap_or_repeat_whatever_is_added(
    desk: ReviewDesk, operators: Database, filled: MadeRun
) -> None:
    whole = [item.id for item in list_content(desk.database, limit=100).items]
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = list_content(desk.database, None, cursor, 4)
        seen += [item.id for item in page.items]
        cursor, pages = page.next_cursor, pages + 1
        add_run(operators, OURS, day=date(2026, 3, pages))
    assert seen == whole
    assert pages == 3
    with pytest.raises(WrongInput, match="cursor"):
        list_content(desk.database, None, "none of ours")


def test_a_summary_says_what_a_card_shows(desk: ReviewDesk, filled: MadeRun) -> None:
    (item,) = list_content(desk.database, ContentFilter(flagged=True)).items
    assert (item.title, item.category) == ("Write down what you switched off", "Operations")
    assert (item.finding_count, item.violation_count, item.version) == (1, 0, 1)
    assert item.excerpt == contents.one_of(desk.database, Content, item.id).text[:280]
    assert (item.body, item.text) == (None, None)
    (whole,) = list_content(desk.database, ContentFilter(flagged=True), whole=True).items
    assert whole.text is not None
    assert whole.text.startswith(item.excerpt)


def test_what_no_database_can_look_for_is_refused(desk: ReviewDesk) -> None:
    for wanted in (ContentFilter(text="\x00"), ContentFilter(category="\x00"), ContentFilter(platform="\x00")):
        with pytest.raises(WrongInput):
            list_content(desk.database, wanted)
        with pytest.raises(WrongInput):
            count_by_state(desk.database, wanted)


def test_a_detail_says_all_there_is_to_judge(desk: ReviewDesk, made_run: MadeRun) -> None:
    found = reading.get_content(desk.database, desk.editor, made_run.draft)
    assert (found.idea.title, found.run.id, found.day) == ("Call the night shift first", made_run.id, DAY)
    assert (found.format_title, found.revisions, found.made_by) == ("LinkedIn post", 1, "offline/offline")
    assert list(found.body_schema["properties"]) == list(found.body)
    assert (found.document, found.approval) == (None, None)
    (part,) = found.parts
    assert (part.count, part.limit, part.unit) == (len(found.text), 3000, "characters")


def test_parts_are_measured_as_their_platform_counts() -> None:
    thread = {"posts": ["See https://example.com/a/very/long/address/that/counts/as/little #ops", "Second 🚀."]}
    checked = checking.check_wording("x_thread", thread, Preferences())
    assert [(part.label, part.count, part.limit) for part in checked.parts] == [("1/2", 32, 280), ("2/2", 10, 280)]
    reel = {"hook": "word " * 10, "value": "v", "call_to_action": "c", "scenes": ["s"]}
    parts = checking.check_wording("instagram_reel", reel, Preferences()).parts
    assert (parts[0].count, parts[0].unit, parts[0].limit) == (4, "seconds when spoken", None)
    assert (parts[-1].label, parts[-1].unit) == ("Scenes", "characters")


@pytest.mark.parametrize("form", formats.names())
def test_every_formats_own_example_can_be_measured(form: str) -> None:
    run = Run(workspace_id="w", kind="daily", run_key="k", day=DAY, trigger="manual", status="completed")
    checked = checking.check_wording(form, draft_of(run, "idea", form).body, Preferences())
    assert checked.parts
    assert not checked.violations
    assert all(part.limit is None or part.count <= part.limit for part in checked.parts)


def test_a_body_that_an_earlier_version_of_the_format_made_is_shown_as_text(
    desk: ReviewDesk, operators: Database, made_run: MadeRun
) -> None:
    with operators.write() as session:
        row = session.get_one(Content, made_run.draft)
        row.body, row.text = {"post": "Old."}, "Old."
        session.add(row)
    (part,) = reading.get_content(desk.database, desk.editor, made_run.draft).parts
    assert (part.label, part.text) == ("Text", "Old.")


def test_checking_keeps_nothing(desk: ReviewDesk, made_run: MadeRun) -> None:
    checked = checking.check_for(desk.database, made_run.content[1, "x_thread"], {"posts": ["word " * 100]})
    assert {violation.code for violation in checked.violations} >= {"post_too_long", "hashtags_too_few"}
    assert reading.get_content(desk.database, desk.editor, made_run.content[1, "x_thread"]).version == 1


def test_what_a_document_does_not_say_is_found_in_an_edit(
    desk: ReviewDesk, operators: Database, made_run: MadeRun
) -> None:
    content_id = _repurposed(operators, made_run)
    found = reading.get_content(desk.database, desk.editor, content_id)
    assert found.document is not None
    assert (found.document.title, found.document.language) == ("Bees", "de")
    body = {**found.body, "takeaway": "Am Ende waren es 4711 Bienen auf dem Dach?"}
    edited = editing.edit(desk.database, desk.editor, content_id, body, version=1)
    assert "4711" in {violation.measured for violation in edited.violations}


def _repurposed(operators: Database, made_run: MadeRun) -> str:
    """A draft that was made of a document in German."""
    text = "Auf dem Dach leben 20 Bienen. " * 5
    document = Document(
        source="https://example.com/bees", kind="html", title="Bees", sections=(Section(text=text),), language="de"
    )
    with operators.write() as session:
        run = session.get_one(Run, made_run.id)
    fresh = Run(
        workspace_id=run.workspace_id, kind="repurpose", run_key="doc", day=DAY, trigger="api", status="completed",
        plan=repurpose_plan(),
    )  # fmt: skip
    with operators.write() as session:
        session.add(fresh)
    kept = keep_document(operators, run.workspace_id, document, ())
    (idea,) = save_documents(operators, fresh, [(kept, document)])
    keep_excerpt(operators, idea.id, Excerpt(title="Bees", text=text, language="de"))
    return contents.save_draft(operators, draft_of(fresh, idea.id, "linkedin_post")).id


def test_the_whole_line_can_be_traced(desk: ReviewDesk, made_run: MadeRun) -> None:
    moving.move(desk.database, desk.editor, made_run.draft, State.READY)
    moving.move(desk.database, desk.owner, made_run.draft, State.REVIEWED)
    found = json.loads(json.dumps(reading.trace(desk.database, desk.viewer, made_run.draft)))
    assert found["idea"]["title"] == "Call the night shift first"
    assert [row["number"] for row in found["revisions"]] == [1]
    (approval,) = found["approvals"]
    assert (approval["by"], approval["voided_because"]) == ("editor@example.com", "moved to reviewed")
    with pytest.raises(NotFound):
        reading.trace(desk.database, desk.viewer, made_run.draft[:8])


# Ideas


FOUND_IDEAS: list[tuple[dict[str, Any], int]] = [
    ({}, 4),
    ({"date_to": DAY}, 2),
    ({"date_from": DAY + timedelta(days=1)}, 2),
    ({"category": "Operations"}, 4),
    ({"category": "None"}, 0),
    ({"text": "WHY IT PAYS"}, 4),
    ({"text": "night"}, 2),
]


def test_ideas_are_listed(desk: ReviewDesk, filled: MadeRun) -> None:
    for wanted, found in FOUND_IDEAS:
        assert len(ideas.list_ideas(desk.database, IdeaFilter(**wanted)).items) == found, wanted


def test_ideas_come_newest_first_and_by_run(desk: ReviewDesk, filled: MadeRun) -> None:
    page = ideas.list_ideas(desk.database, IdeaFilter(run=filled.id), limit=1)
    after = ideas.list_ideas(desk.database, IdeaFilter(run=filled.id), page.next_cursor)
    assert [idea.id for idea in (*page.items, *after.items)] == list(reversed(filled.ideas))
    assert after.next_cursor is None


def test_an_idea_shows_what_was_made_of_it(desk: ReviewDesk, filled: MadeRun, their_run: MadeRun) -> None:
    found = ideas.get_idea(desk.database, filled.ideas[1])
    assert (found.title, found.day) == ("Write down what you switched off", DAY)
    assert {content.format for content in found.content} == {"linkedin_post", "x_thread"}
    for wanted in (their_run.ideas[0], "0" * 32, "x"):
        with pytest.raises(NotFound):
            ideas.get_idea(desk.database, wanted)


# Exports


def test_everything_is_exported_page_after_page(
    desk: ReviewDesk, filled: MadeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LONGEST_PAGE", 4)
    every = {item.id for item in list_content(desk.database, limit=100).items}
    table = "".join(exporting.csv_rows(listing.all_content(desk.database)))
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["id"] for row in rows} == every
    assert all(row["text"] for row in rows)
    items = json.loads("".join(exporting.json_rows(listing.all_content(desk.database))))
    assert {item["id"] for item in items} == every
    assert all(item["body"] for item in items)


def test_an_empty_export_is_one_too() -> None:
    assert json.loads("".join(exporting.json_rows([]))) == []
    assert "".join(exporting.csv_rows([])).startswith("id,day,state")


def test_a_table_holds_no_formula(desk: ReviewDesk, operators: Database, made_run: MadeRun) -> None:
    with operators.write() as session:
        row = session.get_one(Content, made_run.draft)
        row.text, row.created_at = "=HYPERLINK(A1)", utc_now() + timedelta(hours=1)
        session.add(row)
    table = "".join(exporting.csv_rows(listing.all_content(desk.database)))
    assert next(csv.DictReader(io.StringIO(table)))["text"] == "'=HYPERLINK(A1)"


def test_text_to_paste() -> None:
    post, comment = (
        CheckedPart(label=label, text=f"The {label}.", count=1, unit="characters", words=2)
        for label in ("post", "comment")
    )
    assert exporting.as_text([post]) == "The post.\n"
    assert exporting.as_text([post, comment]) == "--- post\nThe post.\n\n--- comment\nThe comment.\n"


def _repeated(unit: str, length: int) -> checking.Standard:
    document = Document(source="a", kind="text", sections=(Section(text=unit * (length // len(unit))),))
    excerpt = Excerpt(title="Bees", text=document.text[:1000])
    idea = Idea(title="Bees", description="Of bees.", category="bees")
    return checking.Standard("x_thread", Preferences(), checking.Subject(idea, excerpt, document), ())


def test_a_long_check_is_made_in_another_process_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    standard, body = _repeated("Forty bees came in 2025. ", 2_000), {"posts": ["Fifty wasps left in 1999. " * 8]}
    here = standard.check(body)
    monkeypatch.setattr(checking, "QUICK_BODY", 10)
    monkeypatch.setattr(checking, "check_wording", None)  # not in this one
    assert standard.check(body) == here
    assert {violation.code for violation in here.violations} >= {"number_not_in_source", "date_not_in_source"}


def test_a_check_that_takes_too_long_is_ended_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LIMITS", Limits(seconds=0.05, per_megabyte=0))
    with pytest.raises(WrongInput, match="takes too much time of a processor"):
        _repeated("½ 1 ", 200_000).check({"posts": ["Forty bees."]})


def test_a_third_long_check_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PATIENCE", 0)
    monkeypatch.setattr(checking, "_HEAVY", threading.BoundedSemaphore(1))
    assert checking._HEAVY.acquire()
    with pytest.raises(Throttled, match="Other long texts"):
        _repeated("Bees ", 200_000).check({"posts": ["Forty bees."]})
