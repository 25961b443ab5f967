"""The pieces of what is spoken in front of a camera: how it opens, what it says, how it closes, what is shown."""

from __future__ import annotations

from pressroom.platforms import counting
from pressroom.providers.offline.composing import filling, quoting
from pressroom.providers.offline.values import Material

HOOK_STOCK = ("Here is why.", "It takes less than a minute.", "You can use it today.", "Listen closely.")
CLOSING_STOCK = (
    "Save this for your next planning session.",
    "Send it to a colleague who decides about it.",
    "Follow for more like this.",
)
FEW_SCENES = 3
SHOWN = 70
"""Characters of a sentence that can be read while it is on screen."""

READY_HOOK = "Here is something worth a minute of your working day."


def opening(material: Material, least: float, most: float) -> str:
    """A hook of `least` to `most` seconds: one as it stands, the title, or one that is filled up or cut."""
    fits, enough = filling.lasting(least, most)
    hooks = filling.turned(material.hooks, material.seed)
    found = filling.first_that((*hooks, filling.ended(material.title)), fits, enough)
    short = filling.first_that(hooks, fits)
    if found or short:
        return found or filling.composed(short, (), fits, enough, HOOK_STOCK)
    if filling.is_latin(hooks[0]) and fits(READY_HOOK):
        return READY_HOOK
    return filling.composed("", hooks, fits, enough, (READY_HOOK, *HOOK_STOCK))


def closing(material: Material, least: float, most: float) -> str:
    """A call to action of `least` to `most` seconds, with the question before it where that fits better."""
    fits, enough = filling.lasting(least, most)
    if material.quotes:
        return quoting.invitation(material, fits, enough)
    action = filling.shortened(material.call_to_action, fits)
    found = filling.first_that((action, filling.join(material.question, action)), fits, enough)
    return found or filling.composed(action, (), fits, enough, CLOSING_STOCK)


def content(material: Material, around: str, least: float, most: float) -> str:
    """Insights that, with the words `around` them, last `least` to `most` seconds."""
    fits, enough = filling.lasting(least, most)
    insights = filling.turned(material.insights, material.seed // 3)
    own = [text for text in (*filling.told(insights), material.takeaway) if text not in around]
    before = f"{around} "
    return filling.composed(
        "", own, lambda text: fits(before + text), lambda text: bool(text) and enough(before + text)
    )


def quoted(material: Material, position: int, around: tuple[str, str], seconds: tuple[float, float]) -> str:
    """Key sentences of a document that come after `position` and are not `around` it, of so many seconds."""
    fits, enough = filling.lasting(*seconds)
    quotes = [quote for quote in quoting.after(material, position) if not any(quote.text in text for text in around)]
    return quoting.stretched(
        material,
        quoting.said(quoting.chosen(quotes, fits, enough, around="".join(around))),
        fits,
        enough,
        "".join(around),
    )


def quoted_script(material: Material, least: float, most: float) -> tuple[str, str, str]:
    """Hook, content and call to action of a document, together of `least` to `most` seconds."""
    action = closing(material, 3, 10)
    hook, position = quoting.hook(material, *filling.lasting(2, 8), filling.lasting(least / 2, most)[1])
    taken = counting.spoken_seconds(hook) + counting.spoken_seconds(action)
    return hook, quoted(material, position, (hook, action), (least - taken, most - taken)), action


def shown(material: Material, text: str, most: int) -> list[str]:
    """Scenes that show the sentences of `text` while they are spoken, at most so many."""
    texts = quoting.sentences_in(material, text)
    for at_clauses in (True, False):
        cuts = [quoting.shortened(one, lambda cut: len(cut) <= SHOWN, at_clauses) for one in texts]
        if sum(map(bool, cuts)) >= FEW_SCENES:
            break
    return [material.phrases.shown.format(text=cut) for cut in cuts if cut][:most] or list(material.scenes[1:])
