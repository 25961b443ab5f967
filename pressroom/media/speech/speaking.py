"""A text spoken: sentence by sentence through the chain, in one voice, put together and kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

import numpy as np

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.calls.links import Link
from pressroom.calls.speech import SentenceRequest, knows, speaking, voices_of, wav_of
from pressroom.errors import WrongInput
from pressroom.media.keeping import Keeper
from pressroom.media.speech.aligning import aligned
from pressroom.media.speech.joining import Part, joined
from pressroom.media.speech.request import FOLDER, Heard, Speak, ordered
from pressroom.media.speech.wording import Sentence, sentences_of
from pressroom.model.speech import Speech, SpeechRequest, Timing

SPEEDS = (0.5, 2.0)

_WORST_FIRST = tuple(reversed(Timing))


@dataclass
class _Spoken:
    """How far a text has got: what each sentence sounds like, by whom. call_ids: paid ones that aren't used, too."""

    heard: list[Heard] = field(default_factory=list)
    call_ids: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    account: str = ""
    model: str = ""


def speakable(text: str, language: str = "en") -> bool:
    """True when there is a word in `text` that can be spoken; emoji and punctuation are not."""
    return bool(sentences_of(SpeechRequest(text=text, language=language)))


def speak(request: SpeechRequest, chain: Chain, keeper: Keeper, books: Books) -> Speech:
    """The spoken text, in one voice; what was paid for once is found by the ledger and never paid for again.

    Each sentence is a call of its own. Where an account stops in the middle, the next one speaks the whole text.

    Raises:
        WrongInput: there is nothing to speak, or no vendor has the voice. ChainExhausted: no account gave all of it.
        StoreUnusable: it could not be kept.
    """
    sentences = sentences_of(request)
    _check(request, sentences)
    spoken = _in_one_voice(request, sentences, replace(chain, links=_ordered(chain, request)), keeper, books)
    return _speech(request, sentences, spoken, keeper)


def sentence_requests(request: SpeechRequest) -> list[SentenceRequest]:
    """The requests that a text is spoken with, one a sentence."""
    return [_request_of(request, sentence) for sentence in sentences_of(request)]


def _check(request: SpeechRequest, sentences: Sequence[Sentence]) -> None:
    if not sentences:
        raise WrongInput("There is no word to speak in the text.", hint="Emoji and signs alone are not spoken.")
    if not SPEEDS[0] <= request.speed <= SPEEDS[1]:
        raise WrongInput(f"A speed of {request.speed:g} is out of range.", hint="It goes from 0.5 to 2; 1 is usual.")


def _ordered(chain: Chain, request: SpeechRequest) -> tuple[Link, ...]:
    """The links of `chain`, those first that have the voice.

    Raises:
        WrongInput: no vendor has it.
    """
    if not request.voice or not chain.links:
        return chain.links
    known = [link for link in chain.links if knows(link.provider, request.voice)]
    if not known and not any(knows(one, request.voice) for one in speaking()):
        names = [voice.name for one in speaking() for voice in voices_of(one)]
        near = get_close_matches(request.voice, names, 3, 0.5) or names[:5]
        raise WrongInput(
            f"No provider has a voice {request.voice!r}.",
            hint=f"Near it: {', '.join(near)}. `pressroom voices-of-speech` lists all.",
        )
    return (*known, *(link for link in chain.links if link not in known))


def _in_one_voice(
    request: SpeechRequest, sentences: Sequence[Sentence], chain: Chain, keeper: Keeper, books: Books
) -> _Spoken:
    spoken, links = _Spoken(), chain.links
    while len(spoken.heard) < len(sentences):
        sentence = sentences[len(spoken.heard)]
        received = replace(chain, links=links).ask(Speak(_request_of(request, sentence), keeper), books)
        spoken.call_ids += received.call_ids
        names = [link.account.name for link in links]
        at = names.index(received.account)
        if at and spoken.heard:
            done = f"{spoken.account} stopped after {len(spoken.heard)} of {len(sentences)} sentences"
            spoken.notes.append(f"{done}; {received.account} speaks all of them.")
            spoken.heard.clear()
            links = links[at:]
            continue
        links = links[at:]
        spoken.account, spoken.model = received.account, received.model
        spoken.heard.append(received.body)
    return spoken


def _request_of(request: SpeechRequest, sentence: Sentence) -> SentenceRequest:
    return SentenceRequest(
        text=sentence.text,
        language=request.language,
        voice=request.voice,
        speed=request.speed,
        purpose=request.purpose,
        prompt_hash=request.prompt_hash,
        variant=request.variant,
    )


def _speech(request: SpeechRequest, sentences: Sequence[Sentence], spoken: _Spoken, keeper: Keeper) -> Speech:
    timings: list[Timing] = []

    def parts() -> Iterator[Part]:
        for sentence, heard in zip(sentences, spoken.heard, strict=True):
            part, timing = _timed(sentence, heard, request)
            timings.append(timing)
            yield part

    whole = joined(parts(), request.speed)
    key, sha256 = keeper.put(FOLDER, "wav", wav_of(whole.samples, whole.rate))
    voice = spoken.heard[0].kept.voice
    notes = [*spoken.notes, *(note for heard in spoken.heard for note in heard.kept.notes)]
    if request.voice and voice != request.voice:
        notes.append(f"The voice {request.voice!r} was not to be had; {voice!r} speaks.")
    return Speech(
        key=key,
        sha256=sha256,
        rate=whole.rate,
        seconds=round(whole.seconds, 4),
        words=whole.words,
        timing=min(timings, key=_WORST_FIRST.index),
        voice=voice,
        notes=tuple(dict.fromkeys(notes)),
        provider=spoken.account,
        model=spoken.model,
        call_ids=tuple(dict.fromkeys(spoken.call_ids)),
    )


def _timed(sentence: Sentence, heard: Heard, request: SpeechRequest) -> tuple[Part, Timing]:
    samples = np.frombuffer(heard.samples, "<i2").astype(np.float32) / np.float32(32768)
    bounds, timing = heard.kept.bounds, heard.kept.timing
    if not bounds:
        found, timing = aligned(samples, heard.kept.rate, sentence.text, request.language)
        bounds = ordered(found, len(samples) / heard.kept.rate)
    return Part(sentence, samples, heard.kept.rate, bounds), timing
