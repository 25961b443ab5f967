"""Threads: one thought to a post, every post whole in itself, link and hashtags in the last."""

from __future__ import annotations

from pressroom.formats import x_thread as x
from pressroom.platforms import counting, tags
from pressroom.providers.offline.composing import filling, quoting
from pressroom.providers.offline.values import Insight, Material, Quote

__all__ = ["x_thread"]

ROOM_FOR_NUMBER = 8
"""Left free in each post, so that a number can be put before it."""


def _fits(text: str) -> bool:
    return counting.x_length(text) <= x.MOST_WEIGHT - ROOM_FOR_NUMBER


def x_thread(material: Material) -> x.XThread:
    """The hook, two or three insights, and a closing post with link and hashtags."""
    posts = _quoted(material) if material.quotes else _told(material)
    if material.numbered and len(posts) > 1:
        posts = [f"{position}/{len(posts)} {post}" for position, post in enumerate(posts, 1)]
    return x.XThread(posts=posts)


def _told(material: Material) -> list[str]:
    insights = filling.some(material.insights, 2 + material.seed % 2, material.seed // 3)
    hook = filling.shortened(filling.turned(material.hooks, material.seed)[0], _fits)
    middle = [_post(one) for one in insights]
    return [post for post in map(_clean, (hook, *middle, _closing(material))) if post]


def _post(insight: Insight) -> str:
    """The point, and of its detail what fits: all, or its first sentence, which is what answers a point."""
    first = insight.detail.partition(". ")
    details = [insight.detail, f"{first[0]}." if first[1] else ""]
    return filling.filled(
        filling.shortened(insight.point, _fits),
        details,
        _fits,
        lambda text: any(one and one in text for one in details),
    )


def _quoted(material: Material) -> list[str]:
    """A document's hook, its key sentences, as many to a post as fit, and an invitation with link and hashtags."""
    tagged = tags.written(filling.hashtags(material, x.PLATFORM))
    link = "" if x.BROKEN_LINK.search(material.link or "") else material.link
    end = filling.join(link or "", tagged)
    closing = quoting.invitation(material, lambda text: _fits(f"{text}\n\n{end}"))
    hook, position = quoting.hook(material, _fits, bool)
    quotes = [
        one for one in quoting.after(material, position) if one.text not in closing and not x.NUMBER.match(one.text)
    ]
    good = (4 + material.seed % 3) * x.MOST_WEIGHT * 3 // 4
    found = quoting.chosen(
        quotes,
        lambda text: _roughly(text) <= (x.MOST_POSTS_FROM_DOCUMENT - 3) * x.MOST_WEIGHT,
        lambda text: _roughly(text) >= good,
        around=hook,
    )
    first, found = _first(hook, position, found)
    packed = _packed(found)
    first = quoting.ended(first) if packed and x.is_cut(first, packed[0]) else first
    return [post for post in (_clean(first), *packed, f"{closing}\n\n{end}".strip()) if post]


def _first(hook: str, position: int, found: list[Quote]) -> tuple[str, list[Quote]]:
    """The first post, with the sentence that goes on from a short hook, and what is left for the others."""
    goes_on = found and found[0].position == position + 1 and not found[0].opens
    longer = f"{hook}\n\n{found[0].text}" if goes_on else ""
    if longer and len(found) > 2 and counting.x_length(hook) < x.MOST_WEIGHT / 2 and _fits(longer):
        return longer, found[1:]
    return hook, found


def _roughly(text: str) -> int:
    """About what `text` weighs: enough to choose by, and a hundred times as quick as X's own count."""
    return len(text) * (2 if counting.is_unspaced(text) else 1)


def _packed(quotes: list[Quote]) -> list[str]:
    """Posts of as many sentences as fit; when they are too many, without the sentences that weigh least."""
    posts: list[str] = []
    pieces = quoting.pieces(quotes)
    for piece in pieces:
        text = quoting.shortened(piece, _fits)
        longer = quoting.joined((posts[-1], text)) if posts else ""
        posts = [*posts[:-1], longer] if longer and _fits(longer) else [*posts, text]
    if len(posts) <= x.MOST_POSTS_FROM_DOCUMENT - 2:
        groups = quoting.grouped(pieces, len(posts), counting.x_length)
        even = [quoting.joined(group) for group in groups]
        return even if all(map(_fits, even)) else posts
    lightest = min(quotes, key=lambda quote: quote.weight)
    return _packed([quote for quote in quotes if quote is not lightest])


def _closing(material: Material) -> str:
    found = filling.hashtags(material, x.PLATFORM)
    end = filling.join(material.link or "", tags.written(found))

    def fits(text: str) -> bool:
        return _fits(f"{text}\n\n{end}")

    text = filling.filled("", [material.takeaway, material.question, material.call_to_action], fits, filling.never)
    return f"{text or filling.shortened(material.question, fits)}\n\n{end}".strip()


def _clean(post: str) -> str:
    """Without what X refuses, and without a number at the start that would be taken for the post's own."""
    kept = "".join(char for char in post if not counting.x_refuses(char))
    return x.NUMBER.sub("", kept, count=1).strip()
