"""The batch gate: a good batch passes, each broken expectation is told in a sentence, a broken child is reported."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
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


@pytest.fixture(scope="module")
def good(gate: BatchGate, tmp_path_factory: pytest.TempPathFactory) -> tuple[GateVerdict, Path]:
    """The verdict on a good batch, and the folder it was left in."""
    out_dir = tmp_path_factory.mktemp("good")
    return judge(gate, batch(), out_dir), out_dir


def test_a_good_batch_passes_and_leaves_data_docs_that_need_nobody_else(good: tuple[GateVerdict, Path]) -> None:
    verdict, out_dir = good
    assert verdict.success
    assert verdict.failed == ()
    assert verdict.expectations > 20
    assert verdict.batch_hash == batch_hash(batch(), 6)
    assert verdict.docs == str(out_dir / "data_docs" / "index.html")
    pages = list((out_dir / "data_docs").rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        html = page.read_text("utf-8")
        assert re.findall(r"<script|<(?:link|img)[^>]*https?:|url\(['\"]?https?:", html) == []
        for link in re.findall(r"href=\"([^\"#:]+)\"", html):
            assert (page.parent / link).exists(), link
    assert sum(file.stat().st_size for file in (out_dir / "data_docs").rglob("*") if file.is_file()) < 500_000


def test_a_missing_draft_is_told_and_docs_of_a_second_judgement_replace_the_first(
    gate: BatchGate, good: tuple[GateVerdict, Path]
) -> None:
    _, out_dir = good
    verdict = judge(gate, batch()[:-1], out_dir)
    assert verdict.failed == ("The batch holds 6 drafts, 6 asked for less 0 failed: not so, there are 5.",)
    assert len(list((out_dir / "data_docs").rglob("*.html"))) == 3
    assert [path.name for path in out_dir.iterdir()] == ["data_docs"]


BROKEN: dict[int, tuple[dict[str, Any], set[str]]] = {
    2: ({"text": " \n\u3000"}, {"Every draft has a text: not so for idea 2 as x_thread."}),
    3: ({"words": 0}, {"Every draft has words: not so for idea 3 as x_thread."}),
    4: (
        {"characters": 2801},
        {"Every x_thread has 10 to 2800 characters: not so for idea 4 as x_thread, idea 5 as x_thread."},
    ),
    5: (
        {"characters": 9},
        {"Every x_thread has 10 to 2800 characters: not so for idea 4 as x_thread, idea 5 as x_thread."},
    ),
    6: ({"state": "unheard_of"}, {"Every draft is in a known state: not so for idea 6 as x_thread."}),
    7: ({"calls": 0}, {"Every draft has a provider call in its lineage: not so for idea 7 as x_thread."}),
    8: ({"violations": 2}, {"No draft outside quarantine breaks a rule: not so for idea 8 as x_thread."}),
    9: ({"state": State.QUARANTINED}, {"Every quarantined draft has its reasons: not so for idea 9 as x_thread."}),
    10: (
        {"text": row(10, "linkedin_post").text},
        {"No two drafts have the same text: not so for idea 10 as linkedin_post, idea 10 as x_thread."},
    ),
    11: (
        {"format": "linkedin_post", "text": "Another text"},
        {"No idea is written twice in one format: not so for idea 11 as linkedin_post, idea 11 as linkedin_post."},
    ),
    12: (
        {"idea_id": "", "content_id": " ", "prompt_hash": "", "provider": "\t", "model": ""},
        {
            f"Every draft knows its {what}: not so for idea 12 as x_thread."
            for what in ("content id", "idea id", "model", "prompt hash", "provider")
        },
    ),
}
"""By idea: what is changed in its x_thread, and all that is said of the idea for it. Idea 1 is left whole."""


@pytest.fixture(scope="module")
def broken(gate: BatchGate, tmp_path_factory: pytest.TempPathFactory) -> tuple[GateVerdict, str]:
    """The verdict on one batch with all of `BROKEN`, and the first page of its Data Docs."""
    rows = [
        row(position, name).model_copy(update=BROKEN[position][0] if position in BROKEN and name == "x_thread" else {})
        for position in (1, *BROKEN)
        for name in FORMATS
    ]
    out_dir = tmp_path_factory.mktemp("broken")
    return judge(gate, rows, out_dir, expected=len(rows)), (out_dir / "data_docs" / "index.html").read_text("utf-8")


@pytest.mark.parametrize("position", BROKEN)
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_each_broken_expectation_is_told_and_no_other(broken: tuple[GateVerdict, str], position: int) -> None:
    verdict, index = broken
    changes, sentences = BROKEN[position]
    assert {sentence for sentence in verdict.failed if f"idea {position} as " in sentence} == sentences, changes
    assert all(sentence in index for sentence in sentences)


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_every_broken_expectation_is_told_once(broken: tuple[GateVerdict, str]) -> None:
    verdict, _ = broken
    assert not verdict.success
    assert sorted(verdict.failed) == sorted(set.union(*(sentences for _, sentences in BROKEN.values())))


def test_markup_of_a_draft_is_text_in_data_docs_and_no_page_runs_a_script(gate: BatchGate, tmp_path: Path) -> None:
    markup = "<img src=x onerror=alert(1)>"
    rows = [one.model_copy(update={"text": markup, "idea_id": markup, "provider": markup}) for one in batch()]
    judge(gate, [*rows, rows[0]], tmp_path)
    pages = [page.read_text("utf-8") for page in (tmp_path / "data_docs").rglob("*.html")]
    assert any("onerror" in page for page in pages)
    for page in pages:
        assert "<img src=x" not in page
        assert "Content-Security-Policy" in page.partition("<body")[0]


def test_failed_drafts_are_accounted_for_and_a_quarantined_one_with_reasons_may_be_of_any_length_even_empty(
    gate: BatchGate, tmp_path: Path
) -> None:
    rows = batch(state=State.QUARANTINED, violations=2, characters=0, words=0, text="")
    assert judge(gate, rows[:-1], tmp_path, failed=1).success


@pytest.mark.parametrize("expected", [0, 6])
def test_an_empty_batch_fails_clearly(gate: BatchGate, tmp_path: Path, expected: int) -> None:
    verdict = judge(gate, [], tmp_path, expected=expected)
    assert not verdict.success
    assert "The batch is not empty: not so, there are 0." in verdict.failed
    assert (tmp_path / "data_docs" / "index.html").exists()


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


def test_the_parent_never_imports_the_heavy_libraries_and_what_the_child_mutters_stays_there(tmp_path: Path) -> None:
    answer = {"success": False, "expectations": 2, "failed": [], "docs": ""}
    child = f"import sys; sys.stderr.write('muttering'); input(); print({json.dumps(json.dumps(answer))})"
    code = (
        "import sys; from pathlib import Path; from pressroom.gates.batch_gate import BatchGate\n"
        f"with BatchGate(command=(sys.executable, '-c', {child!r})) as gate:\n"
        "    print(gate.judge([], 0, {}, Path(sys.argv[1])).success)\n"
        "print({'great_expectations', 'pandas', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["False", "set()"]
    assert done.stderr == ""


def test_a_bad_question_is_answered_with_an_error(gate: BatchGate, tmp_path: Path) -> None:
    """Last in this file: the child the others ask is of no further use, and a new one takes 5 s."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(GateFailed, match="broke down"):
        gate.judge(batch(), 6, LENGTHS, blocked / "below")


def test_what_the_suite_does_not_use_is_imported_only_when_asked_for() -> None:
    """A third of the time that the gate's process takes to be ready."""
    code = """
        import sys
        from pressroom.gates import batch_gate_imports
        batch_gate_imports.trim()
        from pressroom.gates import batch_gate_suite
        unused = ("scipy.stats._stats_py", "altair.vegalite", "boto3.session", "sqlalchemy", "google.cloud")
        print([name for name in unused if name in sys.modules])
        from scipy import stats
        print(round(stats.norm.cdf(0.0), 1))
    """
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, timeout=100
    )
    assert said.stdout.split("\n")[:2] == ["[]", "0.5"]
