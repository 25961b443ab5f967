"""The hashtags of one post, chosen among what all sources propose, as `scoring` ranks them.

The caller's own come before all others and are not scored. What differs only in case, plural or diacritics is one
tag, written as its weightiest proposal has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pressroom.platforms import hashtag_range
from pressroom.writing.hashtags.banned import banned_on
from pressroom.writing.hashtags.scoring import Scored, merged, mixed, ranked
from pressroom.writing.hashtags.shared.declare import Candidate, Chosen
from pressroom.writing.hashtags.shared.words import key, tag_of

CALLER = "caller"


def choose(
    platform: str,
    candidates: Iterable[Candidate],
    *,
    wanted: Sequence[str] = (),
    banned: Sequence[str] = (),
    about: str = "",
) -> Chosen:
    """As many hashtags as a post on `platform` carries, the best of `candidates`.

    wanted: the caller's own, which come first. banned: tags the caller never wants, in addition to the restricted
    ones. about: the description of the picture. A note says so when the platform's least number isn't reached, or
    when one of the caller's own can't be used.

    Raises:
        WrongInput: nothing is known about the platform.
    """
    least, most = hashtag_range(platform)
    out = {**banned_on(platform), **{key(tag_of(tag)): "is banned by the caller" for tag in banned if tag_of(tag)}}
    own, notes = _own(wanted, out, most, platform)
    rest = merged(candidates, {*out, *map(key, own)})
    picked = mixed(ranked(rest, about), len(own), least, most)
    tags = (*own, *(found.tag for found in picked))
    from_sources = dict.fromkeys(own, (CALLER,)) | {found.tag: tuple(found.says) for found in picked}
    return Chosen(tags=tags, from_sources=from_sources, notes=(*notes, *_about_number(platform, picked, len(tags))))


def _own(
    wanted: Sequence[str], out: Mapping[str, str], most: int, platform: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The caller's own hashtags that can be used, and a sentence about each that can't."""
    own: dict[str, str] = {}
    notes: list[str] = []
    for written in wanted:
        tag = tag_of(written)
        if not tag:
            notes.append(f"{written[:60]!r} can't be a hashtag and was left out.")
        elif reason := out.get(key(tag)):
            notes.append(f"#{tag} was left out: it {reason}.")
        else:
            own.setdefault(key(tag), tag)
    kept, over = list(own.values())[:most], list(own.values())[most:]
    if over:
        left = " ".join(f"#{tag}" for tag in over)
        notes.append(f"A post on {platform} takes {most} hashtags at most; left out: {left}.")
    return tuple(kept), tuple(notes)


def _about_number(platform: str, picked: Sequence[Scored], total: int) -> list[str]:
    least, _ = hashtag_range(platform)
    notes = []
    if general := sum(entry.last_resort for entry in picked):
        notes.append(f"{general} of {total} hashtags are general ones, true of any picture: nothing better was found.")
    if total < least:
        notes.append(f"{total} hashtags; a post on {platform} takes at least {least}, and no more were found.")
    return notes
