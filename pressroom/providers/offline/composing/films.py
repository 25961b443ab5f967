"""Scripts for films, short and long: spoken sections, what is on screen, and the texts around the film."""

from __future__ import annotations

from collections.abc import Sequence

from pressroom.formats import instagram_reel as reel
from pressroom.formats import tiktok_script as tiktok
from pressroom.formats import youtube_short as short
from pressroom.formats import youtube_video as video
from pressroom.formats.shared import scripts, youtube
from pressroom.formats.shared.language import asks
from pressroom.platforms import counting, limit, tags
from pressroom.providers.offline.composing import filling, quoting, spoken
from pressroom.providers.offline.composing.choosing import EQUAL, likeness
from pressroom.providers.offline.values import Material

__all__ = ["instagram_reel", "tiktok_script", "youtube_short", "youtube_video"]

TIKTOK_SECONDS = (30, 55)
SHORT_SECONDS = (35, 55)
VIDEO_SECONDS = (25, 150, 210)
"""Seconds spoken of a document: at least, if possible, at most."""


def instagram_reel(material: Material) -> reel.InstagramReel:
    """Hook and call to action first, then as much value as the whole has room for."""
    if material.quotes:
        return _reel_quoted(material)
    hook = spoken.opening(material, *reel.HOOK_SECONDS)
    action = spoken.closing(material, *reel.ACTION_SECONDS)
    around = filling.join(hook, action)
    taken = counting.spoken_seconds(around)
    most = min(taken + reel.VALUE_SECONDS[1], reel.TOTAL_SECONDS[1])
    value = spoken.content(material, around, taken + reel.VALUE_SECONDS[0], most)
    return reel.InstagramReel(hook=hook, value=value, call_to_action=action, scenes=list(material.scenes[:6]))


def _reel_quoted(material: Material) -> reel.InstagramReel:
    """A document's hook, its key sentences for 40 seconds or more, and an invitation; the sentences on screen."""
    action = spoken.closing(material, *reel.ACTION_SECONDS)
    least, most = reel.VALUE_SECONDS
    hook, position = quoting.hook(material, *filling.lasting(*reel.HOOK_SECONDS), filling.lasting(least, reel.MANY)[1])
    room = min(most, reel.TOTAL_SECONDS[1] - counting.spoken_seconds(hook) - counting.spoken_seconds(action))
    value = spoken.quoted(material, position, (hook, action), (least, room))
    shown = spoken.shown(material, value, most=5)
    return reel.InstagramReel(hook=hook, value=value, call_to_action=action, scenes=[material.scenes[0], *shown])


def tiktok_script(material: Material) -> tiktok.TikTokScript:
    """A script of half a minute or a little more; its main points, cut short, on the screen."""
    if material.quotes:
        return _tiktok_quoted(material)
    hook, action = spoken.opening(material, 2, 8), spoken.closing(material, 3, 10)
    content = spoken.content(material, filling.join(hook, action), *TIKTOK_SECONDS)
    shown = [point for point in filling.points(material.insights) if point in content][:3]
    lines = [filling.shortened(text, lambda cut: len(cut) <= 60) for text in (material.title, *shown)]
    other = _other_hook(material, hook)
    question = "" if material.question in action else material.question
    return tiktok.TikTokScript(
        hook=hook,
        content=content,
        call_to_action=action,
        on_screen_text=[line for line in lines if line] or [material.title],
        caption=filling.join(other, question) or material.title,
        hashtags=filling.hashtags(material, tiktok.PLATFORM),
    )


def _tiktok_quoted(material: Material) -> tiktok.TikTokScript:
    """A document's hook and key sentences, on the screen as far as they are short; another one as the caption."""
    hook, content, action = spoken.quoted_script(material, *TIKTOK_SECONDS)
    lines = [
        quoting.shortened(text, lambda cut: len(cut) <= 60, True) for text in quoting.sentences_in(material, content)
    ]
    caption = quoting.unsaid(material, (hook, content, action), lambda text: len(text) <= 300)
    return tiktok.TikTokScript(
        hook=hook,
        content=content,
        call_to_action=action,
        on_screen_text=[material.title, *(line for line in lines if line)][:4],
        caption=quoting.joined(
            (caption, quoting.invitation(material, lambda text: len(text) < 99 and asks(text) != asks(action)))
        ),
        hashtags=filling.hashtags(material, tiktok.PLATFORM),
    )


def youtube_short(material: Material) -> short.YouTubeShort:
    if material.quotes:
        hook, content, action = spoken.quoted_script(material, *SHORT_SECONDS)
    else:
        hook, action = spoken.opening(material, 2, 8), spoken.closing(material, 3, 10)
        content = spoken.content(material, filling.join(hook, action), *SHORT_SECONDS)
    script = "\n\n".join([hook, content, action])
    return short.YouTubeShort(
        title=_unbracketed(material.title),
        script=script,
        description=_composed_description(material, script),
        tags=_composed_tags(material),
    )


def youtube_video(material: Material) -> video.YouTubeVideo:
    """Sections of one insight or more, ten seconds each at least, and a closing one; a chapter for each."""
    if material.quotes:
        return _video_quoted(material)
    closing = _section(filling.join(material.takeaway, material.question, material.call_to_action), filling.STOCK[:5])
    sections = [*_sections(material), closing]
    titles = [*(_headline(material, section) for section in sections[:-1]), "What to do next"]
    return _assembled(material, titles, sections)


def _assembled(material: Material, titles: Sequence[str], sections: Sequence[str]) -> video.YouTubeVideo:
    chapters, start = [], 0.0
    for title, section in zip(titles, sections, strict=True):
        chapters.append(video.Chapter(start=scripts.clock(start), title=_unbracketed(title)))
        start += counting.spoken_seconds(section)
    script = "\n\n".join(sections)
    return video.YouTubeVideo(
        title=_unbracketed(material.title),
        script=script,
        description=_composed_description(material, script),
        tags=_composed_tags(material),
        chapters=chapters,
    )


def _long_enough(text: str) -> bool:
    return counting.spoken_seconds(text) >= video.CHAPTER_SECONDS


def _section(text: str, stock: Sequence[str]) -> str:
    return filling.filled(text, stock, filling.always, _long_enough)


def _sections(material: Material) -> list[str]:
    """The hook and every insight, in at least one section less than chapters are needed."""
    done: list[str] = []
    text = filling.turned(material.hooks, material.seed)[0]
    for insight in material.insights:
        own = [one for one in (insight.point, insight.detail) if not any(one in other for other in (text, *done))]
        text = filling.join(text, *own)
        if _long_enough(text):
            done, text = [*done, text], ""
    stock = list(filling.STOCK[5:])
    while text or len(done) < video.LEAST_CHAPTERS - 1:
        if text and len(done) >= video.LEAST_CHAPTERS - 1:
            return [*done[:-1], filling.join(done[-1], text)]
        done, text = [*done, _section(text, stock)], ""
        stock = [sentence for sentence in stock if sentence not in done[-1]]
    return done


def _headline(material: Material, section: str) -> str:
    """The point a section makes, short enough for a list."""
    points = (*filling.points(material.insights), *(insight.point for insight in material.insights))
    point = next((point for point in points if point in section), material.title)
    return filling.shortened(point.rstrip("."), lambda text: len(text) <= 60) or material.title


def _video_quoted(material: Material) -> video.YouTubeVideo:
    """A document's key sentences in its order, in three to six chapters, with an invitation at the end."""
    hook, position = quoting.hook(material, *filling.lasting(2, 10), filling.lasting(VIDEO_SECONDS[0], video.MANY)[1])
    closing = spoken.closing(material, 5, 15)
    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    least, good, most = VIDEO_SECONDS
    fits, enough = filling.lasting(least, most)
    found = quoting.chosen(quotes, fits, enough, filling.lasting(good, most)[1], hook)
    pieces = [quoting.ended(hook), *quoting.pieces(found), closing]
    sections = [
        quoting.stretched(material, quoting.joined(group), filling.always, _long_enough) for group in _chaptered(pieces)
    ]
    return _assembled(material, _titles(material, sections), sections)


def _chaptered(pieces: list[str]) -> list[list[str]]:
    """As many chapters, up to six, as last 20 seconds each; at least three, if need be short ones."""
    count = int(counting.spoken_seconds(quoting.joined(pieces)) // (2 * video.CHAPTER_SECONDS))
    for number in range(min(max(count, video.LEAST_CHAPTERS), 6), video.LEAST_CHAPTERS, -1):
        groups = quoting.grouped(pieces, number, counting.spoken_seconds)
        if all(_long_enough(quoting.joined(group)) for group in groups):
            return groups
    return quoting.grouped(pieces, video.LEAST_CHAPTERS, counting.spoken_seconds)


def _titles(material: Material, sections: Sequence[str]) -> list[str]:
    """For each section the heading its sentences stand below, a short sentence of it, or a term; none twice."""
    titles: list[str] = []
    for section in sections:
        quotes = [quote for quote in material.quotes if quote.text in section]
        weighty = sorted(quotes, key=lambda quote: -quote.weight)
        short = [quoting.shortened(quote.text, _is_short, True) for quote in weighty]
        terms = [term[:1].upper() + term[1:] for term in material.terms if term in section]
        sayings = [text.rstrip(".。") for text in short if text in section] + [text for text in short if text]
        options = [*(quote.heading for quote in quotes), *sayings, *terms, material.title]
        if not quotes:
            options = [material.phrases.ending, *options]
        titles.append(
            next((text for text in options if text and len(text) <= 90 and text not in titles), material.title)
        )
    return titles


def _is_short(text: str) -> bool:
    return len(text) <= (30 if counting.is_unspaced(text) else 60)


def _composed_tags(material: Material) -> list[str]:
    """Twelve tags at most, the first ones first, as long as they fit."""
    found: list[str] = []
    for tag in material.terms or tags.usable(material.hashtags):
        if len(found) < 12 and len(youtube.tag_list([*found, tag])) <= limit(youtube.PLATFORM, "tags_characters"):
            found.append(tag)
    return found


def _composed_description(material: Material, script: str) -> str:
    """Two lines that are not in the script, and the link."""
    if material.quotes:
        text = quoting.unsaid(material, [script], lambda text: len(text) <= 300)
        return _unbracketed("\n\n".join(line for line in (text, material.link or "") if line))
    hook = _other_hook(material, script.partition("\n\n")[0])
    question = "" if material.question in script else material.question
    lines = [filling.join(hook, question), material.link or ""]
    return _unbracketed("\n\n".join(line for line in lines if line)) or _unbracketed(material.title)


def _other_hook(material: Material, said: str) -> str:
    """A hook that says something else than what is said already; nothing when all say the same."""
    hooks = filling.turned(material.hooks, material.seed + 1)
    return filling.first_that(hooks, lambda text: text not in said and likeness(text, said) < EQUAL - 0.1)


def _unbracketed(text: str) -> str:
    """Angle brackets, which YouTube refuses, as the single quotation marks that look like them."""
    return text.replace("<", "‹").replace(">", "›")
