"""A morning of two ideas in two formats at each recorded provider: all drafts are made, or a reason says what to do."""

from __future__ import annotations

from pressroom.calls import remembered
from pressroom.calls.chain import Health, RetryPolicy, chain_of
from pressroom.errors import ChainExhausted
from pressroom.model import State
from pressroom.store.database import Database
from sandbox import ProviderServer
from sandbox.profiles import Profile
from tests.contracts.test_endpoints import UNUSABLE, USABLE, account
from tests.faults.morning import Morning

FORMATS = ("linkedin_post", "x_thread")

NEXT_STEPS = {
    "PROVIDER_CREDITS_EXHAUSTED": "Top up the account",
    "PROVIDER_REFUSED": "Change the topic or its words, or ask another provider.",
    "PROVIDER_REGION": "Call it from a place it serves",
    "PROVIDER_BLOCKED": "Check the proxy",
    "PROVIDER_WRONG_ADDRESS": "Check its base URL: most end in /v1.",
    "PROVIDER_UNKNOWN_MODEL": "Set another model",
    "PROVIDER_RATE_LIMIT": "Wait until its limits allow more.",
}


def made(name: str, profile: Profile, server: ProviderServer, database: Database) -> Morning:
    """The morning at that profile, of which this process knows nothing yet."""
    remembered.forget()
    morning = Morning.begun(server, database)
    policy = RetryPolicy(sleep=lambda _: None)
    chain = chain_of([account(name, profile, server)], policy, health=Health(policy))
    morning.make(chain, ideas=2, forms=FORMATS)
    return morning


def test_every_draft_of_a_morning_is_made_at_each_provider_that_can_be_used(
    server: ProviderServer, database: Database
) -> None:
    trouble = {}
    for name, profile in USABLE.items():
        morning = made(name, profile, server, database)
        states = [draft.state for draft in morning.drafts()]
        if morning.failures or states != [State.GENERATED] * 4:
            trouble[name] = (states, [str(failure) for failure in morning.failures])
    assert trouble == {}


def test_a_provider_that_can_not_be_used_ends_the_morning_with_a_reason_and_a_next_step(
    server: ProviderServer, database: Database
) -> None:
    """One that serves nothing is asked once, for the ideas; no attempt, no row and no draft is left without an end."""
    trouble = {}
    for name, profile in UNUSABLE.items():
        morning = made(name, profile, server, database)
        (failure,) = morning.failures
        reason = _reason(failure, name)
        if not reason.startswith(f"{profile.reason}: ") or NEXT_STEPS[profile.reason] not in reason:
            trouble[name] = reason
        assert morning.drafts() == morning.ideas() == [], name
        assert {call.status for call in morning.calls()} == {"failed"}, name
    assert trouble == {}


def _reason(failure: ChainExhausted, name: str) -> str:
    """What became of the one account, without its name and how often it was asked."""
    (line,) = failure.attempts
    said = line.removeprefix(f"{name}: ")
    return said.partition(" x ")[2] if said[0].isdigit() else said
