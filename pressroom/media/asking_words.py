"""The request that a text chain gets for the words of a document's pictures."""

from __future__ import annotations

from typing import Any

from pressroom.formats import prompts
from pressroom.media.pictures.wanting import check_style
from pressroom.model import Excerpt, Preferences, TextRequest
from pressroom.model.images import ImageIdea
from pressroom.writing.requests import with_data

PURPOSE = "image_prompt"

OUTPUT_TOKENS = 400
TEMPERATURE = 0.7


def image_prompt_request(
    excerpt: Excerpt,
    style: str,
    *,
    preferences: Preferences | None = None,
    temperature: float = TEMPERATURE,
    max_output_tokens: int = OUTPUT_TOKENS,
    variant: int = 0,
) -> TextRequest:
    """Ask what a picture for `excerpt` should show; the answer is an `ImageIdea`.

    style: a name of `wanting.styles()`. preferences: whose language the alternative text is in; default: the document's
    own.

    Raises:
        WrongInput: there is no such style.
    """
    asked = preferences or Preferences(language=excerpt.language)
    inputs: dict[str, Any] = {"document": excerpt.model_dump(mode="json"), "style": check_style(style)}
    words, system = prompts.load(PURPOSE), prompts.load("system")
    return TextRequest(
        purpose=PURPOSE,
        system=system.render(audience=asked.audience, language=asked.language, tone=asked.tone),
        prompt=with_data(words.render(language=asked.language, style=style), inputs),
        schema=ImageIdea,
        temperature=temperature,
        max_output_tokens=max_output_tokens,
        prompt_hash=f"system:{system.hash}+{PURPOSE}:{words.hash}",
        variant=variant,
        inputs=inputs,
    )
