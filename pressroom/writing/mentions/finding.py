"""Accounts to tag: searched for, checked for form and for a source, never invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import Field

from pressroom import platforms as known_platforms
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.calls.requests import Search
from pressroom.calls.searching import Searched, SearchRequest
from pressroom.errors import ChainExhausted, PressroomError, WrongInput
from pressroom.formats import prompts
from pressroom.model import Frozen
from pressroom.platforms import Platform
from pressroom.platforms.platform import host_of
from pressroom.writing.mentions.evidence import source_of
from pressroom.writing.mentions.reading import candidates
from pressroom.writing.requests import with_data

MOST = 5
DESCRIPTION_CHARACTERS = 2000

NO_PROVIDER = "No search provider is configured: set GEMINI_API_KEY, OPENAI_API_KEY or ANTHROPIC_API_KEY."
NONE_FOUND = "The search found no account that fits."
UNFOUNDED = "The search named {dropped} accounts, and no source for any of them."


class FoundAccount(Frozen):
    """name: without @, in small letters. why: in the model's words. source: address of the page that names it."""

    name: str
    why: str
    source: str
    profile: str


class Suggested(Frozen):
    """Accounts for each requested platform, best first. reason: why there are no accounts; empty when there are some.

    dropped: how many accounts of the model were dropped: without a source, of another platform, or beyond the limit.
    """

    accounts: dict[str, tuple[FoundAccount, ...]]
    reason: str = ""
    dropped: int = Field(default=0, ge=0)
    provider: str = ""
    model: str = ""
    call_ids: tuple[str, ...] = ()


def find_accounts(
    description: str,
    platforms: Sequence[str],
    chain: Chain,
    books: Books,
    *,
    language: str = "en",
    most: int = MOST,
    follow: Callable[[str], str] | None = None,
) -> Suggested:
    """At most `most` accounts a platform to tag in a post about `description`; a repeat is answered by the ledger.

    A search that can't be made leaves the lists empty and says why: a post does without tags.
    language: BCP 47 tag of each `why`. follow: where an address leads in the end; with it, names that Gemini cites are
    held to the pages themselves, and sources don't expire as its redirects do.

    Raises:
        WrongInput: an unknown platform, or nothing to search for.
    """
    asked = {name: known_platforms.get(name) for name in platforms}
    if not description.strip() or not asked:
        raise WrongInput("There is nothing to search for.", hint="Give a description and at least one platform.")
    if not chain.links:
        return _none(asked, NO_PROVIDER)
    subject = description.strip()[:DESCRIPTION_CHARACTERS]
    request = accounts_request(subject, list(asked.values()), most=most, language=language, variant=books.variant)
    try:
        received = chain.ask(Search(request), books)
    except ChainExhausted as error:
        return _none(asked, error.message)
    searched = followed(received.body, follow) if follow else received.body
    found, dropped = _checked(searched, asked, most)
    return Suggested(
        accounts=found,
        reason=_reason(found, dropped),
        dropped=dropped,
        provider=received.account,
        model=received.model,
        call_ids=received.call_ids,
    )


def _checked(
    searched: Searched, asked: Mapping[str, Platform], most: int
) -> tuple[dict[str, tuple[FoundAccount, ...]], int]:
    """The accounts that have a source, and how many others were named."""
    found: dict[str, dict[str, FoundAccount]] = {name: {} for name in asked}
    dropped = 0
    for one in candidates(searched.text, {alias: known for known in asked.values() for alias in known.names}):
        listed, source = found[one.platform.key], source_of(one, searched.citations)
        if one.account in listed:
            continue
        if source is None or len(listed) >= most:
            dropped += 1
            continue
        profile = one.platform.profile(one.account)
        listed[one.account] = FoundAccount(name=one.account, why=one.why, source=source, profile=profile)
    return {name: tuple(listed.values()) for name, listed in found.items()}, dropped


def _reason(found: Mapping[str, tuple[FoundAccount, ...]], dropped: int) -> str:
    if any(found.values()):
        return ""
    return UNFOUNDED.format(dropped=dropped) if dropped else NONE_FOUND


def _none(asked: Mapping[str, Platform], reason: str) -> Suggested:
    return Suggested(accounts=dict.fromkeys(asked, ()), reason=reason)


PURPOSE = "accounts"

OUTPUT_TOKENS = 600
OUTPUT_TOKENS_AN_ACCOUNT = 60


def accounts_request(
    description: str, platforms: Sequence[Platform], *, most: int, language: str = "en", variant: int = 0
) -> SearchRequest:
    """Ask for at most `most` accounts a platform that fit a post about `description`."""
    names = [platform.key for platform in platforms]
    inputs: dict[str, Any] = {"platforms": names, "description": description}
    system, asked = prompts.load("accounts_system"), prompts.load("accounts")
    return SearchRequest(
        purpose=PURPOSE,
        system=system.render(),
        prompt=with_data(asked.render(platforms=names, most=most, language=language), inputs),
        max_output_tokens=OUTPUT_TOKENS + OUTPUT_TOKENS_AN_ACCOUNT * most * len(names),
        prompt_hash=f"accounts_system:{system.hash}+accounts:{asked.hash}",
        variant=variant,
    )


REDIRECTS = frozenset({"vertexaisearch.cloud.google.com"})


def followed(searched: Searched, follow: Callable[[str], str]) -> Searched:
    """`searched` with the pages' own addresses; an address that can't be followed stays as it is."""

    @cache
    def end_of(url: str) -> str:
        if host_of(url) not in REDIRECTS:
            return url
        try:
            return follow(url)
        except PressroomError:
            return url

    citations = tuple(one.model_copy(update={"url": end_of(one.url)}) for one in searched.citations)
    return searched.model_copy(update={"citations": citations})
