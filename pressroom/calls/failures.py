"""An endpoint's refusal becomes an error of the tree. The body decides; the status where it says nothing.

The endpoint's own words always go along, without the key and in one short line: they are what a person can act on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pressroom import redaction
from pressroom.calls.providers import Account
from pressroom.calls.refusals import Refusal, refusal_of, retry_after, wait_of
from pressroom.errors import (
    BlockedOnTheWay,
    BrokenAnswer,
    ContentRefused,
    CreditsExhausted,
    KeyRefused,
    Lasting,
    Passing,
    ProviderBusy,
    RateLimited,
    RegionRefused,
    RequestRejected,
    UnknownModel,
    WrongAddress,
)
from pressroom.model import Answer

__all__ = ["failure_of", "from_status", "paid", "retry_after", "unknown_model"]

_MESSAGE_CHARACTERS = 300

Failure = Passing | Lasting


@dataclass(frozen=True)
class _Reading:
    """One meaning. signs: what is searched in codes and words; statuses: where it may be said, empty for any."""

    signs: re.Pattern[str]
    statuses: frozenset[int]
    means: Callable[[Account, Refusal, str], Failure]

    def fits(self, refusal: Refusal) -> bool:
        return (not self.statuses or refusal.status in self.statuses) and bool(self.signs.search(refusal.text))


def from_status(account: Account, status: int, message: str, headers: Mapping[str, str], model: str) -> Failure:
    """The error for an HTTP `status` of 400 or more; `message`: the whole body, or what was taken out of it."""
    return failure_of(account, refusal_of(status, message, headers), model)


def failure_of(account: Account, refusal: Refusal, model: str) -> Failure:
    """The error of the tree that `refusal` is."""
    if refusal.page:
        return _page(account, refusal, model)
    means = next((reading.means for reading in _READINGS if reading.fits(refusal)), _by_status)
    return means(account, refusal, model)


def paid(failure: Failure, answer: Answer) -> Failure:
    """`failure` with what came along and is paid for."""
    failure.answer = answer
    return failure


def _words(account: Account, refusal: Refusal) -> str:
    """`: ` and the endpoint's own words, or a full stop where it has none; masked first: a cut key is still one."""
    key = account.api_key.get_secret_value().strip()
    line = refusal.words.replace(key, redaction.MASK) if len(key) >= redaction.SHORTEST else refusal.words
    line = redaction.mask(line)[:_MESSAGE_CHARACTERS]
    return f": {line}{'' if line.endswith(('.', '!', '?')) else '.'}" if line else "."


def _refused(account: Account, refusal: Refusal, _model: str) -> Failure:
    return ContentRefused(f"{account.name} declined what was asked for{_words(account, refusal)}")


def _region(account: Account, refusal: Refusal, _model: str) -> Failure:
    hint = "Call it from a place it serves, or change the chain."
    return RegionRefused(f"{account.name} does not serve this region{_words(account, refusal)}", hint=hint)


def _no_credits(account: Account, refusal: Refusal, _model: str) -> Failure:
    message = f"{account.name} has no credits left{_words(account, refusal)}"
    return CreditsExhausted(message, hint="Top up the account or change the chain.")


def _key(account: Account, refusal: Refusal, _model: str) -> Failure:
    did = "refused access" if refusal.status == 403 else "refused the key"
    hint = f"Check the key of {account.name} and what it may do: `pressroom doctor`."
    return KeyRefused(f"{account.name} {did}{_words(account, refusal)}", hint=hint)


def unknown_model(account: Account, model: str) -> Failure:
    """The error for a model that the account's list of models does not have."""
    return _model(account, Refusal(404), model)


def _model(account: Account, refusal: Refusal, model: str) -> Failure:
    message = f"{account.name} does not know the model {model!r}{_words(account, refusal)}"
    return UnknownModel(message, hint="Set another model; see .env.example.")


def _address(account: Account, refusal: Refusal, _model: str) -> Failure:
    message = f"{account.name} has nothing at its address ({refusal.status}){_words(account, refusal)}"
    return WrongAddress(message, hint="Check its base URL: most end in /v1.")


def _broken(account: Account, refusal: Refusal, _model: str) -> Failure:
    return BrokenAnswer(f"{account.name} could not finish its answer{_words(account, refusal)}", retry_after=0)


def _slow_down(account: Account, refusal: Refusal, _model: str) -> Failure:
    return RateLimited(f"{account.name} asks to slow down{_words(account, refusal)}", retry_after=wait_of(refusal))


def _busy(account: Account, refusal: Refusal, _model: str) -> Failure:
    how = f" with status {refusal.status}" if refusal.status else ""
    return ProviderBusy(f"{account.name} failed{how}{_words(account, refusal)}", retry_after=wait_of(refusal))


def _page(account: Account, refusal: Refusal, _model: str) -> Failure:
    """A web page came instead of an answer: from a proxy or a firewall on the way, or from a site without an API."""
    if "1009" in refusal.words or "banned the country" in refusal.words.lower():
        return _region(account, refusal, "")
    if refusal.status == 429:
        return _slow_down(account, refusal, "")
    if refusal.status in _PASSING or refusal.status >= 500:
        return _busy(account, refusal, "")
    if refusal.status in {200, 404, 405}:
        return _address(account, refusal, "")
    message = f"A proxy or firewall answered instead of {account.name} ({refusal.status}){_words(account, refusal)}"
    return BlockedOnTheWay(message, hint="Check the proxy, and whether this machine's address is blocked.")


_PASSING = frozenset({408, 409, 425, 498, 499})


def _by_status(account: Account, refusal: Refusal, model: str) -> Failure:
    status = refusal.status
    means = _STATUSES.get(status, _busy if status in _PASSING or status >= 500 else _rejected)
    if status == 403 and refusal.words and not _ACCESS.search(refusal.text):
        means = _rejected
    if status in {404, 405} and ((model and model.lower() in refusal.text) or _MODEL.search(refusal.text)):
        means = _model
    return means(account, refusal, model)


def _rejected(account: Account, refusal: Refusal, _model: str) -> Failure:
    if not refusal.status:
        return BrokenAnswer(f"{account.name} answered with an error{_words(account, refusal)}")
    return RequestRejected(f"{account.name} rejected the request ({refusal.status}){_words(account, refusal)}")


def _too_long(account: Account, refusal: Refusal, _model: str) -> Failure:
    message = f"What was asked of {account.name} is longer than its model reads{_words(account, refusal)}"
    return RequestRejected(message, hint="Serve the model with a longer context, or set another one.")


def _no_pictures(account: Account, refusal: Refusal, _model: str) -> Failure:
    message = f"The model of {account.name} looks at no pictures{_words(account, refusal)}"
    return RequestRejected(message, hint="Set PRESSROOM_VISION_CHAIN to an account whose model does.")


_STATUSES: Mapping[int, Callable[[Account, Refusal, str], Failure]] = {
    401: _key,
    402: _no_credits,
    403: _key,
    404: _address,
    405: _address,
    407: _page,
    429: _slow_down,
    451: _region,
}
_MODEL = re.compile("model|deployment")


def _reading(signs: str, statuses: set[int], means: Callable[[Account, Refusal, str], Failure]) -> _Reading:
    return _Reading(re.compile(signs), frozenset(statuses), means)


_ACCESS = re.compile(
    r"permission|access|api.?key|token|credential|auth|scope|project|organi[sz]ation|plan|subscription|model"
    r"|forbidden|denied|may not|not allowed|account|suspend|deactivat|terminat"
)

_ABOUT = r"(input|prompt|content|message|text|response|output|completion|generation|query)s?"

_READINGS = (
    _reading(
        r"(account|organi[sz]ation|api key|access)( \w+){0,4}"
        r" (deactivated|terminated|suspended|disabled|banned|flagged)",
        {0, 200, 400, 401, 403},
        _key,
    ),
    _reading(  # what was asked for or came out, and not who asks
        rf"content_policy|content_against_policy|content_filter|contentfilter|moderation_blocked|responsibleai|data_inspection_failed"
        rf"|prompt_blocked|invalid_prompt|sensitive_(content|words)|content exists risk|content management policy"
        rf"|(usage|content|safety|acceptable use) polic|safety (system|filter|setting)|inappropriate content"
        rf"|{_ABOUT}( \w+){{0,4}} (was |were |has been |is |are |been )?(flagged|blocked by|censored|unsafe)"
        rf"|requires moderation",
        {0, 200, 400, 403, 406, 422, 446, 451},
        _refused,
    ),
    _reading(
        r"unsupported_country|countr(y|ies),? region|location is not supported|region is not supported"
        r"|not (available|supported|offered) in (your|this) (country|region|location|territory)"
        r"|not supported in your (country|region)|banned the country",
        {0, 200, 400, 401, 403, 451},
        _region,
    ),
    _reading(
        r"insufficient[_ ](quota|balance|credit|fund)|credit balance|billing_not_active|billing_hard_limit"
        r"|credits are depleted|more credits|out of credits|no credits|arrearage|account is in arrears|overdue"
        r"|exceeded your monthly|spend(ing)? limit|exceeds your quota",
        {0, 200, 400, 401, 402, 403, 429},
        _no_credits,
    ),
    # OpenAI's plain rate limit advises to add a payment method on its billing page.
    _reading(r"billing|payment", {400, 402, 403}, _no_credits),
    _reading(
        r"api_key_invalid|invalid_api_key|api key (not|is not) valid|(incorrect|invalid|wrong|missing) api.?key"
        r"|no auth credentials|authentication_error|unauthenticated|invalid_authentication|account_deactivated",
        {0, 200, 400, 401, 403, 404},
        _key,
    ),
    _reading(
        r"\b(image|vision|picture)s?( inputs?|_url)? (is|are) not supported|(not|n't) support (image|vision)"
        r"|no endpoints found that support image",
        {0, 200, 400, 404, 415, 422, 500, 501},
        _no_pictures,
    ),
    _reading(
        r"context.?(length|size|window)|exceed_context|(prompt|input|request) (is )?too (long|large)",
        {0, 200, 400, 413, 422, 500},
        _too_long,
    ),
    _reading(
        r"model_not_found|model_not_available|model_decommissioned|model_deprecated|invalid_model|modelnotfound"
        r"|deploymentnotfound|unknown_model|no endpoints found|decommissioned"
        r"|\bmodels?\b.{0,120}(not.?found|does ?n[o']t exist|not exist|no longer (available|supported)|is not available"
        r"|has been (retired|deprecated|removed)|not a valid model|unknown|not (have )?access)"
        r"|(not a valid|invalid|unknown|unsupported|no such|access to(?: the)?) model",
        {0, 200, 400, 403, 404, 410, 422},
        _model,
    ),
    _reading(r"json_validate_failed|tool_use_failed|failed to generate json", {0, 200, 400, 422}, _broken),
    _reading(r"rate.?limit|resource_exhausted|too many requests|throttl", {0, 200, 400}, _slow_down),
    _reading(r"overloaded|server_error|capacity|try again later|provider returned error", {0, 200, 400}, _busy),
)
"""In this order: the first that fits is meant."""
