"""The batch gate: a good batch passes, each broken expectation is told in a sentence, a broken child is reported."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pressroom.errors import GateFailed
from pressroom.gates.batch_gate import BatchGate, batch_hash
from pressroom.model import BatchRow, GateVerdict, State

FORMATS = ("linkedin_post", "x_thread", "instagram_reel")
LENGTHS = {"linkedin_post": (10, 3000), "x_thread": (10, 2800)}


def row(position: int, name: str, **changes: Any) -> BatchRow:
    fields: dict[str, Any] = {
        "idea_position": position,
        "idea_title": f"Idea {position} 漢字 שלום 🎉",
        "format": name,
        "platform": name.partition("_")[0],
        "state": State.GENERATED,
        "text": f"Draft {position} as {name} 漢字 שלום 🎉",
        "characters": 500,
        "words": 80,
        "violations": 0,
        "idea_id": f"idea-{position}",
        "content_id": f"content-{position}-{name}",
        "prompt_hash": "ab12",
        "provider": "openai",
        "model": "a-model",
        "calls": 1,
    }
    return BatchRow(**(fields | changes))


def batch(**changes: Any) -> list[BatchRow]:
    """Two ideas in three formats; `changes` are made to the x_thread of idea 1."""
    rows = [row(position, name) for position in (1, 2) for name in FORMATS]
    return [one.model_copy(update=changes) if at == 1 else one for at, one in enumerate(rows)]


@pytest.fixture(scope="module")
def gate() -> Iterator[BatchGate]:
    with BatchGate(timeout=100) as running:
        yield running


def judge(gate: BatchGate, rows: list[BatchRow], out_dir: Path, expected: int = 6, failed: int = 0) -> GateVerdict:
    return gate.judge(rows, expected, LENGTHS, out_dir, failed=failed)


def test_a_good_batch_passes_and_leaves_data_docs_that_need_nobody_else(gate: BatchGate, tmp_path: Path) -> None:
    verdict = judge(gate, batch(), tmp_path)
    assert verdict.success
    assert verdict.failed == ()
    assert verdict.expectations > 20
    assert verdict.batch_hash == batch_hash(batch(), 6)
    assert verdict.docs == str(tmp_path / "data_docs" / "index.html")
    pages = list((tmp_path / "data_docs").rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        html = page.read_text("utf-8")
        assert re.findall(r"<script|<(?:link|img)[^>]*https?:|url\(['\"]?https?:", html) == []
        for link in re.findall(r"href=\"([^\"#:]+)\"", html):
            assert (page.parent / link).exists(), link
    assert sum(file.stat().st_size for file in (tmp_path / "data_docs").rglob("*") if file.is_file()) < 500_000


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": " \n\u3000"}, "Every draft has a text: not so for idea 1 as x_thread."),
        ({"words": 0}, "Every draft has words: not so for idea 1 as x_thread."),
        ({"characters": 2801}, "Every x_thread has 10 to 2800 characters: not so for idea 1 as x_thread."),
        ({"characters": 9}, "Every x_thread has 10 to 2800 characters: not so for idea 1 as x_thread."),
        ({"state": "unheard_of"}, "Every draft is in a known state: not so for idea 1 as x_thread."),
        ({"calls": 0}, "Every draft has a provider call in its lineage: not so for idea 1 as x_thread."),
        ({"violations": 2}, "No draft outside quarantine breaks a rule: not so for idea 1 as x_thread."),
        ({"state": State.QUARANTINED}, "Every quarantined draft has its reasons: not so for idea 1 as x_thread."),
        (
            {"text": batch()[0].text},
            "No two drafts have the same text: not so for idea 1 as linkedin_post, idea 1 as x_thread.",
        ),
        (
            {"format": "linkedin_post", "text": "Another text"},
            "No idea is written twice in one format: not so for idea 1 as linkedin_post, idea 1 as linkedin_post.",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_each_broken_expectation_is_told(
    gate: BatchGate, tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    verdict = judge(gate, batch(**changes), tmp_path)
    assert not verdict.success
    assert verdict.failed == (sentence,)
    assert sentence in (tmp_path / "data_docs" / "index.html").read_text("utf-8")


def test_each_gap_in_the_lineage_is_told(gate: BatchGate, tmp_path: Path) -> None:
    verdict = judge(gate, batch(idea_id="", content_id=" ", prompt_hash="", provider="\t", model=""), tmp_path)
    assert sorted(verdict.failed) == [
        f"Every draft knows its {what}: not so for idea 1 as x_thread."
        for what in ("content id", "idea id", "model", "prompt hash", "provider")
    ]


def test_a_missing_draft_is_told(gate: BatchGate, tmp_path: Path) -> None:
    verdict = judge(gate, batch()[:-1], tmp_path)
    assert verdict.failed == ("The batch holds 6 drafts, 6 asked for less 0 failed: not so, there are 5.",)


def test_failed_drafts_are_accounted_for(gate: BatchGate, tmp_path: Path) -> None:
    assert judge(gate, batch()[:-1], tmp_path, failed=1).success


def test_a_quarantined_draft_with_reasons_may_be_of_any_length_even_empty(gate: BatchGate, tmp_path: Path) -> None:
    rows = batch(state=State.QUARANTINED, violations=2, characters=0, words=0, text="")
    assert judge(gate, rows, tmp_path).success


@pytest.mark.parametrize("expected", [0, 6])
def test_an_empty_batch_fails_clearly(gate: BatchGate, tmp_path: Path, expected: int) -> None:
    verdict = judge(gate, [], tmp_path, expected=expected)
    assert not verdict.success
    assert "The batch is not empty: not so, there are 0." in verdict.failed
    assert (tmp_path / "data_docs" / "index.html").exists()


def test_docs_of_a_second_judgement_replace_the_first(gate: BatchGate, tmp_path: Path) -> None:
    judge(gate, batch(), tmp_path)
    judge(gate, batch(), tmp_path)
    assert len(list((tmp_path / "data_docs").rglob("*.html"))) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["data_docs"]


def test_the_hash_ignores_order_and_nothing_else() -> None:
    assert batch_hash(batch(), 6) == batch_hash(batch()[::-1], 6)
    assert batch_hash(batch(), 6) != batch_hash(batch(), 7)
    assert batch_hash(batch(), 6) != batch_hash(batch(model="other"), 6)
    assert batch_hash([], 0) == batch_hash([], 0)


def _stand_in(code: str, timeout: float = 20) -> BatchGate:
    return BatchGate(timeout=timeout, command=(sys.executable, "-c", code))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys; sys.exit('no memory left')", "ended without an answer.*no memory left"),
        ("input(); print('Welcome!')", "something else than JSON"),
        ("input(); print('[1]')", "not a JSON object"),
        ("input(); print('{}')", "lacks something"),
        ('input(); print(\'{"error": "ValueError: bad"}\')', "broke down: ValueError: bad"),
    ],
)
def test_a_broken_child_is_reported(code: str, message: str, tmp_path: Path) -> None:
    with _stand_in(code) as gate, pytest.raises(GateFailed, match=f"(?s){message}"):
        gate.judge(batch(), 6, LENGTHS, tmp_path)


def test_a_silent_child_times_out_with_a_hint_and_is_killed(tmp_path: Path) -> None:
    with _stand_in("import time; time.sleep(60)", timeout=0.5) as gate:
        child = gate._child
        start = time.perf_counter()
        with pytest.raises(GateFailed, match=r"within 0\.5 s.*PRESSROOM_GATE_TIMEOUT"):
            gate.judge(batch(text="long " * 50_000), 6, LENGTHS, tmp_path)
        assert time.perf_counter() - start < 10
    assert child is not None
    assert child.returncode is not None


def test_a_command_that_does_not_exist_is_reported() -> None:
    with pytest.raises(GateFailed, match="could not be started"):
        BatchGate(command=("/nowhere/python",)).start()


def test_a_bad_question_is_answered_with_an_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with BatchGate(timeout=100) as gate, pytest.raises(GateFailed, match="broke down"):
        gate.judge(batch(), 6, LENGTHS, blocked / "below")


def test_the_child_ends_with_its_stdin() -> None:
    gate = BatchGate().start()
    child = gate._child
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=30) == 0
    gate.close()


def test_close_is_harmless_before_start_and_twice() -> None:
    gate = BatchGate()
    gate.close()
    gate.start().close()
    gate.close()


def test_the_parent_never_imports_the_heavy_libraries(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pressroom.gates.batch_gate import BatchGate\n"
        "with BatchGate() as gate: print(gate.judge([], 0, {}, Path(sys.argv[1])).success)\n"
        "print({'great_expectations', 'pandas', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["False", "set()"]
    assert done.stderr == ""
