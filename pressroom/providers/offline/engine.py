"""The client: reads a request's inputs as data and answers as a model would."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from pressroom import formats
from pressroom.calls.providers import Account, Kind
from pressroom.errors import CannotCompose, WrongInput
from pressroom.model import Answer, Assignment, Preferences, TextRequest
from pressroom.providers.offline import bank, voicing
from pressroom.providers.offline.ideas import IdeasInput, compose_ideas
from pressroom.providers.offline.material import material_for
from pressroom.providers.offline.wording import hashed
from pressroom.settings import settings

MODEL = "offline-1"


class OfflineText:
    """Free of charge, without a network, holding no state of its own: safe for any number of threads."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def send(self, request: TextRequest) -> Answer:
        """The answer made from `request.inputs`, in the request's schema; its words are not read.

        Raises:
            CannotCompose: a purpose it has no answer to; ideas in another language than English; a document in
                another language than is asked for, or one that can't be quoted from.
            WrongInput: inputs are missing or make no sense, or the format is unknown.
            Misconfigured: the topic bank of the settings can't be used.
        """
        if request.purpose == "ideas":
            body: BaseModel = _ideas(request)
        elif request.purpose == "draft":
            body = _draft(request)
        elif request.purpose in ("condense", "image_prompt"):
            body = _about_document(request)
        else:
            raise CannotCompose(
                f"The offline engine writes ideas, drafts and summaries, not {request.purpose!r}.",
                hint="Put a provider with a model into the chain.",
            )
        return Answer(text=body.model_dump_json(), model=MODEL)


def _ideas(request: TextRequest) -> BaseModel:
    inputs = _parsed(IdeasInput, request.inputs)
    _check_language(inputs.preferences)
    return compose_ideas(inputs, bank.load(settings().topic_bank))


def _about_document(request: TextRequest) -> BaseModel:
    from pressroom.providers.offline.documents import answers  # numpy: a tenth of a second that ideas don't need

    if request.purpose == "condense":
        return answers.condense(_parsed(answers.CondenseInput, request.inputs))
    return answers.image_idea(_parsed(answers.ImageInput, request.inputs))


def _draft(request: TextRequest) -> BaseModel:
    """A draft; a request for a better one, or for another variant, is worded differently."""
    previous = request.inputs.get("draft")
    assignment = _parsed(Assignment, {key: value for key, value in request.inputs.items() if key != "draft"})
    turn = request.variant + (hashed(str(previous)) % 97 + 1 if previous is not None else 0)
    if assignment.document is not None:
        from pressroom.providers.offline.documents import answers

        return answers.draft_from(assignment, assignment.document, turn)
    _check_language(assignment.preferences)
    subjects = bank.load(settings().topic_bank)
    return voicing.composed(
        formats.get(assignment.format), lambda more: material_for(assignment, subjects, turn + more), assignment
    )


def _parsed(kind: type[Any], inputs: dict[str, Any]) -> Any:
    try:
        return kind.model_validate(inputs)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors())
        raise WrongInput(f"The request can't be read: {problems}.") from None


def _check_language(preferences: Preferences) -> None:
    if preferences.language.partition("-")[0].casefold() not in ("en", "eng"):
        raise CannotCompose(
            f"The offline engine writes English only, not {preferences.language!r}.",
            hint="Put a provider with a model first in PRESSROOM_TEXT_CHAIN, or set the language to 'en'.",
        )


TEXT = Kind(client=OfflineText)
