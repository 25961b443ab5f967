"""The connections of this process: each the block of that name where there is one, else from the environment.

Made once and shared by all threads. Tasks take names and ids and find their connections here, so that no
secret and no client is ever a task parameter.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from prefect.blocks.core import Block
from pydantic import SecretStr

from blocks.artifact_store import RESULTS, ArtifactStoreBlock
from blocks.content_database import ContentDatabase
from blocks.leases import shared
from blocks.notifier import Notifier
from blocks.text_account import TextAccount
from pressroom import redaction
from pressroom.calls.accounts import account_from_settings
from pressroom.calls.budget import Budget
from pressroom.calls.chain import Health, RetryPolicy, TextChain, chain_of
from pressroom.calls.declare import Limiter
from pressroom.calls.limiter import in_process
from pressroom.calls.vendors import Account
from pressroom.settings import settings
from pressroom.store import schema
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database

if TYPE_CHECKING:  # what only pictures need is imported where it is made: 0.3 s and 25 MB that no draft waits for
    from pressroom.calls.search_chain import SearchChain
    from pressroom.media.chain import ImageChain
    from pressroom.media.vision.chain import VisionChain
    from pressroom.publishers.cloudinary import Cloudinary

B = TypeVar("B", bound=Block)

OFFLINE = "offline"

BLOCK_NAME = "pressroom"
"""Name under which the database, store and notifier blocks are looked up."""


def reset() -> None:
    """Forget every connection, so that the next one is made from the settings as they are then."""
    kept = (database, store_block, result_storage, notifier, cloudinary)
    providers = (account, limiter, policy, health, chain, image_chain, vision_chain, search_chain)
    for made in (*kept, *providers):
        made.cache_clear()


@cache
def database() -> Database:
    """The content database, at the schema this version needs.

    Raises:
        DatabaseUnusable: it can't be reached, or needs an upgrade.
    """
    block = _load(ContentDatabase, BLOCK_NAME)
    found = block.database() if block else Database.from_settings()
    schema.ensure(found)
    return found


@cache
def store_block() -> ArtifactStoreBlock:
    return _load(ArtifactStoreBlock, BLOCK_NAME) or ArtifactStoreBlock(url=settings().resolved_store_url)


def store() -> ArtifactStore:
    return store_block().store


@cache
def result_storage() -> Path | ArtifactStoreBlock:
    """Where Prefect keeps task results: the artifact store's own folder when it is local, else its block.

    Prefect takes a block only once it is saved; that of the environment holds no secret.
    """
    block = store_block()
    if "://" not in block.url:
        return Path(block.url) / RESULTS
    if block._block_document_id is None:
        block.save(f"{BLOCK_NAME}-results", overwrite=True)
    return block


@cache
def notifier() -> Notifier:
    return _load(Notifier, BLOCK_NAME) or Notifier(urls=[SecretStr(url) for url in settings().notify_urls])


@cache
def account(name: str) -> Account:
    """The account called `name`: its block, else what the environment says.

    Raises:
        Misconfigured: neither is there.
    """
    block = None if name == "offline" else _load(TextAccount, name)
    return block.account(name) if block else account_from_settings(name, settings())


@cache
def chain(names: tuple[str, ...]) -> TextChain:
    """The chain over the accounts called `names`."""
    limiters = {name: found for name in names if (found := limiter(name))}
    return chain_of([account(name) for name in names], policy(), limiters=limiters, health=health())


@cache
def limiter(name: str) -> Limiter | None:
    """What shares out the requests and tokens a minute of the account called `name`; None when nothing limits it."""
    chosen = account(name)
    if not (chosen.requests_a_minute or chosen.tokens_a_minute):
        return None
    if settings().shared_limits:
        return shared(chosen)
    return in_process(chosen.requests_a_minute, chosen.tokens_a_minute)


@cache
def policy() -> RetryPolicy:
    """How long providers are given, as the settings say."""
    chosen = settings()
    return RetryPolicy(
        attempts=chosen.attempts,
        backoff=chosen.backoff,
        retry_after_cap=chosen.retry_after_cap,
        deadline=chosen.task_deadline,
        circuit_failures=chosen.circuit_failures,
        circuit_seconds=chosen.circuit_seconds,
        circuit_cap=chosen.circuit_cap,
    )


@cache
def health() -> Health:
    """How the accounts do in this process, whichever chain they are asked through."""
    return Health(policy())


@cache
def image_chain(names: tuple[str, ...]) -> ImageChain:
    """The chain over the image accounts called `names`."""
    from pressroom.media.accounts import image_account_from_settings
    from pressroom.media.chain import image_chain_of

    accounts = [image_account_from_settings(name, settings()) for name in names]
    limiters = {each.name: found for each in accounts if (found := _image_limiter(each))}
    patient = replace(policy(), deadline=settings().image_deadline)
    return image_chain_of(accounts, patient, limiters=limiters, health=Health(patient))


@cache
def vision_chain(text_chain: tuple[str, ...]) -> VisionChain:
    """Who looks at pictures: PRESSROOM_VISION_CHAIN, else the text chain's accounts; `offline` comes last."""
    from pressroom.media.vision.chain import vision_accounts, vision_chain_of

    accounts = vision_accounts(settings().vision_chain or text_chain, settings())
    limiters = {each.name: found for each in accounts if each.name != OFFLINE and (found := limiter(each.name))}
    return vision_chain_of(accounts, policy(), limiters=limiters, health=health())


@cache
def search_chain() -> SearchChain:
    """Who searches the web: PRESSROOM_SEARCH_CHAIN, else the accounts whose key is set; it may be empty."""
    from pressroom.calls.search_chain import search_accounts, search_chain_of

    accounts = search_accounts(settings().search_chain, settings())
    limiters = {each.name: found for each in accounts if (found := limiter(each.name))}
    return search_chain_of(accounts, policy(), limiters=limiters, health=health())


@cache
def cloudinary() -> Cloudinary | None:
    """Where finished pictures are delivered to; None when nowhere."""
    chosen = settings()
    if not chosen.cloudinary_url or not chosen.cloudinary_url.get_secret_value():
        return None
    from pressroom.publishers.cloudinary import Cloudinary, CloudinaryAccount

    return Cloudinary(CloudinaryAccount.of(chosen.cloudinary_url), base_url=chosen.cloudinary_base_url)


def _image_limiter(chosen: Account) -> Limiter | None:
    return in_process(chosen.requests_a_minute, 0) if chosen.requests_a_minute else None


def budget(workspace_id: str, run_id: str) -> Budget | None:
    """The money a run may still spend; None when nothing limits it."""
    chosen = settings()
    if not (chosen.run_budget_usd or chosen.day_budget_usd):
        return None
    return Budget(database(), workspace_id, run_id, run_limit=chosen.run_budget_usd, day_limit=chosen.day_budget_usd)


def _load(kind: type[B], name: str) -> B | None:
    """The saved block of that kind and name; None when there is none."""
    try:
        loaded: B = kind.load(name, _sync=True)  # type: ignore[call-arg, assignment]
    except ValueError:
        return None
    redaction.register_fields(loaded)
    return loaded
