"""Posts of one text: how to begin, as much of the matter as there is room for, how to end, and hashtags."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pressroom.formats import bluesky_post as bluesky
from pressroom.formats import facebook_post as facebook
from pressroom.formats import instagram_caption as instagram
from pressroom.formats import linkedin_post as linkedin
from pressroom.formats import pinterest_pin as pinterest
from pressroom.formats import threads_post as threads
from pressroom.formats.shared.language import without_cliches
from pressroom.platforms import counting, tags
from pressroom.providers.offline.composing import filling, quoting
from pressroom.providers.offline.values import Material

__all__ = ["bluesky_post", "facebook_post", "instagram_caption", "linkedin_post", "pinterest_pin", "threads_post"]

LINKEDIN_WORDS = 200
CAPTION_CHARACTERS = 650
THREADS_CHARACTERS = 250
"""A composed post stops here: it says enough."""

LONGEST_LINK, LONGEST_SHOWN_LINK, LONGEST_CLOSING = 100, 60, 140
"""Characters: a composed post goes without a longer link, and doesn't close with a longer sentence."""


def linkedin_post(material: Material) -> linkedin.LinkedInPost:
    """Hook, three insights in turn until the post is long enough, takeaway and question."""
    if material.quotes:
        return _linkedin_quoted(material)
    hook = _short(filling.turned(material.hooks, material.seed)[0], 60)
    takeaway = filling.join(_short(material.takeaway, 60), without_cliches(filling.invitation(material, 60, seed=0)))
    bodies = _paragraphs(material, taken=counting.words(f"{hook} {takeaway}"))
    found = filling.hashtags(material, linkedin.PLATFORM)
    return linkedin.LinkedInPost(hook=hook, insights=bodies, takeaway=takeaway, hashtags=found)


def _linkedin_quoted(material: Material) -> linkedin.LinkedInPost:
    """A document's hook, its key sentences in two or three paragraphs, and an invitation."""
    hook, position = quoting.hook(material, _at_most(30), _at_least(4), _at_least(linkedin.LEAST_WORDS))
    closing = quoting.invitation(material, _at_most(30), used=hook)
    taken = counting.words(f"{hook} {material.credit} {closing}")
    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    least = _at_least(linkedin.LEAST_WORDS - taken)
    good = _at_least(LINKEDIN_WORDS * (1.3 if counting.is_unspaced(material.title) else 1) - taken)
    found = quoting.chosen(quotes, _at_most(linkedin.MOST_WORDS - 10 - taken), least, good, hook)
    missing = linkedin.LEAST_WORDS - counting.words(quoting.joined((hook, quoting.said(found))))
    if missing > counting.words(closing):
        closing = quoting.invitation(material, filling.always, _at_least(missing)) or closing
    return linkedin.LinkedInPost(
        hook=hook,
        insights=quoting.paragraphs(found, linkedin.MOST_INSIGHTS, counting.words),
        takeaway=filling.join(material.credit, closing),
        hashtags=filling.hashtags(material, linkedin.PLATFORM),
    )


def _at_most(words: int) -> filling.Test:
    return lambda text: counting.words(text) <= words and len(text) <= linkedin.MOST_CHARACTERS - 600


def _at_least(words: float) -> filling.Test:
    return lambda text: counting.words(text) >= words


def _short(text: str, words: int) -> str:
    """Plain words, at most `words` of them and 350 characters."""
    plain = without_cliches(text)
    cut = filling.shortened(plain, lambda part: counting.words(part) <= words and len(part) <= 350)
    return cut or filling.STOCK[-1]


def _paragraphs(material: Material, taken: int) -> list[str]:
    """Three insights, and below the last one more of them until the post is long enough, `taken` words being spent.

    Where that doesn't do, as with few or very long words, each paragraph gets its share of the words that are left.
    """
    order = filling.turned([filling.join(one.point, one.detail) for one in material.insights], material.seed // 3)
    least, most = linkedin.LEAST_WORDS + 5 - taken, (linkedin.MOST_WORDS - 5 - taken) // linkedin.MOST_INSIGHTS

    def within(characters: int) -> filling.Test:
        return lambda text: counting.words(text) <= most and len(text) <= characters

    done = [filling.shortened(without_cliches(text), within(500)) for text in order[: linkedin.MOST_INSIGHTS]]
    missing = _at_least(least - counting.words(" ".join(done[:-1])))
    last = filling.filled(done[-1], _unused(order[linkedin.MOST_INSIGHTS :], done), within(500), missing)
    if missing(last):
        return [*done[:-1], last]
    return _shared(order, within, _at_least(least / linkedin.MOST_INSIGHTS))


def _shared(order: Sequence[str], within: Callable[[int], filling.Test], enough: filling.Test) -> list[str]:
    """Three paragraphs that are each filled until they are long enough."""
    done: list[str] = []
    for insight in order[: linkedin.MOST_INSIGHTS]:
        spare, stock = _unused(order[linkedin.MOST_INSIGHTS :], done), _unused(filling.STOCK, done)
        text = filling.shortened(without_cliches(insight), within(500))
        done.append(filling.composed(filling.filled(text, spare, within(500), enough), (), within(690), enough, stock))
    return done


def _unused(texts: Sequence[str], paragraphs: list[str]) -> list[str]:
    return [text for text in map(without_cliches, texts) if not any(text in paragraph for paragraph in paragraphs)]


def facebook_post(material: Material) -> facebook.FacebookPost:
    """Hook, insights until there are words enough for half a minute, question or call to action."""
    if material.quotes:
        return _facebook_quoted(material)
    closing = filling.invitation(material, 30, material.seed)

    def fits(text: str) -> bool:
        return counting.words(f"{text} {closing}") <= facebook.MOST_WORDS - 5

    hook = filling.shortened(filling.turned(material.hooks, material.seed)[0], lambda text: counting.words(text) <= 50)
    own = [*filling.told(filling.turned(material.insights, material.seed // 3)), material.takeaway]
    message = filling.composed(
        hook, own, fits, lambda text: counting.words(f"{text} {closing}") >= facebook.LEAST_WORDS + 20
    )
    found = filling.hashtags(material, facebook.PLATFORM)
    return facebook.FacebookPost(message=message, closing=closing, hashtags=found)


def _facebook_quoted(material: Material) -> facebook.FacebookPost:
    """A document's hook and a few of its key sentences, question or call to action."""
    closing = quoting.invitation(material, lambda text: counting.words(text) <= 30)
    hook, position = quoting.hook(material, lambda text: counting.words(text) <= 30, bool)

    def words(text: str) -> int:
        return counting.words(f"{hook} {text} {material.credit} {closing}")

    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    found = quoting.chosen(
        quotes,
        lambda text: words(text) <= facebook.MOST_WORDS - 5,
        lambda text: words(text) >= facebook.LEAST_WORDS,
        lambda text: words(text) >= facebook.LEAST_WORDS + (50 if counting.is_unspaced(hook) else 30),
        around=hook,
    )
    message = "\n\n".join(text for text in (hook, quoting.said(found), material.credit) if text)
    tagged = filling.hashtags(material, facebook.PLATFORM)
    return facebook.FacebookPost(message=message, closing=closing, hashtags=tagged)


def instagram_caption(material: Material) -> instagram.InstagramCaption:
    """Hook, two insights, takeaway and question, a paragraph each, as long as there is room."""
    if material.quotes:
        return _instagram_quoted(material)
    hooks = filling.turned(material.hooks, material.seed)
    insights = filling.some(material.insights, 2, material.seed // 3)
    blocks = [hooks[0], *(filling.join(one.point, one.detail) for one in insights), material.takeaway]
    caption = ""
    for block in (*blocks, filling.join(material.question, material.call_to_action)):
        longer = f"{caption}\n\n{block}".strip()
        caption = longer if block not in caption and len(longer) <= instagram.MOST_CHARACTERS else caption
    found = filling.hashtags(material, instagram.PLATFORM)
    return instagram.InstagramCaption(caption=caption, hashtags=found)


def _instagram_quoted(material: Material) -> instagram.InstagramCaption:
    """A document's hook and key sentences in short paragraphs, question and call to action; fewer hashtags."""
    closing = quoting.invitation(material, lambda text: len(text) <= 200, lambda text: counting.words(text) >= 10)
    hook, position = quoting.hook(material, lambda text: len(text) <= 125, bool)
    dense = 2 if counting.is_unspaced(material.title) else 1
    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    found = quoting.chosen(
        quotes,
        lambda text: len(text) <= instagram.MOST_CHARACTERS / 2,
        lambda text: len(text) >= CAPTION_CHARACTERS / dense,
        around=hook,
    )
    blocks = (hook, *quoting.paragraphs(found, 3, len), material.credit, closing)
    caption = "\n\n".join(text for text in blocks if text)
    return instagram.InstagramCaption(caption=caption, hashtags=filling.hashtags(material, instagram.PLATFORM))


def threads_post(material: Material) -> threads.ThreadsPost:
    """A thought with its reason and its link, an invitation, and the first hashtag as the topic."""
    topic = filling.first_that(tags.usable(material.hashtags), bool)
    link = material.link if material.link and len(material.link) <= LONGEST_LINK else ""
    write = _threads_quoted if material.quotes else _threads_told
    message, closing = write(material, lambda text: threads.weight(_linked(text, link), topic) <= threads.MOST_WEIGHT)
    return threads.ThreadsPost(message=_linked(message, link), closing=closing, topic=topic)


def _linked(text: str, link: str) -> str:
    return "\n\n".join(part for part in (text, link) if part)


def _threads_told(material: Material, fits: filling.Test) -> tuple[str, str]:
    closing = filling.invitation(material, 30, material.seed)

    def fits_all(text: str) -> bool:
        return fits(_linked(text, closing))

    hook = filling.shortened(filling.turned(material.hooks, material.seed)[0], fits_all)
    insights = filling.turned(material.insights, material.seed // 3)
    return filling.filled(hook, filling.told(insights[:2]), fits_all, _is_good), closing


def _threads_quoted(material: Material, fits: filling.Test) -> tuple[str, str]:
    """A document's hook and a few of its key sentences, question or call to action."""
    closing = quoting.invitation(material, lambda text: len(text) <= LONGEST_CLOSING)
    hook, position = quoting.hook(material, lambda text: fits(_linked(text, closing)), bool)
    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    found = quoting.chosen(
        quotes,
        lambda text: fits(f"{hook}\n\n{text}\n\n{closing}"),
        filling.always,
        lambda text: _is_good(hook + text),
        hook,
    )
    return _linked(hook, quoting.said(found)), closing


def _is_good(text: str) -> bool:
    return len(text) >= THREADS_CHARACTERS


def bluesky_post(material: Material) -> bluesky.BlueskyPost:
    """A thought or two, the link unless it is long even as shown, and hashtags."""
    found = filling.hashtags(material, bluesky.PLATFORM)
    link = material.link if material.link and bluesky.size(material.link)[0] <= LONGEST_SHOWN_LINK else ""

    def fits(text: str) -> bool:
        characters, size = bluesky.size(bluesky.text(bluesky.BlueskyPost(message=_linked(text, link), hashtags=found)))
        return characters <= bluesky.MOST_GRAPHEMES and size <= bluesky.MOST_BYTES

    message = _bluesky_quoted(material, fits) if material.quotes else _bluesky_told(material, fits)
    return bluesky.BlueskyPost(message=_linked(message, link), hashtags=found)


def _bluesky_told(material: Material, fits: filling.Test) -> str:
    hook = filling.shortened(filling.turned(material.hooks, material.seed)[0], fits)
    points = filling.points(filling.turned(material.insights, material.seed // 3))
    return filling.filled(hook, points, fits, lambda text: len(text) > len(hook))


def _bluesky_quoted(material: Material, fits: filling.Test) -> str:
    """A document's hook, and what of its key sentences there is room for."""
    hook, position = quoting.hook(material, fits, bool)
    found = quoting.chosen(
        quoting.after(material, position), lambda text: fits(f"{hook}\n\n{text}"), filling.always, filling.never, hook
    )
    return _linked(hook, quoting.said(found))


def pinterest_pin(material: Material) -> pinterest.PinterestPin:
    """Hook, points and call to action, as many as the description has room for beside its hashtags."""
    found = filling.hashtags(material, pinterest.PLATFORM)
    room = pinterest.USUAL_DESCRIPTION - len(tags.written(found)) - 2
    description = _pinterest_quoted(material, room) if material.quotes else _pinterest_told(material, room)
    link = material.link if material.link and pinterest.is_link(material.link) else ""
    return pinterest.PinterestPin(title=material.title, description=description, link=link, hashtags=found)


def _pinterest_told(material: Material, room: int) -> str:
    hook = filling.shortened(filling.turned(material.hooks, material.seed)[0], lambda text: len(text) <= room)
    points = filling.points(filling.some(material.insights, 3, material.seed // 3))[:2]
    return filling.filled(hook, [*points, material.call_to_action], lambda text: len(text) <= room, filling.never)


def _pinterest_quoted(material: Material, room: int) -> str:
    """Two or three of a document's key sentences and an invitation."""
    closing = quoting.invitation(material, lambda text: len(text) <= room / 3)
    dense = 2 if counting.is_unspaced(material.title) else 1
    quotes = [quote for quote in material.quotes if quote.text not in closing]
    found = quoting.chosen(
        quotes, lambda text: len(f"{text} {closing}") <= room, lambda text: len(f"{text} {closing}") >= room / 2 / dense
    )
    return quoting.joined((quoting.said(found), closing))
