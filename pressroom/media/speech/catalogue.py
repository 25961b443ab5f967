"""The voices there are: who has them, in which languages, at what price, and if they can be used now."""

from __future__ import annotations

from pydantic import Field

from pressroom.calls.accounts import account_from_settings, chain_names
from pressroom.calls.prices import price_of
from pressroom.calls.providers import Provider
from pressroom.calls.speech import SentenceRequest, speaking, voices_of
from pressroom.calls.speech import Voice as ListedVoice
from pressroom.model import Frozen
from pressroom.model.speech import Timing
from pressroom.providers.offline import espeak
from pressroom.settings import Settings

CHARACTERS_A_MINUTE = 850
"""Of spoken English at speed 1, spaces counted."""

ESPEAK = "espeak"


class SpeechVoice(Frozen):
    """A voice that can speak a film. Other names are taken where a provider has voices of one's own."""

    name: str = Field(examples=["nova"])
    provider: str = Field(examples=["openai"])
    languages: tuple[str, ...] = Field(description="BCP 47 tags; `*`: any.", examples=[["en-US"]])
    said: str = Field(default="", description="How it sounds, in a few words.")
    usd_a_minute: float | None = Field(description="About, in US dollars; null: the price is not known.")
    usable: bool = Field(description="False: its provider's key, or its program, is missing.")
    reason: str = Field(default="", description="What is missing.")
    timed: Timing = Field(description="How well the times of its words are known.")


def voices(source: Settings, language: str = "") -> list[SpeechVoice]:
    """Every listed voice, those first that a chain without a setting takes. language: those alone that speak it."""
    in_chain = chain_names("speech", source)
    vendors = sorted(speaking(), key=lambda one: in_chain.index(one.name) if one.name in in_chain else len(in_chain))
    found = [_voice(vendor, voice, source, language) for vendor in vendors for voice in voices_of(vendor)]
    return [one for one, voice in found if not language or voice.speaks(language)]


def _voice(vendor: Provider, voice: ListedVoice, source: Settings, language: str) -> tuple[SpeechVoice, ListedVoice]:
    reason = _missing(vendor, voice, source, language)
    languages = espeak.languages() if voice.name == ESPEAK and espeak.is_there() else voice.languages
    shown = SpeechVoice(
        name=voice.name,
        provider=vendor.name,
        languages=languages,
        said=voice.said,
        usd_a_minute=_price(vendor, voice, source),
        usable=not reason,
        reason=reason,
        timed=voice.timed,
    )
    return shown, voice


def _missing(vendor: Provider, voice: ListedVoice, source: Settings, language: str) -> str:
    if voice.name == ESPEAK and not espeak.is_there():
        return "Install espeak-ng: apt-get install espeak-ng."
    if voice.name == ESPEAK and language and not espeak.voice_of(language):
        return f"espeak-ng does not speak {language}."
    if vendor.settings is None or source.vendor(vendor.name, vendor.settings).has_key:
        return ""
    return f"Set {vendor.name.upper()}_API_KEY."


def _price(vendor: Provider, voice: ListedVoice, source: Settings) -> float | None:
    """US dollars for a minute, about."""
    if not vendor.paid:
        return 0.0
    account = account_from_settings(vendor.name, source, "speech", needs_key=False)
    order = vendor.kind("speech").order
    request = SentenceRequest(text="x", language=voice.languages[0].replace("*", "en"), voice=voice.name)
    priced_as = order(account, request).priced_as if order else ""
    price = price_of(priced_as or account.model)
    if price is None:
        return None
    return round(CHARACTERS_A_MINUTE * (price.characters or 0) / 1e6 + 60 * (price.seconds or 0), 4)
