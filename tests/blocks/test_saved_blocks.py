"""Blocks saved on the Prefect server are preferred over the environment, and never show their secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from blocks import connections
from pressroom.errors import Misconfigured
from pressroom.model import RunReport
from pressroom.store.artifacts import ArtifactStore
from sandbox import ProviderServer
from tests.fixtures.running import forget

pytestmark = pytest.mark.usefixtures("nothing_known", "light_gate")

SECRET = "sk-in-a-block-0123456789"


@contextmanager
def saved(block: Any, name: str) -> Iterator[None]:
    """The block is on the server inside, and gone outside: the server is shared."""
    block.save(name, overwrite=True)
    forget()
    try:
        yield
    finally:
        type(block).delete(name)
        forget()


def test_without_blocks_everything_comes_from_the_environment(tmp_path: Path) -> None:
    assert connections.database().label == f"sqlite:///{tmp_path / '.pressroom' / 'pressroom.db'}"
    assert connections.store_block().url == str(tmp_path / ".pressroom" / "artifacts")
    assert connections.notifier().urls == []
    with pytest.raises(Misconfigured):
        connections.account("openai")


def test_an_app_of_a_block_comes_before_the_settings_and_a_new_one_is_found_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from blocks.platform_app import PlatformAppBlock

    monkeypatch.setenv("PRESSROOM_PLATFORM_APPS__X__CLIENT_ID", "of-the-settings")
    monkeypatch.setenv("PRESSROOM_PLATFORM_APPS__X__CLIENT_SECRET", "s")
    forget()
    app = connections.platform_app("x")
    assert app is not None
    assert app.client_id == "of-the-settings"
    assert connections.platform_app("linkedin") is None
    with saved(PlatformAppBlock(platform="x", client_id="of-the-block", client_secret=SecretStr(SECRET)), "x"):
        app = connections.platform_app("x")
        assert app is not None
        assert (app.client_id, app.client_secret.get_secret_value()) == ("of-the-block", SECRET)
        assert SECRET not in repr(app)
    with pytest.raises(ValueError, match="choose from: bluesky"):
        PlatformAppBlock(platform="myspace", client_id="a", client_secret=SecretStr("b"))


def test_a_database_and_a_store_of_blocks_are_where_a_run_goes(
    daily: Callable[..., RunReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from blocks.artifact_store import ArtifactStoreBlock
    from blocks.content_database import ContentDatabase

    database, store = tmp_path / "elsewhere.db", tmp_path / "files"
    with (
        saved(ContentDatabase(url=SecretStr(f"sqlite:///{database}")), "pressroom"),
        saved(ArtifactStoreBlock(url=str(store)), "pressroom"),
    ):
        report = daily()
        assert connections.database().label == f"sqlite:///{database}"
    assert report.artifacts["folder"].startswith(str(store))
    assert [path.is_file() for path in (store / "results").iterdir()] == [True]
    assert not (tmp_path / ".pressroom" / "pressroom.db").exists()


def test_a_store_block_holds_the_credentials_and_the_results(
    daily: Callable[..., RunReport], s3_url: str, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from blocks.artifact_store import ArtifactStoreBlock

    options = {"key": SecretStr("test-key"), "secret": SecretStr(SECRET), "endpoint_url": SecretStr(s3_endpoint)}
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name)
    block = ArtifactStoreBlock(url=s3_url, options=options)
    with saved(block, "pressroom"):
        assert (daily().calls.made, daily().calls.made) == (2, 0)
        stored = ArtifactStore(s3_url, options={name: value.get_secret_value() for name, value in options.items()})
        assert len(stored.list("results")) == 1
    assert SECRET not in repr(block) + str(block)


def test_an_account_of_a_block_is_asked_instead_of_the_environments(
    daily: Callable[..., RunReport],
    provider: ProviderServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from blocks.provider_account import ProviderAccount

    monkeypatch.setenv("OPENAI_API_KEY", "of-the-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    provider.configure(accepted_keys=(SECRET,))
    block = ProviderAccount(
        provider="openai", api_key=SecretStr(SECRET), model="gpt-of-the-block", base_url=provider.openai_url
    )
    with saved(block, "openai"), caplog.at_level(logging.DEBUG):
        assert daily(chain=("openai",)).status == "completed"
        shown = repr(connections.account("openai")) + repr(connections.chain(("openai",)))
    assert {record.model for record in provider.history if record.purpose == "draft"} == {"gpt-of-the-block"}
    assert SECRET not in repr(block) + str(block) + shown + caplog.text


def test_a_block_may_have_any_name_of_a_chain(daily: Callable[..., RunReport], provider: ProviderServer) -> None:
    from blocks.provider_account import ProviderAccount

    block = ProviderAccount(provider="compatible", api_key=SecretStr("k"), model="llama", base_url=provider.openai_url)
    with saved(block, "my-groq"):
        report = daily(chain=("my-groq",))
    assert (report.status, report.calls.made) == ("completed", 2)
    assert {record.model for record in provider.history if record.purpose == "draft"} == {"llama"}


def test_a_notifier_of_a_block_is_told_instead_of_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    from blocks.notifier import Notifier

    monkeypatch.setenv("PRESSROOM_NOTIFY_URLS", "json://127.0.0.1:9/")
    assert [url.get_secret_value() for url in connections.notifier().urls] == ["json://127.0.0.1:9/"]
    block = Notifier(urls=[SecretStr("json://block.test/?token=" + SECRET)])
    with saved(block, "pressroom"):
        assert connections.notifier().urls == block.urls
    assert SECRET not in repr(block) + str(block)


def test_what_the_server_shows_of_a_block_hides_the_secret() -> None:
    from prefect.client.orchestration import get_client

    from blocks.provider_account import ProviderAccount

    with (
        saved(ProviderAccount(provider="openai", api_key=SecretStr(SECRET), model="m"), "hidden"),
        get_client(sync_client=True) as client,
    ):
        document = client.read_block_document_by_name("hidden", "pressroom-provider-account", include_secrets=False)
    assert SECRET not in document.model_dump_json()
