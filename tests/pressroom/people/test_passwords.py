"""What may be a password, and how one is kept and compared."""

from __future__ import annotations

import pytest

from pressroom.errors import WrongInput
from pressroom.people import passwords
from pressroom.settings import settings
from tests.fixtures.measuring import core_seconds

EMAIL = "ada.lovelace@example.com"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_PASSWORD_ROUNDS", "4")
    settings.cache_clear()


def test_a_password_is_known_again_and_another_is_not() -> None:
    hashed = passwords.hash_password("correct horse battery")
    assert passwords.verify("correct horse battery", hashed)
    assert not passwords.verify("correct horse batterz", hashed)


def test_nothing_is_cut_off_after_72_bytes_or_at_a_zero() -> None:
    hashed = passwords.hash_password("x" * 80 + "a")
    assert not passwords.verify("x" * 80 + "b", hashed)
    assert not passwords.verify("ab\0d", passwords.hash_password("ab\0c"))


def test_a_letter_typed_in_two_ways_is_one() -> None:
    assert passwords.verify("cafe\u0301 au lait", passwords.hash_password("caf\u00e9 au lait"))


def test_the_cost_is_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = passwords.hash_password("correct horse battery")
    assert cheap.startswith("$2b$04$")
    assert not passwords.is_outdated(cheap)
    monkeypatch.setenv("PRESSROOM_PASSWORD_ROUNDS", "5")
    settings.cache_clear()
    assert passwords.is_outdated(cheap)


def test_nobodys_password_is_never_right() -> None:
    assert not passwords.verify("", "")
    assert not passwords.verify("correct horse battery", "")


def test_nobodys_password_takes_as_long_as_somebodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_PASSWORD_ROUNDS", "9")
    settings.cache_clear()
    hashed = passwords.hash_password("correct horse battery")

    def fastest(compared_with: str) -> float:
        return min(core_seconds(lambda: passwords.verify("a wrong one, of course", compared_with)) for _ in range(5))

    assert fastest("") == pytest.approx(fastest(hashed), rel=0.3)


def test_a_generated_one_is_strong() -> None:
    passwords.check_strength(passwords.generate(), EMAIL)
    assert passwords.generate() != passwords.generate()


@pytest.mark.parametrize(
    "good",
    [
        "correct horse battery staple",
        "summer in the old harbour",
        "Tr0ub4dor&3xyzzy",
        "ありがとうございますせんせい",
        "9" * 3 + "hk-Lp7 vq2",
    ],
)
def test_what_is_long_and_not_guessed_first_is_taken(good: str) -> None:
    passwords.check_strength(good, EMAIL)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("short", "fewer than 12"),
        ("elevenchars", "fewer than 12"),
        ("x" * 1001, "more than 1000"),
        ("aaaaaaaaaaaaaaa", "same few"),
        ("abababababababab", "same few"),
        (EMAIL, "e-mail"),
        (EMAIL.upper(), "e-mail"),
        ("ada.lovelace1815", "e-mail"),
        ("password12345", "first that are guessed"),
        ("Passwort!2024", "first that are guessed"),
        ("qwertyuiop12", "first that are guessed"),
        ("qwertyuiopasdf", "first that are guessed"),
        ("123456789012", "first that are guessed"),
        ("Summer2026!!", "first that are guessed"),
        ("letmeinletmein", "first that are guessed"),
        ("welcome-admin-1", "first that are guessed"),
    ],
)
def test_what_is_guessed_early_is_refused(bad: str, why: str) -> None:
    with pytest.raises(WrongInput, match=why) as refused:
        passwords.check_strength(bad, EMAIL)
    assert bad not in str(refused.value)
