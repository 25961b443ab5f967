"""Documents become drafts and pictures, once, with nothing lost and nothing said that they do not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pressroom import formats
from pressroom.errors import RunFailed
from pressroom.model import RepurposeRequest, RunReport
from sandbox import Fault, FaultRule, ProviderServer
from tests.fixtures.documents import ARTICLE
from tests.fixtures.running import Said, forget, table_rows

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home")

SHORT = ("facebook_post", "linkedin_post")


@pytest.fixture(autouse=True)
def no_circuit(monkeypatch: pytest.MonkeyPatch) -> None:
    """No provider is left alone for a while: what fails here fails at once."""
    monkeypatch.setenv("PRESSROOM_CIRCUIT_FAILURES", "1000")


@pytest.fixture
def article() -> str:
    """A document in the working directory."""
    Path("guessing.md").write_text(ARTICLE, "utf-8")
    return "guessing.md"


@pytest.fixture
def repurpose(nothing_known: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., RunReport]:
    """The flow in this process, its connections made again: two formats and no pictures unless told."""
    monkeypatch.setenv("PRESSROOM_LOCAL_FILES", "true")

    def run(*sources: str, **request: Any) -> RunReport:
        from flows.repurpose import repurpose as flow

        forget()
        asked = {"sources": sources, "formats": SHORT, "platform_images": (), **request}
        return flow(RepurposeRequest.model_validate(asked))

    return run


@pytest.mark.parametrize("trigger", ["manual", "scheduled", None])
def test_a_run_that_an_api_started_reads_no_file_of_the_machine(
    trigger: str | None, repurpose: Callable[..., RunReport], article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRESSROOM_LOCAL_FILES")
    with pytest.raises(RunFailed, match="PRESSROOM_LOCAL_FILES"):
        repurpose(article, trigger=trigger)


def test_a_document_becomes_every_format_and_a_picture_a_platform(cli: Callable[..., Said], article: str) -> None:
    said = cli("repurpose", article, "--json")

    assert said.code == 0
    report = said.json
    assert (report["kind"], report["status"], report["failures"]) == ("repurpose", "completed", [])
    drafts = [made for made in report["outputs"] if made["kind"] == "draft"]
    pictures = [made for made in report["outputs"] if made["kind"] == "picture"]
    assert {made["name"] for made in drafts} == set(formats.names())
    assert all(made["state"] == "generated" and not made["violations"] and made["made_offline"] for made in drafts)
    platforms = {formats.get(name).platform for name in formats.names()}
    assert {made["name"] for made in pictures} == {"thumbnail", *platforms}
    for made in pictures:
        with Image.open(made["address"]) as picture:
            assert picture.size == (made["width"], made["height"])
        assert made["text"].startswith("Card: ")
    assert all(Path(made["address"]).is_file() for made in drafts)
    brief = Path(report["artifacts"]["brief_html"]).read_text("utf-8")
    assert "1 Document" not in brief and ">Document<" not in brief.replace("<strong>1</strong> Document", "")
    assert all(f'src="pictures/{Path(made["address"]).name}"' in brief for made in pictures)


def test_the_same_words_are_paid_for_once_on_any_day(
    repurpose: Callable[..., RunReport], article: str, provider: ProviderServer
) -> None:
    first = repurpose(article, chain=("openai",), platform_images=("x",), image_chain=("openai",))
    assert (first.status, first.drafts, first.pictures) == ("completed", 2, 2)
    asked = provider.counts["purpose"]
    assert (asked["draft"], asked["image_prompt"], asked["image"]) == (2, 1, 2)
    rows = {table: table_rows(table) for table in ("content", "asset", "document", "artifact")}

    Path("copy.md").write_text(ARTICLE, "utf-8")
    again = repurpose("copy.md", chain=("openai",), platform_images=("x",), image_chain=("openai",))

    assert (again.run_id, again.calls.made, again.status) == (first.run_id, 0, "completed")
    assert provider.counts["purpose"] == asked
    assert {table: table_rows(table) for table in rows} == rows


def test_other_words_are_another_run_and_other_wishes_too(repurpose: Callable[..., RunReport], article: str) -> None:
    first = repurpose(article)
    Path(article).write_text(ARTICLE.replace("Marta Ruiz", "Ana Ruiz"), "utf-8")
    changed = repurpose(article)
    dry = repurpose(article, tone="dry")
    assert len({first.run_id, changed.run_id, dry.run_id}) == 3
    assert len(table_rows("document")) == 2


def test_what_the_document_does_not_say_is_sent_back(
    repurpose: Callable[..., RunReport], article: str, provider: ProviderServer
) -> None:
    honest = repurpose(article, formats=("facebook_post",), chain=("offline",))
    body = table_rows("content")[0]["body"]
    provider.enqueue({**body, "message": body["message"] + " It saved us 4,711 euros."}, body)

    report = repurpose(article, formats=("facebook_post",), chain=("openai",))

    assert (honest.status, report.status, report.quarantined) == ("completed", "completed", 0)
    second = [record for record in provider.history if record.purpose == "draft"][-1].body["messages"][1]["content"]
    assert "4,711" in second.partition("<data>")[0]


def test_what_stays_ungrounded_is_quarantined_with_the_words(
    repurpose: Callable[..., RunReport], article: str, provider: ProviderServer
) -> None:
    repurpose(article, formats=("facebook_post",), chain=("offline",))
    body = table_rows("content")[0]["body"]
    provider.enqueue(*[{**body, "message": body["message"] + " It saved us 4,711 euros."}] * 4)

    report = repurpose(article, formats=("facebook_post",), chain=("openai",))

    (made,) = report.outputs
    assert (report.status, made.state) == ("partial", "quarantined")
    assert [violation.code for violation in made.violations] == ["number_not_in_source"]
    assert "4,711" in str(made.violations[0].measured)


def test_a_long_document_is_condensed_first(
    repurpose: Callable[..., RunReport], article: str, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_DOCUMENT_WORDS", "200")

    report = repurpose(article, chain=("openai",))

    assert (report.status, provider.counts["purpose"]["condense"]) == ("completed", 2)
    (idea,) = table_rows("subject")
    excerpt = idea["excerpt"]
    assert excerpt["condensed"] and "120 loaves" in excerpt["text"]
    again = repurpose(article, chain=("openai",))
    assert (again.calls.made, provider.counts["purpose"]["condense"]) == (0, 2)


def test_a_document_that_cannot_be_condensed_says_so_and_stops_no_other(
    repurpose: Callable[..., RunReport], article: str, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_DOCUMENT_WORDS", "200")
    Path("short.txt").write_text(" ".join(ARTICLE.split("---")[2].split()[:190]), "utf-8")
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, purposes=("condense",)))

    report = repurpose(article, "short.txt", chain=("openai",))

    assert (report.status, report.drafts) == ("partial", 2)
    assert {(failure.idea_position, failure.format) for failure in report.failures} == {(1, "condensed")}
    provider.reset()
    again = repurpose(article, "short.txt", chain=("openai",))
    assert (again.status, again.drafts) == ("completed", 4), again.outputs


def test_sources_that_cannot_be_read_are_listed_and_stop_no_other(
    cli: Callable[..., Said], article: str, tmp_path: Path
) -> None:
    Path("empty.md").write_bytes(b"")
    Path("picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")

    said = cli(
        "repurpose", article, "missing.md", "empty.md", "picture.md", "http://127.0.0.1/x", "--format", "facebook_post",
        "--platform-images", "none", "--json",
    )  # fmt: skip

    assert (said.code, said.json["status"], said.json["drafts"]) == (0, "partial", 1)
    assert {failure["idea_title"]: failure["code"] for failure in said.json["failures"]} == {
        "missing.md": "SOURCE_NOT_FOUND",
        "empty.md": "SOURCE_EMPTY",
        "picture.md": "SOURCE_UNREADABLE",
        "http://127.0.0.1/x": "SOURCE_FORBIDDEN",
    }


def test_a_job_without_a_document_fails_with_the_reason_and_is_recorded(cli: Callable[..., Said]) -> None:
    Path("picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")

    said = cli("repurpose", "picture.md", "--json")

    assert said.code == 1
    assert (said.json["status"], said.json["drafts"], said.json["outputs"]) == ("failed", 0, [])
    assert "picture.md" in said.err
    (run,) = table_rows("run")
    assert (run["kind"], run["status"]) == ("repurpose", "failed")
    assert table_rows("content") == table_rows("asset") == []


def test_text_from_standard_input_is_a_document(
    cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    piped = tmp_path / "piped"
    piped.write_text(ARTICLE, "utf-8")
    with piped.open("rb") as stream:
        monkeypatch.setattr("sys.stdin", type("Piped", (), {"buffer": stream, "isatty": lambda self: False})())
        said = cli("repurpose", "-", "--format", "facebook_post", "--platform-images", "none", "--json")
    assert (said.code, said.json["status"]) == (0, "completed"), said.err


def test_pasted_text_takes_the_title_it_is_given(repurpose: Callable[..., RunReport]) -> None:
    report = repurpose(text=ARTICLE.split("---")[2], title="What we learned")
    assert report.status == "completed"
    assert [row["title"] for row in table_rows("document")] == ["What we learned"]


def test_retry_makes_only_what_failed_and_redo_keeps_the_document(
    cli: Callable[..., Said], article: str, provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, purposes=("image",)))
    said = cli(
        "repurpose", article, "--format", "facebook_post", "--platform-images", "x", "--chain", "openai",
        "--image-chain", "openai", "--json",
    )  # fmt: skip
    assert (said.json["status"], said.json["drafts"], said.json["pictures"]) == ("partial", 1, 0)
    assert {failure["format"] for failure in said.json["failures"]} == {"picture:thumbnail", "picture:x"}
    provider.reset()

    again = cli("retry", "latest", "--json").json
    assert (again["status"], again["pictures"], provider.counts["purpose"].get("draft", 0)) == ("completed", 2, 0)

    (draft,) = table_rows("content")
    redone = cli("redo", draft["id"], "--note", "shorter", "--json")
    assert redone.code == 0
    (asked,) = [record for record in provider.history if record.purpose == "draft"]
    assert "120 loaves" in asked.body["messages"][1]["content"]
    assert len(table_rows("revision")) == 2


def test_the_form_of_the_deployment_describes_every_wish() -> None:
    from flows.repurpose import repurpose as flow

    (definition,) = [found for name, found in flow.parameters.definitions.items() if name == "RepurposeRequest"]
    assert set(definition["properties"]) == set(RepurposeRequest.model_fields)
    assert all(wish.get("description") for wish in definition["properties"].values())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "nonsense"), "There is no format called 'nonsense'"),
        (("--platform-images", "myspace"), "myspace"),
        (("--image-style", "blurry"), "There is no image style called 'blurry'"),
        (("--voice", "nobody"), "nobody"),
        (("--language", "klingon!"), "--language"),
    ],
)
def test_wrong_wishes_are_named(cli: Callable[..., Said], article: str, words: tuple[str, ...], said: str) -> None:
    answer = cli("repurpose", article, *words)
    assert answer.code == 2
    assert said in answer.err
