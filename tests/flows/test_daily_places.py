"""The daily flow on PostgreSQL and S3, as in production."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pressroom.model import RunReport
from pressroom.store.artifacts import ArtifactStore
from tests.fixtures.running import Said, every_row

pytestmark = pytest.mark.usefixtures("light_gate")


def test_on_postgresql_and_s3_a_repeat_pays_for_nothing_and_changes_nothing(
    daily: Callable[..., RunReport],
    cli: Callable[..., Said],
    postgres_url: str,
    s3_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PRESSROOM_DATABASE_URL", postgres_url)
    monkeypatch.setenv("PRESSROOM_STORE_URL", s3_url)
    first = daily(ideas=2, formats=("linkedin_post", "x_thread"))
    assert (first.status, first.calls.made) == ("completed", 5)
    store = ArtifactStore(s3_url)
    assert len(store.list("results")) == 4
    assert first.artifacts["brief_md"].startswith(s3_url)
    rows, brief = every_row(), store.get(f"{first.artifacts['folder'].removeprefix(s3_url)[1:]}/brief.html")

    again = daily(ideas=2, formats=("linkedin_post", "x_thread"))
    assert (again.status, again.calls.made, again.calls.reused) == ("completed", 0, 5)
    after = every_row()
    for name in ("subject", "content", "revision", "provider_call", "artifact"):
        assert after[name] == rows[name]
    assert store.get(f"{first.artifacts['folder'].removeprefix(s3_url)[1:]}/brief.html") == brief
    assert cli("brief").out.startswith("# ")
    checked = cli("doctor", "--no-online").out.splitlines()
    assert [line[5:].partition(":")[0] for line in checked if line[:4] not in ("ok  ", "    ")] in ([], ["deployed"])
    assert {"database", "artifact store"} <= {line[5:].partition(":")[0] for line in checked}
