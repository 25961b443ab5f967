"""Looking at what was made: runs, show, trace, brief, formats, the schema and the workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from pressroom import formats
from pressroom.model import RunReport
from pressroom.store import schema
from sandbox import ProviderServer, Reply
from tests.fixtures.running import DAY, Said, every_row

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home")


@pytest.fixture
def made(daily: Callable[..., RunReport]) -> RunReport:
    return daily()


def test_before_the_first_run_the_lists_say_what_to_do(cli: Callable[..., Said]) -> None:
    assert "`pressroom daily` makes the first one" in cli("runs").out
    assert cli("runs", "--json").json == []
    said = cli("show")
    assert (said.code, said.err.strip().splitlines()[0]) == (2, "Error: There is no run yet.")


def test_a_run_can_be_looked_at_from_every_side(made: RunReport, cli: Callable[..., Said]) -> None:
    (content,) = every_row()["content"]
    (idea,) = every_row()["subject"]

    listed = cli("runs")
    assert f"{made.run_id[:8]}  {DAY}  daily  completed  manual" in listed.out
    assert "\x1b" not in listed.out
    (run,) = cli("runs", "--json").json
    assert (run["run_id"], run["status"], run["drafts"]) == (made.run_id, "completed", 1)

    for wanted in ((), ("latest",), (DAY,), (made.run_id,), (made.run_id[:6],), (made.run_id[:6].upper(),)):
        shown = cli("show", *wanted)
        assert shown.code == 0, shown.err
        assert made.run_id in shown.out
        assert f"{content['id'][:8]}  linkedin_post" in shown.out
    details = cli("show", "--json").json
    assert [item["content_id"] for item in details["content"]] == [content["id"]]
    assert details["gate"]["success"] is True

    assert cli("brief", "--markdown").out == Path(made.artifacts["brief_md"]).read_text("utf-8")
    assert "\\" in cli("brief", "--markdown").out and "\\" not in cli("brief").out  # signs as they are, in a pipe
    assert idea["title"] in cli("brief", DAY).out

    traced = cli("trace", content["id"][:10])
    for part in (made.run_id, idea["title"], content["id"], content["prompt_hash"], "every rule holds", "offline-1"):
        assert part in traced.out
    lineage = cli("trace", content["id"], "--json").json
    assert lineage["run"]["id"] == made.run_id
    assert [call["id"] for call in lineage["revisions"][-1]["calls"]] == content["call_ids"]
    assert [call["purpose"] for call in lineage["idea_calls"]] == ["ideas"]
    assert [revision["number"] for revision in lineage["revisions"]] == [1]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("show", "zzzz"), "There is no run 'zzzz'"),
        (("show", "2020-01-01"), "There is no run '2020-01-01'"),
        (("show", "%"), "There is no run '%'"),
        (("brief", "zzzz"), "There is no run 'zzzz'"),
        (("trace", "zzzz"), "No piece of content begins with 'zzzz'"),
        (("runs", "--limit", "0"), "--limit"),
        (("nonsense",), "No such command 'nonsense'"),
        (("trace",), "Missing argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_not_there_is_wrong_usage(words: tuple[str, ...], names: str, cli: Callable[..., Said]) -> None:
    said = cli(*words)
    assert (said.code, said.out) == (2, "")
    assert names in said.err


def test_square_brackets_in_a_title_are_shown_as_they_are(cli: Callable[..., Said], provider: ProviderServer) -> None:
    title = "Why [/red] tags [bold] in titles must not break a table"
    idea = {
        "title": title,
        "description": "It did once, on a terminal near you. It must not again.",
        "category": "innovation",
    }
    provider.enqueue(Reply(data={"ideas": [idea]}, purposes=("ideas",)))
    provider.enqueue(*[Reply(text="no", purposes=("draft",), formats=("x_thread",)) for _ in range(3)])
    said = cli(
        "daily", "--ideas", "1", "--format", "linkedin_post", "--format", "x_thread", "--chain", "openai", "--date", DAY
    )
    assert (said.code, title in said.out) == (0, True), said.err
    assert title in cli("show").out
    assert title in cli("trace", every_row()["content"][0]["id"]).out


def test_the_formats_are_listed(cli: Callable[..., Said]) -> None:
    out = cli("formats").out
    assert all(name in out for name in formats.names())
    listed = cli("formats", "--json").json
    assert [item["name"] for item in listed] == list(formats.names())
    assert all(item["schema"]["properties"] for item in listed)


def test_the_schema_can_be_asked_for_and_brought_up(cli: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / ".pressroom" / "pressroom.db").unlink()
    assert f"empty; this version needs {schema.head()}" in cli("db", "status").out
    assert f"went from empty to schema {schema.head()}" in cli("db", "upgrade").out
    assert f"is at schema {schema.head()}" in cli("db", "upgrade").out
    assert f": {schema.head()}; this version needs {schema.head()}" in cli("db", "status").out


def test_a_workspace_set_from_a_file_changes_what_the_next_run_writes_about(
    cli: Callable[..., Said], tmp_path: Path
) -> None:
    assert cli("workspace", "show").json["topics"] == ["technology", "digital transformation", "innovation"]
    file = tmp_path / "own.toml"
    file.write_text('topics = ["beekeeping"]\naudience = "beekeepers"\n')
    assert cli("workspace", "set", str(file)).out == "Workspace default now writes about beekeeping.\n"
    assert cli("workspace", "show").json["audience"] == "beekeepers"
    assert cli("daily", "--date", DAY, "--ideas", "1", "--format", "linkedin_post", "--json").json["drafts"] == 1
    assert [idea["category"] for idea in every_row()["subject"]] == ["beekeeping"]


def test_a_workspace_of_its_own_keeps_its_runs_to_itself(cli: Callable[..., Said]) -> None:
    words = ("--ideas", "1", "--format", "linkedin_post", "--workspace", "second")
    assert cli("daily", *words, "--json").json["workspace"] == "second"
    assert cli("runs", "--json").json == []
    assert len(cli("runs", "--workspace", "second", "--json").json) == 1


@pytest.mark.parametrize("text", ["topics = [", "topics = []", "colour = 'red'", None])
def test_a_workspace_file_that_is_wrong_is_refused_and_changes_nothing(
    text: str | None, cli: Callable[..., Said], tmp_path: Path
) -> None:
    before = cli("workspace", "show").json
    file = tmp_path / "own.toml"
    if text is not None:
        file.write_text(text)
    said = cli("workspace", "set", str(file))
    assert (said.code, "own.toml can't be used" in said.err) == (2, True)
    assert cli("workspace", "show").json == before


def test_without_a_date_it_is_today_in_the_workspaces_zone(
    cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_TIME_ZONE", "Pacific/Kiritimati")  # 14 hours ahead of UTC
    before = dt.datetime.now(dt.UTC)
    date = cli("daily", "--ideas", "1", "--format", "linkedin_post", "--json").json["date"]
    after = dt.datetime.now(dt.UTC)
    assert date in {(moment + dt.timedelta(hours=14)).date().isoformat() for moment in (before, after)}
