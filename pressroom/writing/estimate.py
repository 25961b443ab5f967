"""Estimates the cost of a run before it starts: from its prompts, its formats' limits and the prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pydantic import Field

from pressroom import formats
from pressroom.calls import providers
from pressroom.calls.prices import cost_microusd, price_of
from pressroom.calls.providers import Account
from pressroom.model import Assignment, Document, Excerpt, Frozen, Idea, Preferences, TextRequest, Usage
from pressroom.model.calls import MICRO
from pressroom.writing import condensing
from pressroom.writing.requests import TOKENS_A_WORD, claims_request, condense_request, draft_request, ideas_request
from pressroom.writing.second_reading import WITHOUT_A_MODEL

Asked = tuple[TextRequest, int]
"""A request, and how often one like it is made."""

CHARACTERS_A_TOKEN = 4
"""Of English text, as a rule of thumb; other languages take more tokens."""

USED = 0.6
"""Share of the output tokens allowed that a draft which passes at once usually takes."""

_SAMPLE = Idea(title="x" * 70, description="x" * 300, category="x" * 20)


class Estimate(Frozen):
    """For the first paid account of the chain. `most_usd`: every answer as long as it may be, every round needed."""

    provider: str
    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    expected_usd: float
    most_usd: float
    price_known: bool = Field(description="False: the model has no price, and the amounts mean nothing.")
    reused: int = Field(default=0, description="Calls of the same run that are paid already, and not among `calls`.")


class Made(Frozen):
    """The part of a run that is there already: ideas or documents, and drafts by format."""

    subjects: int = 0
    drafts: dict[str, int] = Field(default_factory=dict)


NOTHING = Made()


def estimate(
    accounts: Sequence[Account],
    *,
    ideas: int,
    wanted: Sequence[str],
    preferences: Preferences,
    ideas_output_tokens: int,
    feedback_rounds: int,
    excluded: int,
    made: Made = NOTHING,
) -> Estimate:
    """The cost of `ideas` ideas in the `wanted` formats; `excluded`: how many covered titles the prompt will list."""
    asking = _ideas(ideas, preferences, ideas_output_tokens, excluded)
    left = [(_draft(form, preferences), max(0, ideas - made.drafts.get(form, 0))) for form in wanted]
    asked = [*([(asking, 1)] if made.subjects < ideas else []), *left]
    reused = 1 + ideas * len(wanted) - sum(times for _, times in asked)
    return _added_up(accounts, asked, feedback_rounds).model_copy(update={"reused": reused})


def estimate_documents(
    accounts: Sequence[Account],
    documents: Sequence[Document],
    *,
    wanted: Sequence[str],
    preferences: Preferences,
    feedback_rounds: int,
    document_words: int,
    second_reading: bool,
    made: Made = NOTHING,
) -> Estimate:
    """The cost of `documents` in the `wanted` formats: condensed where long, written, and read again where that is set.

    document_words: the longest document that a writer sees whole. second_reading: see `second_reading`; costs nothing
    offline.
    """
    asked: list[Asked] = []
    there = dict(made.drafts)
    reused = 0
    for document in documents:
        lacking = [form for form in wanted if not there.get(form)]
        there = {form: count - 1 for form, count in there.items() if count > 1}
        reused += len(wanted) - len(lacking)
        if not lacking:
            continue
        parts = condensing.parts(document, document_words) if condensing.is_long(document, document_words) else ()
        most = condensing.words_a_part(document_words, max(1, len(parts)))
        whole = condensing.whole(document)
        asked += [(condense_request(whole.model_copy(update={"text": part}), most_words=most), 1) for part in parts]
        shown = whole.model_copy(
            update={"text": " ".join(document.text.split()[:document_words]) if parts else whole.text}
        )
        for form in lacking:
            asked.append((_draft(form, preferences, shown), 1))
            if second_reading and _account(accounts).provider != WITHOUT_A_MODEL:
                asked.append((claims_request([_sample_text(form)], shown), 1))
    return _added_up(accounts, asked, feedback_rounds).model_copy(update={"reused": reused})


def _account(accounts: Sequence[Account]) -> Account:
    """The first paid account, as it gets most of the calls; the first account if no account is paid."""
    return next((one for one in accounts if providers.get(one.provider).paid), accounts[0])


def _sample_text(form: str) -> str:
    """As many words as a draft of this format usually has."""
    return "word " * round(formats.get(form).max_output_tokens * USED / TOKENS_A_WORD)


def _added_up(accounts: Sequence[Account], asked: Sequence[Asked], feedback_rounds: int) -> Estimate:
    account = _account(accounts)
    once = [(request, request.purpose, times) for request, times in asked]
    tokens_in = sum(_input(request) * times for request, _, times in once)
    tokens_out = sum(round(request.max_output_tokens * USED) * times for request, _, times in once)
    return Estimate(
        provider=account.name,
        model=account.model,
        calls=sum(times for _, _, times in once),
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        expected_usd=sum(_cost(account, *one, used=USED) for one in once),
        most_usd=sum(_cost(account, *one, used=1) * (1 + feedback_rounds) for one in once),
        price_known=price_of(account.model) is not None or not providers.get(account.provider).paid,
    )


def _ideas(count: int, preferences: Preferences, output_tokens: int, excluded: int) -> TextRequest:
    return ideas_request(
        count=count,
        day=dt.date.min,
        preferences=preferences,
        temperature=0,
        max_output_tokens=output_tokens * -(-max(count, 5) // 5),
        exclude=[_SAMPLE.title] * excluded,
    )


def _draft(form: str, preferences: Preferences, document: Excerpt | None = None) -> TextRequest:
    formats.get(form)
    return draft_request(Assignment(idea=_SAMPLE, format=form, preferences=preferences, document=document))


def _input(request: TextRequest) -> int:
    schema = len(str(request.schema.model_json_schema()))
    return (len(request.system) + len(request.prompt) + schema) // CHARACTERS_A_TOKEN


def _cost(account: Account, request: TextRequest, purpose: str, times: int, *, used: float) -> float:
    usage = Usage(input_tokens=_input(request), output_tokens=round(request.max_output_tokens * used))
    return times * cost_microusd(account.model_for(purpose), usage) / MICRO
