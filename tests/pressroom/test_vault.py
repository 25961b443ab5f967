"""Sealing what must be read again, and the key it is sealed with."""

from __future__ import annotations

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pressroom import vault
from pressroom.errors import Misconfigured
from pressroom.settings import settings
from pressroom.vault import Vault


def test_what_was_sealed_is_opened_and_does_not_show_through() -> None:
    vault = Vault("x" * 32)
    sealed = vault.seal("whsec_äöü")
    assert "whsec" not in sealed
    assert sealed.isascii()
    assert vault.open(sealed) == "whsec_äöü"


@pytest.mark.parametrize("broken", ["", "nothing", "ä", "gAAAAA" + "A" * 80])
def test_what_we_did_not_seal_is_refused(broken: str) -> None:
    with pytest.raises(Misconfigured, match="can't be read"):
        Vault("x" * 32).open(broken)


def test_another_key_opens_nothing_and_marks_otherwise() -> None:
    one, other = Vault("x" * 32), Vault("y" * 32)
    with pytest.raises(Misconfigured):
        other.open(one.seal("secret"))
    assert one.mark("id") == Vault("x" * 32).mark("id") != other.mark("id")
    assert len(one.mark("id")) == 32


def test_tokens_are_new_each_time_and_known_by_their_hash() -> None:
    token = vault.new_token("prs_abc")
    assert token.startswith("prs_abc_")
    assert token != vault.new_token("prs_abc")
    assert vault.token_hash(token) == vault.token_hash(token)
    assert len(vault.token_hash(token)) == 64


def test_a_key_of_the_settings_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_SECRET_KEY", "k" * 40)
    settings.cache_clear()
    assert Vault.from_settings().open(Vault("k" * 40).seal("text")) == "text"
    assert not (settings().home / vault.KEY_FILE).exists()


def test_a_short_key_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_SECRET_KEY", "hunter2")
    settings.cache_clear()
    with pytest.raises(Misconfigured, match="shorter than 32") as refused:
        Vault.from_settings()
    assert "hunter2" not in str(refused.value)


def test_without_one_it_is_made_once_for_the_owner_alone() -> None:
    sealed = Vault.from_settings().seal("text")
    file = settings().home / vault.KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Vault.from_settings().open(sealed) == "text"
    assert [each.name for each in file.parent.iterdir()] == [vault.KEY_FILE]


def test_of_many_who_make_it_at_once_all_have_the_same() -> None:
    with ThreadPoolExecutor(16) as pool:
        vaults = list(pool.map(lambda _: Vault.from_settings(), range(32)))
    assert {vault.mark("one") for vault in vaults} == {vaults[0].mark("one")}


def test_a_damaged_file_is_not_made_anew() -> None:
    file = settings().home / vault.KEY_FILE
    file.parent.mkdir(parents=True)
    file.write_text("cut")
    with pytest.raises(Misconfigured, match="damaged"):
        Vault.from_settings()
    assert file.read_text() == "cut"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_can_t_be_written_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    monkeypatch.setenv("PRESSROOM_HOME", str(tmp_path / "closed" / "home"))
    settings.cache_clear()
    with pytest.raises(Misconfigured, match="can't be used"):
        Vault.from_settings()
