"""What every voice keeps to. Vendors are found by name; the paid ones speak to the provider server.

A new one is held to this without another line, but for where in the server it has to look (`ADDRESSES`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from pressroom import errors
from pressroom.calls import providers
from pressroom.calls.books import Books
from pressroom.calls.budget import Budget
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.calls.speech import SentenceRequest, Sound, samples_of, voice_for, voices_of
from pressroom.errors import ChainExhausted, PressroomError
from pressroom.media.keeping import Keeper
from pressroom.media.speech.request import Heard, Speak
from pressroom.model.speech import Timing
from pressroom.store.artifacts import ArtifactStore
from sandbox import Fault, ProviderServer, Reply
from tests.contracts.test_image_makers import MEANS
from tests.pressroom.media.picture_desk import rows
from tests.pressroom.media.speech.speech_desk import OFFLINE, chain, check, spoken

NAMES = tuple(one.name for one in providers.REGISTRY if one.offers("speech"))
PAID = tuple(name for name in NAMES if name != "offline")
EVERY_VOICE = pytest.mark.parametrize("name", NAMES)
EVERY_PAID_VOICE = pytest.mark.parametrize("name", PAID)

ADDRESSES = {"openai": "openai_url", "elevenlabs": "elevenlabs_url", "azure": "azure_url", "google": "google_url"}
MODELS = {"openai": "tts-1", "elevenlabs": "eleven_multilingual_v2", "azure": "neural", "google": "google-tts"}
TIMED = {"elevenlabs", "google"}
KEY = "sk-very-secret-0123456789"
SPEECH = ("speech",)

REQUEST = SentenceRequest(text="Bread & butter, <says> the “naïve” baker, cost four dollars today.")


@pytest.fixture
def store(folder_url: str) -> ArtifactStore:
    return ArtifactStore(folder_url)


def account(name: str, server: ProviderServer, **changes: Any) -> Account:
    if name == "offline":
        return OFFLINE
    assert name in ADDRESSES, f"ADDRESSES has to say where in the provider server {name} looks"
    known = {"model": MODELS[name], "base_url": getattr(server, ADDRESSES[name]), "api_key": SecretStr(KEY)}
    return Account(**{"name": name, "provider": name, "timeout": 20.0, **known, **changes})


def sent(name: str, server: ProviderServer, request: SentenceRequest = REQUEST, **changes: Any) -> Sound:
    sound: Sound = providers.get(name).kind("speech").client(account(name, server, **changes)).send(request)
    return sound


def heard(name: str, server: ProviderServer, store: ArtifactStore, ledger: Ledger, **changes: Any) -> Heard:
    policy = {"attempts": 1, **changes}
    request = Speak(REQUEST, Keeper(store, "default", sleep=lambda _: None))
    return chain(account(name, server), **policy).ask(request, Books(ledger)).body


# What it is


@EVERY_VOICE
def test_it_declares_itself(name: str) -> None:
    vendor = providers.get(name)
    assert vendor.paid == (name in PAID)
    voices = voices_of(vendor)
    assert voices and len({voice.name for voice in voices}) == len(voices)
    for language in ("en", "en-GB", "de"):
        chosen = voice_for(vendor, SentenceRequest(text="x", language=language))
        assert any(voice.name == chosen and voice.speaks(language) for voice in voices)
    assert voice_for(vendor, SentenceRequest(text="x", voice=voices[-1].name)) == voices[-1].name


def test_nothing_heavy_is_imported_before_a_client_is_built() -> None:
    code = (
        "import sys, pressroom.calls.providers as vendors, pressroom.calls.speech\n"
        f"for name in {NAMES!r}: vendors.get(name).offers('speech')\n"
        "print(sorted({'openai', 'httpx2', 'hibari', 'onnxruntime', 'numpy', 'prefect'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


# Good sounds


@EVERY_VOICE
def test_a_sentence_is_spoken(name: str, server: ProviderServer, store: ArtifactStore, ledger: Ledger) -> None:
    sound = sent(name, server)
    samples, rate = samples_of(sound.data)
    assert 1 < len(samples) / 2 / rate < 15 and sound.voice
    assert len(sound.bounds) in ({len(REQUEST.text.split())} if name in {"offline", *TIMED} else {0})
    kept = heard(name, server, store, ledger).kept
    assert kept.key.startswith("default/speech/") and kept.rate == rate
    text = "It cost $4.50 on 3 May. Straße, naïve 🎉 & done!"
    speech = spoken(text, store, ledger, account(name, server))
    check(speech, text)
    assert (speech.provider, speech.call_ids != ()) == (name, True)
    wanted = Timing.MODEL if name == "offline" else Timing.PROVIDER if name in TIMED else Timing.ALIGNED
    assert speech.timing is wanted


@EVERY_PAID_VOICE
def test_the_words_on_the_wire(name: str, server: ProviderServer) -> None:
    """What is sent is read as it was meant, whatever stands in it: the server takes it out of its wire format."""
    sent(name, server, replace(REQUEST, speed=1.1))
    (record,) = server.history
    assert record.purpose == "speech" and KEY not in str(record.headers)
    said = {"openai": "input", "azure": "text", "elevenlabs": "text"}
    if name in said:
        assert record.body[said[name]] == REQUEST.text
    else:
        assert record.body["input"]["ssml"].count("<mark ") == len(REQUEST.text.split())


@EVERY_PAID_VOICE
def test_the_same_request_is_the_same_order(name: str, server: ProviderServer) -> None:
    order, one = providers.get(name).kind("speech").order, account(name, server)
    assert order is not None
    same = order(one, replace(REQUEST))
    assert same == order(one, REQUEST) and json.dumps(same.identity)
    for change in ({"text": "Bread."}, {"speed": 0.9}, {"voice": voices_of(providers.get(name))[-1].name}):
        assert order(one, replace(REQUEST, **change)).identity != same.identity  # type: ignore[arg-type]


@EVERY_PAID_VOICE
def test_every_listed_voice_is_one_the_provider_takes(name: str, server: ProviderServer) -> None:
    for voice in voices_of(providers.get(name)):
        assert sent(name, server, replace(REQUEST, voice=voice.name)).voice == voice.name


# Sounds with something wrong


@EVERY_PAID_VOICE
def test_what_is_wrong_with_a_sound_is_paid_and_noticed(
    name: str, server: ProviderServer, store: ArtifactStore, ledger: Ledger
) -> None:
    """Truncated, a web page, silence, an impossible rate: nothing of it is kept, and another attempt is made."""
    for fault in (Fault.TRUNCATED, Fault.PROSE, Fault.EMPTY, Fault.RULE_BREAKING):
        server.reset()
        server.enqueue(Reply(fault=fault, purposes=SPEECH))
        fresh = Ledger(ledger.database, ledger.workspace_id)
        request = Speak(
            replace(REQUEST, variant=list(Fault).index(fault)), Keeper(store, "default", sleep=lambda _: None)
        )
        received = chain(account(name, server)).ask(request, Books(fresh))
        assert received.body.kept.flaw == "" and server.counts["total"] == 2, fault
        assert len(received.call_ids) == 2


@EVERY_PAID_VOICE
@pytest.mark.parametrize("body", [{}, [], 3, "text", {"audio_base64": "?!"}, {"audioContent": 3}])
def test_a_body_of_another_shape(
    name: str, body: Any, server: ProviderServer, store: ArtifactStore, ledger: Ledger
) -> None:
    server.enqueue(Reply(body=body, purposes=SPEECH))
    with pytest.raises(ChainExhausted, match="BROKEN_ANSWER"):
        heard(name, server, store, ledger)


# What goes wrong before a sound


@EVERY_PAID_VOICE
def test_each_fault_is_one_error(name: str, server: ProviderServer, store: ArtifactStore, ledger: Ledger) -> None:
    for fault, means in MEANS.items():
        if fault is Fault.MALFORMED_BODY and name == "openai":
            continue  # a sound that is sent while it is made doesn't say how long it is; a line that breaks does
        server.reset()
        server.enqueue(Reply(fault=fault, purposes=SPEECH))
        began = time.monotonic()
        if fault is Fault.MALFORMED_BODY:  # half a file is seen when it is checked
            with pytest.raises(ChainExhausted, match="BROKEN_ANSWER"):
                heard(name, server, store, ledger)
        else:
            with pytest.raises(PressroomError) as caught:
                sent(name, server, timeout=0.3 if means is errors.ProviderTimeout else 20.0)
            assert type(caught.value) is means, (fault, caught.value)
            assert KEY not in str(caught.value) and name in caught.value.message
        assert server.counts["total"] == 1 and time.monotonic() - began < 3, fault


@EVERY_PAID_VOICE
def test_what_is_configured_wrong(name: str, server: ProviderServer) -> None:
    for changes in ({"api_key": SecretStr("")}, {"api_key": SecretStr("ключ")}, {"base_url": "x"}):
        with pytest.raises(errors.Misconfigured):
            sent(name, server, **changes)
    with pytest.raises(errors.ConnectionBroken):
        sent(name, server, base_url="http://127.0.0.1:1/v1")
    server.enqueue(Reply(fault=Fault.RATE_LIMIT, seconds=7, purposes=SPEECH))
    with pytest.raises(errors.RateLimited) as caught:
        sent(name, server)
    assert caught.value.retry_after == 7


@EVERY_PAID_VOICE
def test_a_probe_costs_nothing_and_tells(name: str, server: ProviderServer) -> None:
    probe = providers.get(name).kind("speech").probe
    assert probe is not None
    server.configure(known_models=tuple(MODELS.values()))
    try:
        probe(account(name, server))
        server.configure(accepted_keys=("another",))
        with pytest.raises(errors.KeyRefused):
            probe(account(name, server))
    finally:
        server.configure(accepted_keys=None, known_models=None)
    assert "speech" not in server.counts["purpose"]


# Money


@EVERY_PAID_VOICE
def test_nothing_is_paid_twice(name: str, server: ProviderServer, folder_url: str, ledger: Ledger) -> None:
    """The bytes are kept before the ledger has the answer; once it has it, it is never asked for again."""

    class Killed(BaseException):
        pass

    class Store(ArtifactStore):
        def put(self, key: str, data: bytes) -> Any:
            super().put(key, data)
            raise Killed

    request = Speak(REQUEST, Keeper(Store(folder_url), "default", sleep=lambda _: None))
    with pytest.raises(Killed):
        chain(account(name, server)).ask(request, Books(ledger))
    store = ArtifactStore(folder_url)
    assert len(list(store.list("default/speech"))) == 1 and server.counts["total"] == 1
    first = heard(name, server, store, Ledger(ledger.database, ledger.workspace_id))
    asked = server.counts["total"]
    again = heard(name, server, store, Ledger(ledger.database, ledger.workspace_id))
    assert again == first and server.counts["total"] == asked
    paid = [row.cost_microusd for row in rows(ledger) if row.cost_microusd]
    assert len(paid) == 1 and 100 < paid[0] < 10_000


@EVERY_PAID_VOICE
def test_the_budget_keeps_a_sentence_from_being_spoken(
    name: str, server: ProviderServer, store: ArtifactStore, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Budget, "note", lambda *_: None)  # it is written into a run's row
    budget = Budget(ledger.database, ledger.workspace_id, "", day_limit=0.000001)
    request = Speak(REQUEST, Keeper(store, "default", sleep=lambda _: None))
    with pytest.raises(ChainExhausted, match="BUDGET"):
        chain(account(name, server)).ask(request, Books(ledger, budget))
    assert server.counts["total"] == 0


def test_a_vendor_that_ends_in_the_middle(server: ProviderServer, store: ArtifactStore, ledger: Ledger) -> None:
    """The next account speaks the whole text, in one voice; a repeat makes no call, and says the same."""
    text = "One sentence is here. Another follows it. The third is refused."
    server.fail(Fault.BAD_KEY, purposes=SPEECH, nth=(3,))
    accounts = [account("elevenlabs", server), account("openai", server)]
    speech = spoken(text, store, ledger, *accounts)
    assert (speech.provider, speech.voice, len(speech.call_ids)) == ("openai", "nova", 5)
    assert "elevenlabs stopped after 2 of 3 sentences" in speech.notes[0]
    asked = server.counts["total"]
    assert spoken(text, store, ledger, *accounts) == speech and server.counts["total"] == asked == 6


def test_a_voice_by_name_is_looked_for_in_the_whole_chain(
    server: ProviderServer, store: ArtifactStore, ledger: Ledger
) -> None:
    accounts = [account("elevenlabs", server), account("openai", server), OFFLINE]
    assert spoken("Good morning to you.", store, ledger, *accounts, voice="onyx").provider == "openai"
    server.fail(Fault.BAD_KEY, purposes=SPEECH)
    speech = spoken("Good evening to you.", store, ledger, *accounts, voice="onyx")
    assert speech.provider == "offline" and "'onyx' was not to be had" in " ".join(speech.notes)
