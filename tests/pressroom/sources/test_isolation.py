"""Documents are read apart: none stops, fills or crashes the process that asks."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pressroom.errors import SourceTooLarge, SourceUnreadable, SourceUnusable
from pressroom.model.documents import Document
from pressroom.sources import isolation
from pressroom.sources.isolation import Limits
from pressroom.sources.reading import document_of
from pressroom.sources.shared.declare import Content
from tests.data.documents.written import bare_word

TEXT = "The workshop in Lund repairs about forty cargo bikes every month. " * 4
NESTED = "".join(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 9))
LAUGHS = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 9}">' for at in range(1, 200))


def look(data: bytes, name: str = "a.md", **limits: float) -> Document:
    found = isolation.look(Content(data, name), most=3, limits=Limits(**limits))  # type: ignore[arg-type]
    assert isinstance(found, Document)
    return found


def worker() -> int:
    """The process that reads next."""
    look(TEXT.encode())
    return isolation._POOL._idle[-1]._process.pid


def test_one_worker_reads_one_document_after_the_other() -> None:
    first = worker()
    assert first != os.getpid()
    assert worker() == first


def test_threads_read_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: look(f"{TEXT} Number {at}.".encode()).text, range(16)))
    assert all(text.endswith(f"Number {at}.") for at, text in enumerate(found))
    assert len(isolation._POOL._idle) <= isolation._AT_ONCE


def test_the_errors_of_a_reader_arrive_as_they_are() -> None:
    with pytest.raises(SourceUnreadable, match=r"a\.docx is damaged") as refused:
        look(b"PK\x03\x04 and so on", "a.docx")
    assert refused.value.hint


def test_a_document_that_takes_too_long_is_refused_and_the_next_is_read() -> None:
    with pytest.raises(SourceTooLarge, match="time of a processor"):
        look((TEXT + "[a](b" * 40_000).encode(), seconds=0.05, per_megabyte=0)
    assert look(TEXT.encode()).text == TEXT.strip()


def test_a_worker_that_does_not_answer_is_ended() -> None:
    os.kill(worker(), signal.SIGSTOP)
    with pytest.raises(SourceTooLarge, match=r"more than 0\.2 s"):
        look(TEXT.encode(), elapsed=0.2)


def test_a_document_that_takes_too_much_memory_is_refused() -> None:
    worker()  # what it imports first is no part of a document
    with pytest.raises(SourceTooLarge, match="GB of memory"):
        look((TEXT + "*b* " * 150_000).encode(), memory=150_000_000)


def test_a_crash_is_that_documents_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    os.kill(worker(), signal.SIGSTOP)
    pid = isolation._POOL._idle[-1]._process.pid
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(look, TEXT.encode())
        os.kill(pid, signal.SIGSEGV)
        os.kill(pid, signal.SIGCONT)
        with pytest.raises(SourceUnreadable, match="its reader fails"):
            reading.result()
    assert look(TEXT.encode()).text == TEXT.strip()


def test_a_worker_that_has_retired_is_replaced() -> None:
    idle = isolation._POOL._idle
    worker()
    idle[-1]._pipe("stdin").close()
    idle[-1]._process.wait()
    assert look(TEXT.encode()).text == TEXT.strip()


def test_a_copy_of_this_process_leaves_the_workers_to_it() -> None:
    before = worker()
    child = os.fork()
    if not child:
        os._exit(0 if worker() != before else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert worker() == before


def test_keys_are_not_handed_to_the_process_that_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    isolation._POOL.close()
    assert b"sk-secret" not in Path(f"/proc/{worker()}/environ").read_bytes()


BUSY = {
    "nested aliases": (f"---\na0: &a0 [x, x]\n{NESTED}title: *a8\n---\n{TEXT}", "a.md", "20 are taken"),
    "backticks": (TEXT + "`" * 200_000, "a.md", "5,000 are taken"),
    "brackets": (TEXT + "[" * 200_000, "a.md", "5,000 are taken"),
    "attributes": (f"<html><body><p {'a=b ' * 40_000}>{TEXT}</p></body></html>", "a.html", "1,000 are taken"),
    "attributes in Markdown": (f"{TEXT}\n\n<p {'a ' * 40_000}>\n\n{TEXT}", "a.md", "1,000 are taken"),
    "elements": (f"<html><body>{'<p>a</p>' * 200_000}{TEXT}</body></html>", "a.html", "150,000 are taken"),
    "entities": (f'<?xml version="1.0"?><!DOCTYPE r [{LAUGHS}]><rss version="2.0"/>', "a.xml", "100 are taken"),
}


def test_documents_made_to_keep_a_reader_busy_are_refused_with_their_limit() -> None:
    for case, (text, name, limit) in BUSY.items():
        with pytest.raises(SourceTooLarge, match=limit):
            isolation.look(Content(text.encode(), name), most=3)
        assert case
    with pytest.raises(SourceTooLarge, match="256 deep"):
        look(bare_word("<w:sdt><w:sdtContent>" * 300 + "</w:sdtContent></w:sdt>" * 300), "a.docx")


def test_a_few_aliases_and_long_rules_are_read() -> None:
    assert look(f"---\nname: &me Ann Lee\nauthor: *me\n---\n{TEXT}".encode()).author == "Ann Lee"
    assert "forty" in look(f"{TEXT}\n\n{'-' * 20_000}\n\n{TEXT}".encode()).text


def test_a_feed_is_no_single_document() -> None:
    with pytest.raises(SourceUnusable, match="is a feed"):
        document_of(Content(b'<rss version="2.0"></rss>', "a.xml"))


@pytest.mark.parametrize(
    ("last", "refusal", "said"),
    [
        ("No module named lxml", SourceUnreadable, r"ended with status 1 \(No module named lxml\)"),
        ("", SourceUnreadable, r"ended with status 1\."),
        ("OpenBLAS: Memory allocation failed", SourceTooLarge, "GB of memory"),
    ],
)
def test_a_worker_that_ends_with_status_1_says_why(
    monkeypatch: pytest.MonkeyPatch, last: str, refusal: type[SourceUnusable], said: str
) -> None:
    isolation._POOL.close()
    monkeypatch.setattr(isolation, "COMMAND", (sys.executable, "-c", f"import sys; sys.exit({last!r} or 1)"))
    with pytest.raises(refusal, match=said):
        look(TEXT.encode())
