"""A second reading by a model: each claim needs a sentence of the document, and code looks whether it is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from pressroom import formats
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.gates.grounding import Source
from pressroom.model import Assignment, Document, Idea, Part, Preferences, Section
from pressroom.writing import condensing
from pressroom.writing.drafting import write
from pressroom.writing.estimate import estimate_documents
from pressroom.writing.second_reading import SecondReading, read_again
from sandbox import Fault, ProviderServer

TEXT = "Ines Calder bakes at night. She sells 40 loaves a day in Leeds. The flour comes from a mill in York."
DOCUMENT = Document(source="text", kind="text", title="Night bread", sections=(Section(text=TEXT),))
DRAFT = (Part(label="Post 1", text="Calder bakes at night."), Part(label="Post 2", text="Her bread is the best."))


@pytest.fixture
def reading(server: ProviderServer, ledger: Ledger) -> Callable[..., SecondReading]:
    def start(parts: Sequence[Part] = DRAFT, *, provider: str = "openai") -> SecondReading:
        url = server.openai_url if provider == "openai" else None
        account = Account(name=provider, provider=provider, api_key=SecretStr("k"), base_url=url, model="gpt-4.1-mini")
        chain: Chain = chain_of([account], RetryPolicy(sleep=lambda _: None))
        document = condensing.whole(DOCUMENT)
        return read_again(parts, document, Source.of(DOCUMENT), chain, Books(ledger, task="x"))

    return start


def claims(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"claims": [{"claim": claim, "sentence": sentence} for claim, sentence in pairs]}


def test_a_claim_with_a_sentence_of_the_document_stands(
    server: ProviderServer, reading: Callable[..., SecondReading]
) -> None:
    server.enqueue(claims(("Calder bakes at night", "Ines Calder bakes at night.")))
    found = reading()
    assert found.violations == () and len(found.call_ids) == 1


def test_a_claim_without_one_or_with_a_made_up_one_is_a_violation(
    server: ProviderServer, reading: Callable[..., SecondReading]
) -> None:
    server.enqueue(claims(("Her bread is the best", ""), ("Calder bakes at night", "Ines Calder bakes all night.")))
    first, second = reading().violations
    assert (first.code, first.where, first.measured) == ("claim_not_in_source", "Post 2", "Her bread is the best")
    assert "“Her bread is the best”" in first.message and second.where == "Post 1"


def test_the_same_draft_is_read_once(server: ProviderServer, reading: Callable[..., SecondReading]) -> None:
    assert reading() == reading()
    assert server.counts["total"] == 1


def test_the_provider_server_reads_sensibly_of_its_own_accord(reading: Callable[..., SecondReading]) -> None:
    parts = [Part(label="Post", text="Ines Calder bakes at night. The moon is made of green cheese.")]
    (violation,) = reading(parts).violations
    assert violation.measured == "The moon is made of green cheese."


def test_a_chain_without_a_model_reads_nothing(server: ProviderServer, reading: Callable[..., SecondReading]) -> None:
    assert reading(provider="offline") == SecondReading() and server.counts["total"] == 0


def test_a_draft_that_nothing_could_read_needs_a_person(
    server: ProviderServer, reading: Callable[..., SecondReading]
) -> None:
    server.fail(Fault.UNAVAILABLE)
    assert [one.code for one in reading().violations] == ["second_reading_missing"]


def test_the_provider_server_knows_the_request_by_its_data(
    server: ProviderServer, reading: Callable[..., SecondReading]
) -> None:
    reading()
    (asked,) = server.history
    assert asked.purpose == "claims"


def test_a_second_reading_is_in_the_estimate_of_a_paid_chain_and_not_of_an_offline_one() -> None:
    def calls(provider: str, *, second_reading: bool) -> tuple[int, float]:
        account = Account(name=provider, provider=provider, model="gpt-4.1-mini", api_key=SecretStr("k"))
        found = estimate_documents(
            [account],
            [DOCUMENT],
            wanted=("linkedin_post", "x_thread"),
            preferences=Preferences(),
            feedback_rounds=2,
            document_words=4000,
            second_reading=second_reading,
        )
        return found.calls, found.expected_usd

    (once, cheap), (twice, dear) = (calls("openai", second_reading=again) for again in (False, True))
    assert (once, twice) == (2, 4) and 0 < cheap < dear < 3 * cheap
    assert calls("offline", second_reading=True) == calls("offline", second_reading=False)


def test_a_draft_is_written_again_where_a_claim_has_no_sentence(server: ProviderServer, ledger: Ledger) -> None:
    form = formats.get("bluesky_post")
    said = "Ines Calder bakes at night. She sells 40 loaves a day in Leeds. The flour comes from a mill in York."
    bodies = [form.body.model_validate({"message": text, "hashtags": ["bread"]}) for text in (said, f"Hello. {said}")]
    sure = claims(("Calder bakes", "Ines Calder bakes at night."))
    server.enqueue(bodies[0], claims(("Bread wins prizes", "")), bodies[1], sure)
    account = Account(
        name="openai", provider="openai", api_key=SecretStr("k"), base_url=server.openai_url, model="gpt-4.1-mini"
    )
    idea = Idea(title="Night bread", description=TEXT, category="document")
    assignment = Assignment(idea=idea, format="bluesky_post", document=condensing.whole(DOCUMENT))
    written = write(
        assignment,
        chain_of([account], RetryPolicy(sleep=lambda _: None)),
        Books(ledger, task="x"),
        feedback_rounds=1,
        temperature=0.7,
        source=Source.of(DOCUMENT),
        second_reading=True,
    )
    assert written.asked == 2 and server.counts["total"] == 4 and len(written.call_ids) == 4, written.violations
    assert not [one for one in written.violations if one.code == "claim_not_in_source"]
