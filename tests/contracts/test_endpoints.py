"""Any endpoint that speaks a known protocol: each profile of the provider server writes all drafts, or says why not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from pressroom import formats
from pressroom.calls import accepted, providers, remembered
from pressroom.calls.books import Books
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.calls.refusals import refusal_of
from pressroom.calls.requests import Text
from pressroom.errors import BrokenAnswer, ChainExhausted, ProviderBusy, RateLimited
from pressroom.model import Answer, Assignment, Finish, Idea, IdeaList, Preferences, TextRequest
from pressroom.settings import settings
from pressroom.writing.requests import draft_request, ideas_request
from sandbox import ProviderServer, Reply
from sandbox.profiles import Profile, profiles

FORMATS = ("linkedin_post", "x_thread", "instagram_reel")
POLICY = RetryPolicy(sleep=lambda _: None)
IDEA = Idea(
    title="Why a database migration needs a rehearsal",
    description="A rehearsal on a copy finds the slow step before the night it counts. It costs one afternoon.",
    category="technology",
)
USABLE = {name: profile for name, profile in profiles().items() if not profile.reason}
UNUSABLE = {name: profile for name, profile in profiles().items() if profile.reason}


def account(name: str, profile: Profile, server: ProviderServer) -> Account:
    path = "" if profile.provider in {"gemini", "anthropic"} else "/v1"
    return Account(
        name=name,
        provider=profile.provider,
        api_key=SecretStr("k-e-y-0123"),
        base_url=f"{server.url}/{name}{path}",
        model=profile.model,
        timeout=20.0,
    )


def requests() -> list[TextRequest]:
    ideas = ideas_request(
        count=3, day=date(2026, 11, 30), preferences=Preferences(), temperature=0.8, max_output_tokens=1000
    )
    return [ideas, *(draft_request(Assignment(idea=IDEA, format=form)) for form in FORMATS)]


def test_at_least_twelve_providers_are_recorded() -> None:
    assert len(USABLE) >= 12
    assert {"openai", "openai-reasoning", "azure", "anthropic", "gemini", "gemini-door", "groq", "mistral"} < set(
        USABLE
    )
    assert {"deepseek", "openrouter", "together", "ollama", "vllm", "llama.cpp"} < set(USABLE)


def test_ideas_and_drafts_come_from_every_kind_of_endpoint(server: ProviderServer, ledger: Ledger) -> None:
    """Whatever it refuses of a request, however it wraps its answers and wherever it thinks."""
    trouble = {}
    for name, profile in USABLE.items():
        chain = chain_of([account(name, profile, server)], POLICY)
        try:
            bodies = [chain.ask(Text(request), Books(ledger)).body for request in requests()]
        except ChainExhausted as error:
            trouble[name] = str(error)
            continue
        kinds = [IdeaList, *(formats.get(form).body for form in FORMATS)]
        assert all(isinstance(body, kind) for body, kind in zip(bodies, kinds, strict=True)), name
    assert trouble == {}


def test_a_refusal_is_paid_for_with_a_round_once_and_never_again(server: ProviderServer, ledger: Ledger) -> None:
    """What was learnt is known to the next run, and a repeat finds its answers whatever was learnt."""
    for name, profile in USABLE.items():
        one = account(name, profile, server)
        chain_of([one], POLICY).ask(Text(requests()[0]), Books(ledger))
        chain_of([one], POLICY).ask(Text(requests()[1]), Books(ledger))
        remembered.forget()  # another process
        before = server.counts["total"]
        chain_of([one], POLICY).ask(Text(requests()[2]), Books(ledger))
        assert server.counts["total"] == before + 1, name
        chain_of([one], POLICY).ask(Text(requests()[0]), Books(ledger))
        chain_of([one], POLICY).ask(Text(requests()[1]), Books(ledger))
        assert server.counts["total"] == before + 1, name
    file = settings().home / remembered.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert server.url not in file.read_text()


def test_an_endpoint_that_can_not_be_used_says_why_in_its_own_words(server: ProviderServer, ledger: Ledger) -> None:
    for name, profile in UNUSABLE.items():
        with pytest.raises(ChainExhausted) as caught:
            chain_of([account(name, profile, server)], RetryPolicy(attempts=1)).ask(Text(requests()[1]), Books(ledger))
        (line,) = caught.value.attempts
        assert line.startswith(f"{name}: {profile.reason}: "), line
        (refused,) = profile.refuses
        said = "Cloudflare" if name == "cloudflare" else "Some model host" if refused.page else _message(refused.body)
        assert said[:60] in line, line


def _message(body: dict[str, object]) -> str:
    error = body.get("error")
    return str(error["message"] if isinstance(error, dict) else body["detail"])


def test_a_refused_draft_does_not_lose_the_account_for_the_others(server: ProviderServer, ledger: Ledger) -> None:
    """A 403 about the words of one draft is that draft's failure, and not the key's."""
    profile = profiles()["flagged"]
    chain = chain_of([account("flagged", profile, server)], RetryPolicy(attempts=1))
    run = Ledger(ledger.database, ledger.workspace_id, execution="first")
    before = server.counts["total"]
    for request in requests()[1:]:
        with pytest.raises(ChainExhausted, match="PROVIDER_REFUSED"):
            chain.ask(Text(request), Books(run))
    assert server.counts["total"] == before + 3


def test_what_was_learnt_is_forgotten_after_a_month(
    server: ProviderServer, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = account("deepseek", profiles()["deepseek"], server)
    chain_of([one], POLICY).ask(Text(requests()[1]), Books(ledger))
    assert not accepted.of(one, one.model).takes("json_schema")
    file = settings().home / remembered.FILE
    file.write_text(file.read_text().replace('"learnt": "20', '"learnt": "19'))
    remembered.forget()
    assert accepted.of(one, one.model).takes("json_schema")


def test_a_home_that_can_not_be_written_is_no_reason_to_fail(
    server: ProviderServer, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(remembered, "_path", lambda: tmp_path / "file" / "no-folder")
    one = account("groq", profiles()["groq"], server)
    assert chain_of([one], POLICY).ask(Text(requests()[1]), Books(ledger)).account == "groq"


def test_a_thinking_model_is_given_room_and_its_thinking_is_paid_for(server: ProviderServer, ledger: Ledger) -> None:
    """Of a model nobody knows to think, the first answer is all thinking; the next has room for it."""
    profile = profiles()["mistral"].model_copy(update={"model": "unheard-of"})
    one = account("mistral", profile, server)
    completion = chain_of([one], POLICY).ask(Text(requests()[2]), Books(ledger))
    assert len(completion.call_ids) == 2
    assert accepted.of(one, "unheard-of").room >= accepted.ROOM
    known = account("openai-reasoning", profiles()["openai-reasoning"], server)
    chain_of([known], POLICY).ask(Text(requests()[2]), Books(ledger))
    assert server.history[-1].body["max_completion_tokens"] > accepted.ROOM


LARGE = [
    ("Invalid max_tokens value, the valid range of max_tokens is [1, 500]", 500),
    ("max_tokens is too large: 900. This model supports at most 512 completion tokens.", 512),
    ("`max_tokens` must be less than or equal to `640`, the maximum value for this model", 640),
    ("max_tokens: 900 > 512, which is the maximum allowed number of output tokens for x", 512),
    ("'max_tokens' is too large: 900. This model's maximum context length is 1024 tokens and your request has 300 "
     "input tokens (900 > 1024 - 300).", 724),
]  # fmt: skip


def test_a_limit_that_is_too_high_is_lowered_to_what_the_refusal_says() -> None:
    for words, most in LARGE:
        better = accepted.Accepted().without(refusal_of(400, words), 900, accepted.OLD_TOKENS)
        assert better is not None and better.output(900) == most, words


NAMED = [
    ({"param": "temperature", "message": "no"}, {"temperature"}),
    ({"message": "temperature and top_p are deprecated for this model"}, {"temperature"}),
    ({"message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."}, {"max_tokens"}),
    ({"message": 'Unknown name "max_tokens": Cannot find field.'}, {"max_tokens"}),
    ({"message": "role 'system' is not supported on this model"}, {"system", "developer"}),
    ({"message": "Use 'developer' instead of the system role"}, {"system"}),
    ({"message": "Conversation roles must alternate user/assistant/user/assistant/..."}, {"system", "developer"}),
    ({"message": "messages.0.content: Input should be a valid list"}, {"text"}),
    ({"message": "response_format.type must be 'text' or 'json_object'"}, {"json_schema"}),
    ({"message": "invalid schema for response format: minItems is not supported"}, {"json_schema"}),
    ({"message": "Structured outputs are not available"}, {"json_schema"}),
    ({"message": "This model does not support JSON mode"}, {"json_schema"}),
]


def test_what_a_refusal_names_is_left_out_or_put_otherwise() -> None:
    for error, refused in NAMED:
        for status in (400, 422, 500):
            body = json.dumps({"error": error})
            better = accepted.Accepted().without(refusal_of(status, body), 900, accepted.OLD_TOKENS)
            assert better is not None and better.refused == refused, error
    for status, words in (
        (500, "Internal error"),
        (400, "The prompt is too long for the context"),
        (429, "temperature"),
    ):
        assert accepted.Accepted().without(refusal_of(status, words), 900, accepted.OLD_TOKENS) is None


SPENT = {"prompt_tokens": 12, "completion_tokens": 30, "total_tokens": 142}
GOOD = '{"title": "Migrate by day"}'


def choice(content: object, reason: str = "stop", **more: object) -> dict[str, object]:
    return {"message": {"role": "assistant", "content": content, **more}, "finish_reason": reason}


def test_an_answer_is_found_wherever_a_server_puts_it_and_every_usage_counts(server: ProviderServer) -> None:
    """Thinking that stands in the total alone is output, too; an answer without a choice was paid for all the same."""
    client = account("openai", profiles()["openai"], server)
    thinking = [{"type": "thinking", "thinking": []}, {"type": "text", "text": GOOD}]
    for content, text, finish in (
        (choice(thinking), GOOD, Finish.STOP),
        (choice(json.loads(GOOD)), GOOD, Finish.STOP),
        (choice(None, reasoning_content=GOOD), GOOD, Finish.STOP),
        (choice(None, reasoning_content=f"I could say {GOOD}"), "", Finish.STOP),
        (choice("", "length", reasoning=GOOD), "", Finish.LENGTH),
        (choice("no", "content_filter: SAFETY"), "no", Finish.REFUSAL),
        (None, "", Finish.STOP),
    ):
        server.enqueue(Reply(body={"choices": [content] if content else [], "usage": SPENT, "model": "m"}))
        answer = providers.get("openai").kind("text").client(client).send(requests()[1])
        assert (answer.text, answer.finish) == (text, finish), content
        assert (answer.usage.input_tokens, answer.usage.output_tokens) == (12, 130)


def test_an_error_with_a_good_status_is_one_and_what_it_took_is_paid_for(server: ProviderServer) -> None:
    client = providers.get("openai").kind("text").client(account("openai", profiles()["openai"], server))
    for body, kind, said, paid in (
        ({"error": "The backend is out of memory"}, BrokenAnswer, "out of memory", 0),
        ({"error": {"code": 502, "message": "Provider returned error"}}, ProviderBusy, "Provider returned", 0),
        ({"error": {"code": 429, "message": "Slow down"}, "usage": SPENT}, RateLimited, "Slow down", 130),
        ({"choices": [choice("", "error") | {"error": {"code": 502, "message": "Cut off"}}], "usage": SPENT},
         ProviderBusy, "Cut off", 130),
    ):  # fmt: skip
        server.enqueue(Reply(body=body))
        with pytest.raises(kind, match=said) as caught:
            client.send(requests()[1])
        answer = caught.value.answer
        assert (answer.usage.output_tokens if isinstance(answer, Answer) else 0) == paid, body
