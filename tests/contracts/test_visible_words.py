"""Every reader, over generated documents: each word that is shown is read once, in order; no hidden one is read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings

from pressroom.sources import readers
from pressroom.sources.shared.declare import Content
from tests.contracts import written_office
from tests.contracts.written_words import HIDDEN, SHOWN, WRITERS, Block, documents, shown_words

EVERY = WRITERS | {"docx": written_office.word, "pdf": written_office.page}

FEW = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("kind", EVERY)
@FEW
@given(blocks=documents())
def test_each_shown_word_once_and_in_order(kind: str, blocks: Sequence[Block]) -> None:
    data = EVERY[kind](blocks)
    document = readers.get(kind).read(Content(data, "example", "https://example.net/a"))
    assert re.findall(rf"{SHOWN}[a-j]+", document.text) == shown_words(blocks), data.decode("utf-8", "replace")
    assert HIDDEN not in document.text
