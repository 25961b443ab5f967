"""Material for one draft: what can be said about an idea, worded for one format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from pressroom.model import Assignment, Idea
from pressroom.platforms import counting, tags
from pressroom.providers.offline.bank import FACETS, Bank, Subject
from pressroom.providers.offline.composing import filling
from pressroom.providers.offline.terms import mentions, own_sentences, subject_of
from pressroom.providers.offline.values import Insight, Material
from pressroom.providers.offline.wording import READ_AT_MOST, Voice, capitalised, clean, data, hashed, shortened

ROLES = ("myth", "start", "measure", "owner", "case", "skip")
MOST_TITLE, MOST_POINT, MOST_QUESTION, MOST_LINE = 90, 110, 100, 90
DETAIL_WORDS, GOOD_WORDS, GOOD_CHARACTERS = (15, 45), (25, 34), 175
GOOD_HOOK_WORDS = (8, 14)
FORBIDDEN = 1000.0
SHORTEST_REST, STEM, LEAST_LETTERS = 8, 6, 4
WORD = re.compile(r"[^\W\d_]+")
ECHOES = {"count", "counts", "that", "those", "this", "were", "with", "from", "have", "which", "note", "take", "look"}
ECHOES |= {"watch", "measur", "often", "when", "what", "people", "them", "ones", "your", "person", "always"}
"""Words that add nothing to a point, as stems."""

LEAST_HOOK = 25
HOOKS = ("cost", "plain", "truth")
OWN = {"myth": "why", "start": "how", "measure": "proof", "case": "after", "owner": "who", "skip": "wait"}
"""The sentence of a subject's own that tells more about a point."""

NEVER_FIRST, LATE = ("owner", "skip"), ("myth", "skip")
"""Insights that don't open the matter, and those that come last where the idea doesn't speak of them."""

LEANING = {"it", "they", "them", "its", "their", "he", "she", "his", "her", "this", "that", "these", "those"}
LEANING |= {"both", "one", "ones", "there", "then"}
CLAIMS = {"only", "never", "every", "most", "more", "less", "than", "without", "better", "cheaper", "needs", "nobody"}
"""Words of a truth that says something bold enough to open a post."""

POINTING = 6
"""A clause with such a word among its first words can't open a post."""

DUE = 2  # phrasings among which length may choose: with more, one would come again in too many formats
HASHTAGS, MOST_TAG_WORDS = 60, 3
# Formats begin with insight number (seed // 3) % n and hook number seed % 3, as if all were equal. Here they stand in
# the order of their weight: a multiple of 3 * 6 * 7 keeps the first insight first, what is added picks a hook.
WHOLE_TURNS = 3 * 6 * 7

PLACES, SALT = 11, 20_864
"""Places in the lists of phrasings; with this salt the shipped formats hash to different ones."""


def material_for(assignment: Assignment, bank: Bank, turn: int = 0) -> Material:
    """Everything `Material` asks for, for any idea. `turn`: counts the times it is asked for, from 0."""
    subject, known = subject_of(assignment, bank)
    idea = assignment.idea
    key = f"{idea.title}|{idea.description}"
    voice = Voice(key, _place(assignment.format) + turn * PLACES, subject.slots())
    chance = hashed(f"{key}|{assignment.format}|{turn}")
    borrowed = bank.is_borrowed(subject)
    opening = _opening(subject, hashed(key) + voice.turn, borrowed)
    given = _given(voice, _new_sentences(idea, subject, bank))
    return Material(
        title=_title(idea.title, subject),
        hooks=filling.turned(_hooks(voice, opening, borrowed), -_parity(chance)),
        insights=(*given, *(_insight(voice, role, opening) for role in _ordered(assignment, subject, bool(given)))),
        takeaway=_takeaway(voice),
        question=subject.ask if subject.ask and opening != "ask" else _line(voice, "question", MOST_QUESTION),
        call_to_action=_line(voice, "action", MOST_LINE),
        scenes=_scenes(voice),
        hashtags=_hashtags(assignment, subject, known, bank),
        own_hashtags=len(tags.usable(assignment.preferences.hashtags)),
        numbered=assignment.numbered,
        seed=chance // WHOLE_TURNS * WHOLE_TURNS + _parity(chance),
    )


def _place(form: str) -> int:
    """Where a format begins in every list of phrasings: the same whatever other formats there are."""
    return hashed(f"{SALT}|{form}") % PLACES


def _hashtags(assignment: Assignment, subject: Subject, known: bool, bank: Bank) -> tuple[str, ...]:
    """The caller's own, then from the subject to the general."""
    preferences, category = assignment.preferences, assignment.idea.category
    words = [
        *preferences.hashtags,
        *(subject.tags[:3] if known else ()),
        *([_camel(subject.name)] if len(subject.name.split()) <= MOST_TAG_WORDS else []),
        *subject.tags[:3],
        *map(_camel, (category, *preferences.keywords)),
        *bank.hashtags.get(category.casefold(), ()),
        *subject.tags[3:],
        *_sentences("hashtags")["general"],
        *map(_camel, preferences.topics),
    ]
    return tuple(tags.usable(words)[:HASHTAGS])


def _sentences(role: str) -> dict[str, Any]:
    found: dict[str, Any] = data("sentences")[role]
    return found


def _scenes(voice: Voice) -> tuple[str, ...]:
    return tuple(voice.pick(f"scene.{at}", lines, MOST_LINE) for at, lines in _sentences("scene").items())


def _camel(words: str) -> str:
    return "".join(capitalised(word) for word in clean(words).split())


def _title(title: str, subject: Subject) -> str:
    cleaned = clean(title)
    if not any(char.isalnum() for char in cleaned):
        return shortened(capitalised(subject.name), MOST_TITLE)
    return shortened(cleaned, MOST_TITLE)


def _line(voice: Voice, role: str, most: int) -> str:
    return voice.pick(role, _sentences(role)["text"], most)


def _parity(chance: int) -> int:
    """0 or 1: what formats choose by between two things. The hook that is due is turned back by as much."""
    return int(chance % 5 > 2)


def _opening(subject: Subject, number: int, borrowed: bool) -> str:
    """The hook tells what goes wrong (`cost`), what is true (`truth`), or what to ask oneself (`ask`)."""
    kinds = ["cost", "cost"]
    if subject.why and _stands_alone(subject.truth) and CLAIMS & set(subject.truth.split()):
        kinds.append("truth")
    if _can_open(subject.ask, subject) and (not borrowed or mentions(subject.ask, subject.name)):
        kinds.append("ask")
    return kinds[number % len(kinds)]


def _can_open(question: str, subject: Subject) -> bool:
    """True for a question that points to nothing before it and that the first step does not repeat."""
    words, step = _content(question), _content(subject.start)
    leans = LEANING & set(question.casefold().strip("?").split())
    return len(question) >= LEAST_HOOK and not leans and len(words & step) < max(len(words), 1) / 2


def _stands_alone(clause: str) -> bool:
    """True for a clause that points to nothing before it."""
    return not LEANING & {word.strip(",") for word in clause.split()[:POINTING]}


def _hooks(voice: Voice, opening: str, borrowed: bool) -> tuple[str, ...]:
    """Three, the one that is due first. Where the truth is told, all three tell it, so that the belief has its answer.

    borrowed: the subject's sentences say nothing of its name, so the hook has to.
    """

    def fits(text: str) -> bool:
        return _is_hook(text) and (not borrowed or mentions(text, voice.slots["name"]))

    cost, plain, truth = (voice.options(f"hook.{kind}", _sentences("hook")[kind], fits) for kind in HOOKS)
    if opening == "truth":
        return _three((_hook(filling.turned(truth, at * len(truth) // 3)) for at in range(3)), (*truth, *plain, *cost))
    if opening == "ask":
        return _three((voice.slots["ask"], _hook(cost), _hook(plain)), (*plain, *cost))
    return _three(
        (_hook(options) for options in (cost, plain, filling.turned(plain, len(plain) // 2))), (*plain, *cost)
    )


def _three(due: Iterable[str], others: Sequence[str]) -> tuple[str, ...]:
    """Three hooks, no two equal: those that are due, then any of `others`, of which few may fit a long name."""
    hooks = (*due, *(shortened(text, MOST_POINT) for text in others))
    return tuple(islice(dict.fromkeys(hooks), 3))


def _is_hook(text: str) -> bool:
    return LEAST_HOOK <= len(text) <= MOST_POINT


def _hook(options: Sequence[str]) -> str:
    """The one that is due, or the one after it if only that can also be spoken."""
    due = [text for text in options[:DUE] if _is_spoken(text)]
    return shortened(due[0] if due else options[0], MOST_POINT)


def _is_spoken(text: str) -> bool:
    return GOOD_HOOK_WORDS[0] <= counting.words(text) <= GOOD_HOOK_WORDS[1]


def _takeaway(voice: Voice) -> str:
    """The step after the first and the subject's last word; or, of a subject without one, general sentences."""
    return _within(voice, "own", 15, 35) if voice.slots["end"] else _within(voice, "text", 25, 35)


def _within(voice: Voice, kind: str, least: int, most: int) -> str:
    """A takeaway of as many words, or else the one that comes nearest."""

    def distance(text: str) -> float:
        return abs(counting.words(text) - (least + most) / 2)

    variants = _sentences("takeaway")[kind]
    options = voice.options("takeaway", variants, lambda text: least <= counting.words(text) <= most)
    return options[0] if least <= counting.words(options[0]) <= most else min(options, key=distance)


def _ordered(assignment: Assignment, subject: Subject, given: bool) -> list[str]:
    """Orders what the idea speaks of as the idea does, then the rest in the format's own order.

    A belief comes before the first step, for it says why the step is needed. The step comes second at the latest (after
    a `given` insight at once), for the takeaway builds on it; it comes before whom to ask and what to leave. What can
    wait comes last of what the idea speaks of.
    """
    text = f"{assignment.idea.title} {assignment.idea.description}".casefold()

    def place(role: str) -> int:
        found = text.find(getattr(subject, role).casefold())
        return found if found >= 0 else len(text)

    def rank(role: str) -> tuple[int, int, int]:
        told = place(role) < len(text)
        late = (role == "skip") if told else 2 + (role in LATE)
        return late, place(role), hashed(f"{assignment.format}|{role}|{text}")

    order = sorted((role for role in ROLES if role != "start"), key=rank)
    if "myth" in order[:2]:
        order = ["myth", *(role for role in order if role != "myth")]
    first = given or order[0] in NEVER_FIRST or (order[0] != "myth" and place("start") < place(order[0]))
    return ["start", *order] if first else [order[0], "start", *order[1:]]


def _insight(voice: Voice, role: str, opening: str) -> Insight:
    """A point and what is to be said about it: the subject's own sentences, or general ones."""
    answered = role == "myth" and opening == "truth"
    banks, own = _sentences(role), _without_echo(voice.slots[OWN[role]], voice.slots[role])
    led = role == "owner" and own.startswith(voice.slots["Owner"])
    kind = "still" if answered else "led" if led else "point"
    point = voice.pick(f"{role}.{kind}", banks[kind], MOST_POINT)
    if own and role == "myth" and not answered:
        own = _answer(voice.options("myth.first", banks["first"])[0], own)
    return Insight(point=point, detail=own or _detail(voice, role), stands=role != "myth" and not led)


def _without_echo(own: str, told: str) -> str:
    """`own` without a first sentence that says no more than the point before it: "Count the days until a reply." """
    first, _, rest = own.partition(". ")
    new = _content(first) - _content(told) - ECHOES
    return rest if not new and counting.words(rest) >= SHORTEST_REST else own


def _content(text: str) -> set[str]:
    return {word[:STEM] for word in WORD.findall(text.casefold()) if len(word) >= LEAST_LETTERS}


def _answer(truth: str, why: str) -> str:
    """The truth that answers a belief, and why; of a long reason its first sentence."""
    whole = filling.join(truth, why)
    return whole if counting.words(whole) <= DETAIL_WORDS[1] else filling.join(truth, f"{why.partition('. ')[0]}.")


def _new_sentences(idea: Idea, subject: Subject, bank: Bank) -> list[str]:
    """The idea's own sentences, but for those that were made from the bank."""
    named = [subject, *(one for one in bank.all_subjects() if mentions(idea.title[:READ_AT_MOST], one.name))]
    facets = [text.casefold() for one in named for name in FACETS if (text := getattr(one, name))]
    sentences = own_sentences(idea.description, MOST_POINT - 25)
    return [sentence for sentence in sentences if not any(facet in sentence.casefold() for facet in facets)]


def _given(voice: Voice, sentences: Sequence[str]) -> list[Insight]:
    """One of the idea's own sentences as a point, another one for the next format."""
    if not sentences:
        return []
    banks, sentence = _sentences("given"), sentences[voice.turn % len(sentences)]
    point = voice.pick("given.point", banks["point"], MOST_POINT, sentence=sentence)
    return [Insight(point=point, detail=_detail(voice, "given"))]


def _detail(voice: Voice, role: str) -> str:
    """Two sentences that together have a good length: long enough for a post, short enough for a thread."""
    banks = _sentences(role)
    first = voice.options(f"{role}.first", banks["first"])[0]
    pairs = [filling.join(first, second) for second in voice.options(f"{role}.second", banks["second"])]
    due = min(pairs[:DUE], key=_distance)
    return due if _distance(due) < FORBIDDEN else min((*pairs, first), key=_distance)


def _distance(text: str) -> float:
    """How far `text` is from a good detail; 0 for one that is; far beyond any when it is not allowed."""
    words = counting.words(text)
    forbidden = not DETAIL_WORDS[0] <= words <= DETAIL_WORDS[1]
    outside = max(GOOD_WORDS[0] - words, words - GOOD_WORDS[1], 0)
    return forbidden * FORBIDDEN + outside + max(len(text) - GOOD_CHARACTERS, 0) / 6
