"""The words for a picture on one platform: niches, hashtags, a caption; by a model, or by templates."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field

from pressroom import platforms
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.calls.requests import Text
from pressroom.calls.timing import ends
from pressroom.errors import ChainExhausted
from pressroom.formats import prompts
from pressroom.model import Preferences, TextRequest
from pressroom.model.optimizing import OptimizeRequest, Prepared, WrittenUp
from pressroom.model.results import Photography, PlatformResult, PlatformStatus
from pressroom.platforms import hashtag_range
from pressroom.store.database import Database
from pressroom.writing.hashtags import (
    HashtagSource,
    HistorySource,
    ModelSource,
    Query,
    caption_for,
    hashtags_for,
    niches,
)
from pressroom.writing.hashtags import sources as hashtag_sources
from pressroom.writing.hashtags.captions import LABEL
from pressroom.writing.hashtags.choosing import choose
from pressroom.writing.requests import system_words, with_data

PURPOSE = "image_caption"
OUTPUT_TOKENS = 600
TEMPERATURE = 0.7
COMFORTABLE = 900
"""Characters of a caption that people read; platforms take more."""

NO_WORDS = "No words were asked for: the picture was only cut."
NOT_SEARCHED = "The search for accounts has not run yet."
NOT_FITTING = "The model's caption was longer than the platform takes and was not used."


class Captioned(BaseModel):
    """A text provider's answer."""

    title: str = Field(description="Empty where the platform has no titles.")
    caption: str = Field(description="Without hashtags.")
    hashtags: list[str] = Field(description="Without `#`, the most specific first.")


@dataclass(frozen=True)
class CaptionWriter:
    """The services that captions are written with. chain: None to write without a model."""

    chain: Chain | None
    books: Books
    database: Database
    workspace_id: str


def write_up(
    prepared: Prepared, platform: str, wish: OptimizeRequest, preferences: Preferences, writer: CaptionWriter
) -> WrittenUp:
    """One platform's result, still without accounts. What a model does not give templates make, and it is said so.

    Raises:
        ProcessingTimeout: the picture's time is up before a model could be asked.
    """
    started = time.monotonic()
    captioned, notes = _captioned(prepared, platform, preferences, writer)
    if not (wish.analyse or wish.describe):
        own = choose(platform, (), wanted=wish.hashtags, banned=wish.banned).tags if wish.hashtags else ()
        return _result(prepared, platform, started, hashtags=own, notes=(NO_WORDS,))
    found = niches(prepared.description, prepared.words)
    query = Query(
        platform=platform,
        description=prepared.description,
        words=prepared.words,
        niches=found,
        language=preferences.language,
    )
    chosen = hashtags_for(query, _sources(captioned, query, writer), wanted=preferences.hashtags, banned=wish.banned)
    notes = (*notes, *chosen.notes)
    known = platforms.get(platform)
    if captioned and known.fits(known.whole_post(captioned.caption, chosen.tags)):
        caption, title = captioned.caption.strip(), captioned.title.strip()
    else:
        notes = (*notes, *((NOT_FITTING,) if captioned else ()), LABEL)
        said = wish.describe or (prepared.description if prepared.seen_by_model else "")
        caption = caption_for(platform, said, found, hashtags=chosen.tags, language=preferences.language)
        title, captioned = "", None
    return _result(
        prepared,
        platform,
        started,
        by_model=captioned is not None,
        niches=tuple(niche.title for niche in found),
        hashtags=chosen.tags,
        title=title,
        caption=caption,
        notes=notes,
    )


def _captioned(
    prepared: Prepared, platform: str, preferences: Preferences, writer: CaptionWriter
) -> tuple[Captioned | None, tuple[str, ...]]:
    if writer.chain is None:
        return None, ()
    request = caption_request(platform, prepared.description, prepared.words, preferences)
    books = writer.books.labelled(f"{prepared.image.position}/{platform}").until(ends(writer.chain, prepared.until))
    try:
        completion = writer.chain.ask(Text(request), books)
    except ChainExhausted as error:
        return None, (f"No model wrote the words: {error.message}",)
    return Captioned.model_validate(completion.body.model_dump()), ()


def caption_request(platform: str, description: str, words: Sequence[str], preferences: Preferences) -> TextRequest:
    """Ask for the words of one picture on `platform`."""
    least, most = hashtag_range(platform)
    prompt = prompts.load(PURPOSE)
    inputs = {
        "picture": {"description": description, "words": list(words)},
        "platform": platform,
        "preferences": preferences.model_dump(mode="json"),
    }
    rendered = prompt.render(
        platform=platform,
        characters=_comfortable(platform),
        title_characters=_title_characters(platform),
        least=least,
        most=most,
    )
    return TextRequest(
        purpose=PURPOSE,
        system=system_words(preferences),
        prompt=with_data(rendered, inputs),
        schema=Captioned,
        temperature=TEMPERATURE,
        max_output_tokens=OUTPUT_TOKENS,
        prompt_hash=f"system:{prompts.load('system').hash}+{PURPOSE}:{prompt.hash}",
        inputs=inputs,
    )


def _comfortable(platform: str) -> int:
    """Characters of a caption that people read, within what the platform takes."""
    return min([COMFORTABLE, *(limit.usual or limit.most for limit in platforms.get(platform).post_limits)])


def _title_characters(platform: str) -> int:
    known = platforms.get(platform).limits.get("title_characters")
    return known.most if known else 0


def _sources(captioned: Captioned | None, query: Query, writer: CaptionWriter) -> list[HashtagSource]:
    """The sources of hashtags. The workspace's other posts are left out when nothing is known of the picture."""
    model = [ModelSource(lambda _: captioned.hashtags)] if captioned else []
    own = [HistorySource(writer.database, writer.workspace_id)] if query.about.strip() else []
    return [*model, *own, *(hashtag_sources.get(name) for name in hashtag_sources.names())]


def _result(
    prepared: Prepared,
    platform: str,
    started: float,
    *,
    by_model: bool = False,
    niches: tuple[str, ...] = (),
    hashtags: tuple[str, ...] = (),
    title: str = "",
    caption: str = "",
    notes: tuple[str, ...] = (),
) -> WrittenUp:
    result = PlatformResult(
        platform=platform,
        status=PlatformStatus.OK,
        image=prepared.files[platform],
        more_images=prepared.photographs,
        niches=niches,
        hashtags=hashtags,
        no_accounts_because=NOT_SEARCHED,
        title=title,
        caption=caption,
        photography=Photography(
            used=bool(prepared.photographs), styles=tuple(photo.style for photo in prepared.photographs)
        ),
        seconds=round(time.monotonic() - started, 3),
        notes=(*prepared.file_notes.get(platform, ()), *notes),
    )
    return WrittenUp(result=result, by_model=by_model)
