"""What every reader keeps to. Readers are found by name, so a new one is held to this without another line."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressroom.errors import SourceEmpty, SourceUnusable
from pressroom.model.documents import Document
from pressroom.sources import readers
from pressroom.sources.shared.declare import Content
from tests.data.documents import written

DOCUMENTS = Path(__file__).parents[1] / "data" / "documents"
EXAMPLES = {
    "html": (DOCUMENTS / "article.html").read_bytes(),
    "markdown": (DOCUMENTS / "post.mdx").read_bytes(),
    "text": (DOCUMENTS / "letter.txt").read_bytes(),
    "docx": written.word(),
    "pdf": written.report(),
}
EVERY_READER = pytest.mark.parametrize("name", readers.names())
FEW = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
MOST_SECONDS = 5


def read(name: str, data: bytes) -> Document | None:
    """The document; None when the reader says why there is none."""
    start = time.monotonic()
    try:
        document = readers.get(name).read(Content(data, "example", "https://example.org/a"))
    except SourceUnusable as error:
        assert error.message.endswith(".")
        assert error.hint.endswith(".")
        document = None
    assert time.monotonic() - start < MOST_SECONDS
    return document


def example(name: str) -> bytes:
    assert name in EXAMPLES, f"the reader {name} has no example: add one to tests/contracts/test_readers.py"
    return EXAMPLES[name]


def sound(document: Document) -> None:
    assert Document.model_validate_json(document.model_dump_json()) == document
    assert any(section.text for section in document.sections)
    for section in document.sections:
        assert section.heading == section.heading.strip()
        assert "\n" not in section.heading
        for paragraph in section.text.split("\n\n"):
            assert "\n" not in paragraph
    text = f"{document.title}\n{document.text}"
    assert unicodedata.is_normalized("NFC", text)
    assert not set("\u00ad\u200b\ufeff\u202e\x00\r\t") & set(text)
    for address in (*document.links, document.address, document.lead_image):
        assert address is None or address.startswith(("https://", "http://"))


@EVERY_READER
def test_declares_itself(name: str) -> None:
    reader = readers.get(name)
    assert reader.kind == name
    assert reader.suffixes
    assert reader.media_types
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in reader.suffixes)


def test_no_two_readers_claim_the_same() -> None:
    for attribute in ("suffixes", "media_types"):
        claimed = [each for reader in readers.REGISTRY for each in getattr(reader, attribute)]
        assert len(claimed) == len(set(claimed))


@EVERY_READER
def test_reads_its_example_the_same_way_twice(name: str) -> None:
    document = read(name, example(name))
    assert document is not None
    sound(document)
    assert (document.source, document.kind) == ("example", name)
    assert document.title
    assert len(document.sections) > 1
    assert document.links
    assert read(name, example(name)) == document


@EVERY_READER
@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"-", b"<", b"{", b"% -", b"PK\x03\x04"]
)
def test_next_to_nothing_is_no_document(name: str, data: bytes) -> None:
    document = read(name, data)
    assert document is None


@EVERY_READER
def test_nothing_at_all_is_empty(name: str) -> None:
    with pytest.raises(SourceEmpty):
        readers.get(name).read(Content(b"", "example"))


@EVERY_READER
@FEW
@given(data=st.binary(max_size=3_000))
def test_random_bytes(name: str, data: bytes) -> None:
    document = read(name, data)
    if document is not None:
        sound(document)


@EVERY_READER
@FEW
@given(share=st.floats(0, 1), noise=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=30))
def test_a_damaged_example(name: str, share: float, noise: list[tuple[float, int]]) -> None:
    data = bytearray(example(name))
    for place, value in noise:
        data[int(place * (len(data) - 1))] = value
    document = read(name, bytes(data[: max(1, int(share * len(data)))]))
    if document is not None:
        sound(document)


@EVERY_READER
@FEW
@given(words=st.text(max_size=400))
def test_random_text_around_an_example(name: str, words: str) -> None:
    data = words.encode("utf-8", "replace")
    for document in (read(name, data + example(name)), read(name, example(name) + data)):
        if document is not None:
            sound(document)
