"""`pressroom daily` in an empty folder, with no key and nothing configured: the first thing anybody tries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pressroom import formats
from tests.fixtures.running import DAY, Said, every_row, finished, start

HEAVY = {"great_expectations", "pandas", "openai", "anthropic"}

pytestmark = pytest.mark.timeout(400)


@dataclass(frozen=True)
class Tried:
    """The first run: `folder` is where it ran, `person` the home of who ran it."""

    folder: Path
    person: Path
    said: Said
    modules: set[str]

    @property
    def artifacts(self) -> Path:
        (found,) = (self.folder / ".pressroom" / "artifacts" / "default" / DAY).iterdir()
        return found


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """Run once, all real: its own Prefect server, its own batch gate, its own process."""
    folder, person = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("person")
    modules = tmp_path_factory.mktemp("told") / "modules"
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("PREFECT_", "PRESSROOM_", "OPENAI_", "ANTHROPIC_", "XDG_")):
                patch.delenv(name)
        process = start("daily", "--date", DAY, folder=folder, HOME=str(person), TESTS_MODULES=str(modules))
        said = finished(process, 300)
    yield Tried(folder, person, said, set(modules.read_text().split()))


@pytest.fixture
def there(tried: Tried, monkeypatch: pytest.MonkeyPatch, nothing_known: None) -> Tried:
    """This test works in the folder of the first run."""
    monkeypatch.chdir(tried.folder)
    monkeypatch.setenv("PRESSROOM_HOME", ".pressroom")
    return tried


def test_it_completes_and_says_so_in_plain_words(tried: Tried) -> None:
    assert tried.said.code == 0, tried.said.err
    assert tried.said.out.startswith(f"completed  {DAY}  workspace default  run ")
    assert "15 drafts of 5 ideas: 0 quarantined, 0 flagged, 0 failed" in tried.said.out
    assert "16 calls made, 0 reused" in tried.said.out
    assert "\x1b" not in tried.said.out + tried.said.err
    assert "Traceback" not in tried.said.err
    assert "Warning" not in tried.said.err


def test_the_brief_every_text_and_the_data_docs_are_files(tried: Tried) -> None:
    names = {path.name for path in tried.artifacts.iterdir()}
    assert {"brief.md", "brief.html", "brief.json", "drafts", "data_docs"} <= names
    assert len(list((tried.artifacts / "drafts").glob("*.txt"))) == 15
    assert "<html" in (tried.artifacts / "data_docs" / "index.html").read_text()


def test_the_database_holds_all_of_it(there: Tried) -> None:
    rows = every_row()
    assert [run["status"] for run in rows["run"]] == ["completed"]
    assert {content["state"] for content in rows["content"]} == {"generated"}
    assert len(rows["subject"]) == 5
    assert len(rows["content"]) == len(rows["revision"]) == 15
    assert [call["status"] for call in rows["provider_call"]] == ["answered"] * 16
    written = {str(path) for path in there.artifacts.rglob("*") if path.is_file()}
    assert {artifact["address"] for artifact in rows["artifact"]} == written


def test_nothing_is_written_outside_its_own_folder(tried: Tried) -> None:
    assert list(tried.person.rglob("*")) == []
    assert [path.name for path in tried.folder.iterdir()] == [".pressroom"]


def test_its_process_imports_no_sdk_and_not_great_expectations(tried: Tried) -> None:
    assert "flows.daily" in tried.modules
    assert not HEAVY & tried.modules


def test_the_same_day_again_in_another_process_pays_for_nothing_and_changes_nothing(
    there: Tried, cli: Callable[..., Said], light_gate: None
) -> None:
    before, briefs = every_row(), {path: path.read_bytes() for path in there.artifacts.glob("brief.*")}
    again = cli("daily", "--date", DAY, "--json")
    assert again.code == 0, again.err
    assert again.err == ""
    assert again.json["calls"] == {"made": 0, "reused": 16}
    after = every_row()
    assert {name: len(found) for name, found in after.items()} == {name: len(found) for name, found in before.items()}
    for name in ("subject", "content", "revision", "provider_call", "artifact"):
        assert after[name] == before[name]
    assert {path: path.read_bytes() for path in there.artifacts.glob("brief.*")} == briefs


def test_refresh_writes_new_drafts_on_the_same_ideas_and_keeps_the_old(
    there: Tried, cli: Callable[..., Said], light_gate: None
) -> None:
    before = every_row()
    fresh = cli("daily", "--date", DAY, "--refresh", "--json")
    assert fresh.code == 0, fresh.err
    assert fresh.json["calls"]["made"] == 15
    after = every_row()
    assert after["subject"] == before["subject"]
    assert after["content"][:15] == before["content"]
    old, new = ({row["text"] for row in found} for found in (after["content"][:15], after["content"][15:]))
    assert len(new) == 15
    assert not old & new


def test_another_day_is_another_run_with_other_ideas(there: Tried, cli: Callable[..., Said], light_gate: None) -> None:
    titles = {row["title"] for row in every_row()["subject"]}
    assert cli("daily", "--date", "2026-11-21", "--format", "linkedin_post", "--json").json["ideas"] == 5
    rows = every_row()
    assert len({row["run_id"] for row in rows["subject"]}) == 2
    assert not titles & {row["title"] for row in rows["subject"] if row["run_id"] == rows["run"][-1]["id"]}


def test_every_format_there_is_can_be_written_at_once(cli: Callable[..., Said], light_gate: None) -> None:
    wanted = [word for name in formats.names() for word in ("--format", name)]
    report = cli("daily", "--date", DAY, "--ideas", "1", *wanted, "--json").json
    assert (report["status"], report["drafts"], report["quarantined"]) == ("completed", len(formats.names()), 0)
