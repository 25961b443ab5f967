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
from blocks.notifier import Notifier
from blocks.platform_app import PlatformAppBlock
from blocks.provider_account import ProviderAccount
from pressroom import redaction
from pressroom.calls.accounts import OFFLINE, OWN, account_from_settings, chain_names, vision_names
from pressroom.calls.budget import Budget
from pressroom.calls.chain import Chain, Health, RetryPolicy, chain_of
from pressroom.calls.limiter import Limiter, in_process
from pressroom.calls.providers import Account
from pressroom.calls.shared_limits import shared
from pressroom.settings import PlatformApp, settings
from pressroom.store import schema
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database

if TYPE_CHECKING:  # what only pictures need is imported where it is made
    from pressroom.publishers.delivery.cloudinary import Cloudinary

B = TypeVar("B", bound=Block)

BLOCK_NAME = "pressroom"
"""Name under which the database, store and notifier blocks are looked up."""


def reset() -> None:
    """Forget every connection, so that the next one is made from the settings as they are then."""
    kept = (database, store_block, result_storage, notifier, cloudinary)
    providers = (account, limiter, policy, health, chain)
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
def account(name: str, kind: str = "text") -> Account:
    """The account called `name` in a chain of `kind`: its block, else what the environment says.

    Raises:
        Misconfigured: neither is there.
    """
    block = None if name == OFFLINE else _load(ProviderAccount, name)
    return block.account(name, kind) if block else account_from_settings(name, settings(), kind)


@cache
def chain(names: tuple[str, ...], kind: str = "text") -> Chain:
    """The chain over the accounts called `names`, for requests of `kind`."""
    accounts = [account(name, kind) for name in names]
    limiters = {name: found for name in names if (found := limiter(name, kind if kind in OWN else "text"))}
    if kind in OWN:
        patient = replace(policy(), deadline=getattr(settings(), f"{OWN[kind]}_deadline"))
        return chain_of(accounts, patient, kind=kind, limiters=limiters, health=Health(patient))
    return chain_of(accounts, policy(), kind=kind, limiters=limiters, health=health())


@cache
def limiter(name: str, kind: str = "text") -> Limiter | None:
    """The limiter of the account called `name` for texts, for pictures or for speech; None when nothing limits it."""
    chosen = account(name, kind)
    if not (chosen.requests_a_minute or chosen.tokens_a_minute):
        return None
    if settings().shared_limits:
        return shared(database(), chosen, kind)
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


def image_chain(names: tuple[str, ...]) -> Chain:
    """The chain over the image accounts called `names`."""
    return chain(names, "image")


def speech_chain(names: tuple[str, ...] = ()) -> Chain:
    """The chain over the accounts called `names`; without any those of PRESSROOM_SPEECH_CHAIN, or those with a key."""
    return chain(names or chain_names("speech", settings()), "speech")


def vision_chain(text_chain: tuple[str, ...]) -> Chain:
    """The accounts of PRESSROOM_VISION_CHAIN view pictures, else the text chain's; `offline` comes last."""
    return chain(vision_names(text_chain, settings()), "vision")


def search_chain() -> Chain:
    """The accounts of PRESSROOM_SEARCH_CHAIN search the web, else those with a key, or none."""
    return chain(chain_names("search", settings()), "search")


@cache
def cloudinary() -> Cloudinary | None:
    """Where finished pictures are delivered to; None when nowhere."""
    chosen = settings()
    if not chosen.cloudinary_url or not chosen.cloudinary_url.get_secret_value():
        return None
    from pressroom.publishers.delivery.cloudinary import Cloudinary, CloudinaryAccount

    return Cloudinary(CloudinaryAccount.of(chosen.cloudinary_url), base_url=chosen.cloudinary_base_url)


def platform_app(platform: str) -> PlatformApp | None:
    """The app registered at a platform: its block, else what the settings say; None without either."""
    return app_block(platform) or settings().platform_apps.get(platform)


def app_block(platform: str) -> PlatformApp | None:
    """The app that a block holds. Asked for each time, since people save one while processes run."""
    block = _load(PlatformAppBlock, platform)
    return block.app() if block else None


def budget(workspace_id: str, run_id: str) -> Budget | None:
    """The money a run may still spend; None when nothing limits it."""
    chosen = settings()
    if not (chosen.run_budget_usd or chosen.day_budget_usd):
        return None
    return Budget(database(), workspace_id, run_id, run_limit=chosen.run_budget_usd, day_limit=chosen.day_budget_usd)


def _load(kind: type[B], name: str) -> B | None:
    """Loads the block of that kind and name; None if it is not saved."""
    try:
        loaded: B = kind.load(name, _sync=True)  # type: ignore[call-arg, assignment]
    except ValueError:
        return None
    redaction.register_fields(loaded)
    return loaded
