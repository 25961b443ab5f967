"""The engine's data: complete, well formed, and open to a user's own topics."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pressroom import settings
from pressroom.calls import providers
from pressroom.errors import Misconfigured
from pressroom.formats.shared.language import cliches
from pressroom.model import Preferences
from pressroom.providers.offline import bank
from pressroom.providers.offline.wording import Voice, data
from tests.fixtures.measuring import GOES
from tests.pressroom.providers.offline.offline_desk import draft_of, ideas_for, prose

OWN = """
[[topics]]
name = "beekeeping"
hashtags = ["Bees"]

[[subjects]]
topic = "beekeeping"
name = "winter feeding"

[[subjects]]
topic = "Technology"
name = "database backups"
start = "ask the bees"
"""


@pytest.fixture
def own_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "bank.toml"
    path.write_text(OWN)
    monkeypatch.setenv("PRESSROOM_TOPIC_BANK", str(path))
    settings.settings.cache_clear()
    yield path
    monkeypatch.undo()
    settings.settings.cache_clear()


def test_it_is_found_by_name_and_free() -> None:
    provider = providers.get("offline")
    assert (provider.name, provider.paid) == ("offline", False)


def test_a_users_subjects_are_added_and_replace_shipped_ones(own_bank: Path) -> None:
    merged = bank.load(own_bank)
    assert len(merged.of_topic("technology")) == len(bank.load().of_topic("technology"))
    assert {one.start for one in merged.of_topic("TECHNOLOGY") if one.name == "database backups"} == {"ask the bees"}
    idea = ideas_for(1, preferences=Preferences(topics=("beekeeping",)))[0]
    assert "winter feeding" in idea.title.casefold()
    body, _ = draft_of(idea, "linkedin_post")
    assert "winter feeding" in str(body) and "'Bees'" in str(body)


def test_a_changed_file_is_read_again(own_bank: Path) -> None:
    before = bank.load(own_bank)
    assert bank.load(own_bank) is before
    own_bank.write_text(OWN.replace("winter feeding", "spring feeding"))
    assert [one.name for one in bank.load(own_bank).of_topic("beekeeping")] == ["spring feeding"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[subjects]\n", "no TOML"),
        ("[[subjects]]\nname = 'x y'\n", r"subjects\[0\].topic"),
        ("[[subjects]]\ntopic = 'a'\nname = 'x y'\nmith = 'z'\n", r"subjects\[0\].mith"),
        (f"[[subjects]]\ntopic = 'a'\nname = 'x y'\nmyth = '{'z' * 200}'\n", r"subjects\[0\].myth"),
        ("subjects = 5\n", "subjects"),
        ("[[topics]]\nhashtags = []\n", r"topics\[0\].name"),
        ("answers = []\n", "answers"),
    ],
)
def test_a_malformed_bank_is_named_with_its_key(own_bank: Path, text: str, named: str) -> None:
    own_bank.write_text(text)
    with pytest.raises(Misconfigured, match=named) as caught:
        ideas_for(1)
    assert str(own_bank) in str(caught.value)


def test_a_missing_bank_is_named(own_bank: Path) -> None:
    own_bank.unlink()
    with pytest.raises(Misconfigured, match="No such file"):
        ideas_for(1)


def test_every_shipped_subject_is_complete() -> None:
    shipped = bank.load()
    assert sum(len(shipped.of_topic(topic)) for topic in Preferences().topics) >= 150
    for subject in (*shipped.all_subjects(), *shipped.aspects):
        facets = {name: getattr(subject, name) for name in ("short", *bank.FACETS)}
        assert all(facets.values()) and len(subject.tags) >= 2, subject.name
        assert not any(text.endswith(".") or cliches(text) for text in facets.values()), subject.name
        lines = {name: getattr(subject, name) for name in bank.LINES}
        assert all(text[-1:] in '.?"' and not cliches(text) for text in lines.values()), subject.name
        assert lines["ask"].endswith("?") and len(lines["ask"]) <= 100, subject.name
        assert all(text[0].islower() or text.split()[0].isupper() for text in facets.values()), subject.name
        assert max(len(facets[name]) for name in ("myth", "truth", "start", "next", "cost")) <= 85, subject.name


def test_names_and_anywhere_are_consistent() -> None:
    shipped = bank.load()
    names = [subject.name for subject in shipped.all_subjects()]
    assert len(names) == len(set(names))
    assert set(data("aspects")["anywhere"]) <= {aspect.short for aspect in shipped.aspects}
    assert all("{topic}" in aspect.name for aspect in shipped.aspects)


@pytest.mark.parametrize(
    ("role", "kind"),
    [(role, kind) for role, lists in data("sentences").items() for kind in lists if role != "hashtags"],
)
def test_every_sentence_holds_something_of_its_subject(role: str, kind: str) -> None:
    """Otherwise it would stand word for word in the drafts of other ideas."""
    variants = data("sentences")[role][kind]
    assert len(variants) == len(set(variants)) >= 9
    for template in variants:
        assert not cliches(template), template
        for sentence in re.split(r"(?<=[.?!]) ", template):
            assert any(field for _, field, _, _ in string.Formatter().parse(sentence)), sentence


def test_importing_it_is_quick() -> None:
    code = (
        "import time, pressroom.formats, pressroom.settings, pressroom.calls.providers;"
        "began = time.process_time(); import pressroom.providers.offline; print(time.process_time() - began)"
    )
    goes = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(GOES)
    )
    assert any(float(go.stdout) < 0.1 for go in goes)


def test_no_phrasing_says_what_another_one_denies() -> None:
    """Nothing is called free or cheap where another sentence of the same role asks for hours or money."""
    free = re.compile(r"costs (?:nothing|little)|cheap|free of charge|no (?:time|effort)", re.I)
    told = [text for role in data("sentences").values() for texts in role.values() for text in texts]
    assert [text for text in told if free.search(text)] == []


def test_what_fills_a_phrasing_does_not_repeat_its_words() -> None:
    """As in `Cross out a read-only copy for eternity for the moment`."""
    ends = re.compile(r"\{skip\} (?:for|until|at) ", re.I)
    assert [text for text in data("sentences")["skip"]["point"] if ends.search(text)] == []
    words = Voice("key", 0, {"name": "meeting notes"})
    variants = [*(f"Number {at} about {{name}}." for at in range(11)), "The next meeting about {name}."]
    assert not any("next meeting" in text for text in words.options("role", variants))


def test_a_myth_never_stands_without_its_answer() -> None:
    subjects = bank.load().all_subjects()
    myths = {one.myth.casefold(): one.truth.casefold() for one in subjects if one.myth and one.truth}
    for idea in ideas_for(12):
        for name in ("bluesky_post", "pinterest_pin", "facebook_post", "threads_post", "x_thread", "tiktok_script"):
            said = str(draft_of(idea, name)[0]).casefold()
            told = [truth for myth, truth in myths.items() if f"{myth}." in said]
            assert all(truth in said for truth in told), (idea.title, name)


def test_sentences_begin_in_many_ways() -> None:
    """The ten commonest openings of two words begin fewer than an eighth of a day's sentences."""
    drafts = [
        draft_of(idea, name)[0] for idea in ideas_for(20) for name in ("linkedin_post", "x_thread", "threads_post")
    ]
    openings = Counter(" ".join(sentence.split()[:2]) for draft in drafts for sentence in prose(draft))
    assert sum(times for _, times in openings.most_common(10)) < openings.total() / 8
