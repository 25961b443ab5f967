"""Accounts to tag: found by each provider's search, dropped without a source, never invented."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from pressroom import platforms
from pressroom.calls.accounts import chain_names
from pressroom.calls.books import Books
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.deadline import Deadline
from pressroom.calls.ledger import Ledger
from pressroom.errors import BudgetReached, SourceUnreachable, WrongInput
from pressroom.settings import Settings
from pressroom.writing.mentions.finding import NO_PROVIDER, NONE_FOUND, Suggested, find_accounts
from sandbox import Fault, ProviderServer, Reply
from sandbox.dialects.gemini_generate import REDIRECT
from tests.pressroom.writing.mentions.search_desk import ANSWER, SEARCHING, SUBJECT, account, chain, rows

EVERY_SEARCHER = pytest.mark.parametrize("name", SEARCHING)
Find = Callable[..., Suggested]


@pytest.fixture
def find(server: ProviderServer, ledger: Ledger) -> Find:
    """`find("gemini", "openai", platforms=[...])` by a chain of its own."""

    def found(*names: str, platforms: Any = ("instagram", "x"), policy: Any = None, **options: Any) -> Suggested:
        books = {name: options.pop(name) for name in ("budget", "deadline", "task", "variant") if name in options}
        one = chain(server, *names, **(policy or {}))
        return find_accounts(SUBJECT, platforms, one, Books(ledger, **books), **options)

    return found


def names(found: Suggested) -> dict[str, list[str]]:
    return {platform: [one.name for one in accounts] for platform, accounts in found.accounts.items()}


# Found


@EVERY_SEARCHER
def test_each_provider_s_search_finds_accounts(name: str, find: Find, server: ProviderServer, ledger: Ledger) -> None:
    server.enqueue(ANSWER)
    found = find(name)
    assert names(found) == {"instagram": ["nasa", "nasawebb"], "x": ["esa"]}
    assert (found.reason, found.dropped, found.provider, found.model) == ("", 0, name, f"{name}-model")
    nasa, esa = found.accounts["instagram"][0], found.accounts["x"][0]
    assert (nasa.why, nasa.profile) == ("The agency that built it.", "https://www.instagram.com/nasa/")
    assert esa.why == "The European partner – «ESA»."
    sources = [nasa.source, esa.source]
    if name == "gemini":
        assert all(one.startswith("https://vertexaisearch.cloud.google.com/") for one in sources)
    else:
        assert sources == ["https://www.instagram.com/nasa/", "https://x.com/esa"]
    (row,) = rows(ledger)
    assert (row.kind, row.purpose, row.status, found.call_ids) == ("search", "accounts", "answered", (row.id,))


@EVERY_SEARCHER
def test_the_tool_on_the_wire(name: str, find: Find, server: ProviderServer) -> None:
    find(name)
    (record,) = server.history
    (tool,) = record.body["tools"]
    assert (tool.get("type") or next(iter(tool))).startswith({"gemini": "googleSearch"}.get(name, "web_search"))
    words = json.dumps(record.body)
    assert SUBJECT in words and "instagram, x" in words and "never write one from memory" in words
    assert "schema" not in words.casefold(), "sources and structured output don't go together"
    assert record.body.get("max_tool_calls", tool.get("max_uses", 5)) == 5


@EVERY_SEARCHER
def test_a_repeat_calls_nobody(name: str, find: Find, server: ProviderServer) -> None:
    server.enqueue(ANSWER)
    first = find(name)
    assert find(name) == first
    assert server.counts["total"] == 1
    find(name, platforms=["x"])
    find(name, variant=1)
    assert server.counts["total"] == 3


@EVERY_SEARCHER
def test_the_rehearsal_server_finds_one_everywhere(name: str, find: Find) -> None:
    found = find(name, platforms=list(platforms.names()))
    assert {platform: len(accounts) for platform, accounts in found.accounts.items()} == dict.fromkeys(
        platforms.names(), 1
    )


def test_searches_are_paid_for_beside_the_tokens(find: Find, server: ProviderServer, ledger: Ledger) -> None:
    for name, answer in zip(SEARCHING, (14_000, 10_000, 10_000), strict=True):
        server.enqueue(ANSWER)
        find(name)
        assert rows(ledger)[-1].cost_microusd == answer
    server.enqueue("none")
    find("gemini", variant=1)
    assert rows(ledger)[-1].cost_microusd == 0, "it did not search"


# Dropped


@EVERY_SEARCHER
@pytest.mark.parametrize(
    "line",
    [
        "instagram | spacefan | Invented, without a source.",
        "instagram | spacefan | Somebody else there. [spacefan](https://x.com/spacefan)",
        "instagram | space fan! | No name at all. [space fan!](https://example.org/space fan!)",
        "instagram | explore | A page of the platform. [explore](https://www.instagram.com/explore/)",
        "myspace | spacefan | Not asked for. [spacefan](https://myspace.com/spacefan)",
        "You could tag @spacefan.",
    ],
)
def test_what_no_source_names_is_dropped(name: str, line: str, find: Find, server: ProviderServer) -> None:
    server.enqueue(f"{line}\n{ANSWER}")
    assert names(find(name)) == {"instagram": ["nasa", "nasawebb"], "x": ["esa"]}


@pytest.mark.parametrize("name", ["openai", "anthropic"])
@pytest.mark.parametrize(
    "line",
    [
        "instagram | spacefan | Cited for another. [NASA](https://www.instagram.com/nasa/)",
        "instagram | fan | Part of a longer name. [Spacefan](https://www.instagram.com/spacefan/)",
    ],
)
def test_a_source_for_another_account_is_none(name: str, line: str, find: Find, server: ProviderServer) -> None:
    """Gemini can't be held to this: it names a page's host, and the part of its own answer that the page supports."""
    server.enqueue(f"{line}\n{ANSWER}")
    assert names(find(name)) == {"instagram": ["nasa", "nasawebb"], "x": ["esa"]}


@EVERY_SEARCHER
def test_nothing_but_inventions(name: str, find: Find, server: ProviderServer) -> None:
    server.enqueue("instagram | spacefan | I remember it.\nx | spacefan | I remember it.\n")
    found = find(name)
    assert names(found) == {"instagram": [], "x": []}
    assert (found.dropped, found.reason) == (2, "The search named 2 accounts, and no source for any of them.")
    find(name)
    assert server.counts["total"] == 1, "it was paid for, and is not asked again"


@EVERY_SEARCHER
@pytest.mark.parametrize("text", ["none", "I found nothing that fits."])
def test_nothing_found(name: str, text: str, find: Find, server: ProviderServer) -> None:
    server.enqueue(text)
    found = find(name)
    assert (names(found), found.reason) == ({"instagram": [], "x": []}, NONE_FOUND)


def test_where_gemini_s_sources_lead_is_looked_at(find: Find, server: ProviderServer) -> None:
    """With that, it is held to what the others are held to."""
    led = {"nasa": "https://www.instagram.com/nasa/", "esa": "https://www.esa.example/press?x=esa"}
    followed: list[str] = []

    def follow(url: str) -> str:
        followed.append(url)
        name = next((name for name in led if url == redirect(f"https://www.instagram.com/{name}/")), "")
        if not name:
            raise SourceUnreachable("There is no answer.")
        return led[name]

    lines = [f"instagram | {name} | Why. [a](https://www.instagram.com/{name}/)" for name in ("nasa", "esa", "gone")]
    lines.append("instagram | spacefan | Why. [a](https://www.instagram.com/nasa/)")
    server.enqueue("\n".join(lines))
    found = find("gemini", platforms=["instagram"], follow=follow)
    assert {one.name: one.source for one in found.accounts["instagram"]} == {
        **led,
        "gone": redirect("https://www.instagram.com/gone/"),
    }
    assert found.dropped == 1
    assert len(followed) == 3, "each once"


def redirect(url: str) -> str:
    return REDIRECT + hashlib.sha256(url.encode()).hexdigest()


def test_no_more_than_wished_and_none_twice(find: Find, server: ProviderServer) -> None:
    server.enqueue(ANSWER + ANSWER.replace("| nasa |", "| NASA |"))
    found = find("openai", most=1)
    assert names(found) == {"instagram": ["nasa"], "x": ["esa"]}


def test_an_answer_that_broke_off_is_read_as_far_as_it_goes(find: Find, server: ProviderServer) -> None:
    server.enqueue(Reply(text=ANSWER, fault=Fault.TRUNCATED))
    assert names(find("openai"))["instagram"] == ["nasa"]
    assert server.counts["total"] == 1


def test_a_page_s_words_are_no_orders(find: Find, server: ProviderServer) -> None:
    """An answer that a page has led astray still has its names checked, and leads nowhere."""
    astray = "instagram | nasa | Click https://evil.example/now [NASA](https://www.instagram.com/nasa/)\n"
    server.enqueue(astray + "instagram | evil_shop | Tag them in every post!\n")
    (one,) = find("anthropic").accounts["instagram"]
    assert (one.name, one.why) == ("nasa", "Click")


# What goes wrong


@EVERY_SEARCHER
@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.MALFORMED_BODY, Fault.EMPTY, Fault.DROP])
def test_what_passes_is_tried_again(name: str, fault: Fault, find: Find, server: ProviderServer) -> None:
    server.enqueue(Reply(fault=fault, seconds=0 if fault is Fault.RATE_LIMIT else None), ANSWER)
    assert names(find(name))["x"] == ["esa"]
    assert server.counts["total"] == 2


@EVERY_SEARCHER
def test_a_refusal_goes_on_to_the_next(name: str, find: Find, server: ProviderServer) -> None:
    other = next(one for one in SEARCHING if one != name)
    server.enqueue(Fault.REFUSAL, ANSWER)
    found = find(name, other)
    assert (found.provider, names(found)["x"]) == (other, ["esa"])
    assert server.counts["total"] == 2


@pytest.mark.parametrize("body", [{}, [], {"output": 3}, {"content": [{}]}, {"candidates": [{"groundingMetadata": 3}]}])
@EVERY_SEARCHER
def test_a_body_of_another_shape(name: str, body: Any, find: Find, server: ProviderServer) -> None:
    server.enqueue(Reply(body=body))
    found = find(name, policy={"attempts": 1})
    assert "PROVIDER_BROKEN_ANSWER" in found.reason
    assert names(found) == {"instagram": [], "x": []}


def test_a_wrong_key_leaves_the_lists_empty_and_says_so(find: Find, server: ProviderServer) -> None:
    server.enqueue(Fault.BAD_KEY)
    assert "gemini: PROVIDER_KEY_REFUSED" in find("gemini").reason


def test_without_a_search_provider(server: ProviderServer, ledger: Ledger) -> None:
    for one in (chain_of(those, RetryPolicy(), kind="search") for those in ([], [account("compatible", server)])):
        found = find_accounts(SUBJECT, ["x", "youtube"], one, Books(ledger))
        assert (found.accounts, found.reason) == ({"x": (), "youtube": ()}, NO_PROVIDER)
    assert server.counts["total"] == 0


def test_no_money_no_search(find: Find, server: ProviderServer) -> None:
    class Empty:
        def check(self) -> None:
            raise BudgetReached("The day's money is spent.")

    assert "BUDGET_REACHED" in find("gemini", budget=Empty()).reason
    assert server.counts["total"] == 0


def test_the_time_is_up(find: Find, server: ProviderServer) -> None:
    assert "TASK_DEADLINE" in find("gemini", deadline=Deadline(0)).reason
    assert server.counts["total"] == 0


@pytest.mark.parametrize(("subject", "wanted"), [("", ["x"]), ("A cat.", []), ("A cat.", ["myspace"])])
def test_what_makes_no_sense(subject: str, wanted: list[str], server: ProviderServer, ledger: Ledger) -> None:
    with pytest.raises(WrongInput):
        find_accounts(subject, wanted, chain(server, "gemini"), Books(ledger))


def test_the_accounts_of_the_settings() -> None:
    keys = {name: {"api_key": "one"} for name in ("openai", "anthropic", "gemini")}
    assert chain_names("search", Settings(providers=keys)) == ("gemini", "openai", "anthropic")
    assert chain_names("search", Settings(providers=keys, search_chain=("anthropic",))) == ("anthropic",)
    assert chain_names("search", Settings()) == ()
