"""The pictures of a document: what they show, and each of them made, fitted and stored."""

from __future__ import annotations

from pathlib import PurePosixPath

from prefect import task
from prefect.cache_policies import NO_CACHE

from blocks import connections
from pressroom.calls.requests import Text
from pressroom.errors import ChainExhausted
from pressroom.media.asking_words import image_prompt_request
from pressroom.media.cards import card_for
from pressroom.media.keeping import Keeper
from pressroom.media.pictures.alternative import alt_text
from pressroom.media.pictures.making import Made
from pressroom.media.pictures.making import make_picture as make
from pressroom.media.pictures.wanting import image_request, wanted
from pressroom.model import AssetKind, CardText, IdeaRef, PictureRef, PictureWishes, RepurposePlan, RunRef
from pressroom.model.images import ImageIdea
from pressroom.providers.offline.documents import sayings
from pressroom.reports.names import picture_file_name
from pressroom.store import assets, runs
from pressroom.store.tables import Asset
from pressroom.writing.subjects import subject
from tasks import observing
from tasks.books import books_of, record_files
from tasks.observing import observed
from tasks.retrying import INFRASTRUCTURE

OFFLINE = "offline"
SENTENCES = 12
"""Of a document, the weightiest: what a card may say."""


def purposes(run: RunRef) -> list[tuple[str, int, int]]:
    """Lists what each document gets a picture for, with its size in pixels; empty when no platform wants one."""
    wishes = _wishes(run)
    return list(wanted(wishes.platforms)) if wishes.platforms else []


def _wishes(run: RunRef) -> PictureWishes:
    return run.plan.pictures if isinstance(run.plan, RepurposePlan) else PictureWishes()


@task(name="imagine-pictures", task_run_name="imagine: {idea.title}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def imagine(run: RunRef, idea: IdeaRef) -> ImageIdea:
    """The text chain writes once what a document's pictures show, unless all of them will be cards.

    A chain that fails costs no picture: then they show what the title says.
    """
    about, wishes = subject(connections.database(), idea.id), _wishes(run)
    plain = ImageIdea(prompt=about.idea.title, alt_text=about.idea.title)
    if about.excerpt is None or set(wishes.chain) <= {OFFLINE}:
        return plain
    preferences = about.preferences(run.plan)
    request = image_prompt_request(about.excerpt, wishes.style, preferences=preferences, variant=run.variant)
    try:
        completion = connections.chain(run.chain).ask(Text(request), books_of(run, f"{idea.position}/pictures"))
    except ChainExhausted as error:
        observing.not_imagined(idea, error)
        return plain
    runs.note_idea_calls(connections.database(), run.id, completion.call_ids)
    return ImageIdea.model_validate(completion.body.model_dump())


@task(name="make-picture", task_run_name="picture {purpose}: {idea.title}", cache_policy=NO_CACHE, **INFRASTRUCTURE)
@observed
def make_picture(run: RunRef, idea: IdeaRef, purpose: str, width: int, height: int, shows: ImageIdea) -> PictureRef:
    """Make, fit and store one picture; one that is stored already is left as it is. width, height: pixels.

    Raises:
        ChainExhausted: no provider gave a usable picture. Nothing is stored, and a repeat tries again.
    """
    database = connections.database()
    row = assets.find_asset(database, idea.id, purpose, run.variant)
    if row is None:
        card = card_of(idea, purpose)
        made = _made(run, idea, purpose, width, height, shows, card)
        row = _kept(run, idea, purpose, made, alt_text(drawn=made.drawn, idea=shows, card=card), shows)
        observing.picture_stored(row)
    return PictureRef(id=row.id, idea_position=idea.position, purpose=purpose)


def card_of(idea: IdeaRef, purpose: str) -> CardText:
    """A document's card says the document's own words."""
    about = subject(connections.database(), idea.id)
    assert about.excerpt is not None
    text, title, language = about.excerpt.text, about.excerpt.title, about.excerpt.language
    found = sayings(about.excerpt, most=SENTENCES)
    items = [line.removeprefix("- ") for line in text.split("\n\n") if line.startswith("- ")]
    return card_for(
        title,
        [one.text for one in found],
        purpose=purpose,
        language=language,
        said_by=[one.by for one in found],
        items=items,
    )


def _made(run: RunRef, idea: IdeaRef, purpose: str, width: int, height: int, shows: ImageIdea, card: CardText) -> Made:
    wishes = _wishes(run)
    request = image_request(
        shows,
        purpose=purpose,
        width=width,
        height=height,
        card=card,
        style=wishes.style,
        quality=wishes.quality,
        brand=wishes.brand,
        variant=run.variant,
    )
    return make(
        request,
        connections.image_chain(wishes.chain),
        Keeper(connections.store(), run.workspace),
        books_of(run, f"{idea.position}/{purpose}"),
    )


def _kept(run: RunRef, idea: IdeaRef, purpose: str, made: Made, words: str, shows: ImageIdea) -> Asset:
    """The file first, then the rows that name it."""
    name = picture_file_name(idea.position, purpose, idea.title, made.media_type)
    key = str(PurePosixPath(run.folder) / "pictures" / (f"v{run.variant}-{name}" if run.variant else name))
    stored = connections.store().put(key, made.data)
    record_files(run, "picture", [stored])
    return assets.keep_asset(
        connections.database(),
        Asset(
            workspace_id=run.workspace_id,
            run_id=run.id,
            kind=AssetKind.PICTURE,
            subject_id=idea.id,
            purpose=purpose,
            variant=run.variant,
            key=stored.key,
            address=stored.address,
            sha256=stored.sha256,
            size=stored.size,
            media_type=made.media_type,
            width=made.width,
            height=made.height,
            alt_text=words,
            prompt="" if made.drawn else shows.prompt,
            provider=made.provider,
            model=made.model,
            call_ids=list(made.call_ids),
            notes=list(made.notes),
        ),
    )
