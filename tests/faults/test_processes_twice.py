"""Two processes start the same run at the same moment: one makes it, the other says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import ProviderServer
from tests.faults.forking import nursery
from tests.faults.outages import has_ended, wait_until
from tests.faults.question import THOROUGH, Question
from tests.fixtures.running import DAY

WORDS = ("daily", "--date", DAY, "--ideas", "2", "--format", "linkedin_post", "--format", "x_thread")
COMMAND = (*WORDS, "--chain", "openai", "--json")
RACES = range(10 if THOROUGH else 1)


@pytest.mark.usefixtures("nothing_known")
@pytest.mark.parametrize("race", RACES)
def test_of_two_starts_at_once_one_makes_the_run_and_the_other_says_that_it_is_being_made(
    race: int,
    provider: ProviderServer,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On an empty database, which both find and want to set up."""
    monkeypatch.setenv("PRESSROOM_DATABASE_URL", database_url)
    with provider._handler.plan._lock:  # nobody is answered until one of the two has ended
        forks = [nursery().start(*COMMAND, folder=tmp_path / name) for name in ("one", "other")]
        wait_until(lambda: any(has_ended(fork.pid) for fork in forks), 60)
    made, refused = sorted((fork.finished() for fork in forks), key=lambda said: said.code)

    assert (made.code, made.json["status"] if made.out else made.err) == (0, "completed")
    assert (refused.code, refused.out) == (1, "")
    assert "is being made by" in refused.err
    assert "Traceback" not in refused.err
    Question(provider, ideas=2, formats=2).answer()
    assert provider.counts["purpose"]["ideas"] == 1
    assert provider.counts["purpose"]["draft"] == 4
