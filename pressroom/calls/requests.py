"""The kinds of request a chain takes: how the ledger knows one at a link, how it is sent, priced and read."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from pressroom.calls import accepted
from pressroom.calls.ledger import CallRecord
from pressroom.calls.links import Link
from pressroom.calls.pictures import picture_tokens, pictures_of
from pressroom.calls.prices import cost_microusd, price_of, search_microusd
from pressroom.calls.reading import after, read
from pressroom.calls.searching import MOST_SEARCHES, Searched, SearchRequest
from pressroom.errors import BrokenAnswer, ContentRefused
from pressroom.model import Answer, Finish, TextRequest, Usage
from pressroom.model.vision import Sights

T = TypeVar("T")

CHARACTERS_A_TOKEN = 4
"""As a rule of thumb, for what a call takes of its account's tokens a minute."""

BYTES_A_TOKEN = 3
"""At least, in any language, for what a call may cost at most."""


@dataclass(frozen=True)
class Request(ABC, Generic[T]):
    """One request, whichever account of a chain answers it. content: the words or sizes that are asked for.

    `broken`, wherever it is a parameter: how each unusable answer ended that the link gave to this request before.
    """

    kind: ClassVar[str]
    limited: ClassVar[bool] = True
    """True: it counts against the account's requests and tokens a minute."""

    content: Any

    @abstractmethod
    def identity(self, link: Link, broken: Sequence[Finish]) -> dict[str, Any]:
        """Everything that decides the answer at that link."""

    @abstractmethod
    def cost(self, link: Link, answer: Answer) -> int:
        """Price of an answer in millionths of a dollar."""

    def most(self, link: Link, broken: Sequence[Finish]) -> int:
        """The most an answer may cost, in millionths of a dollar: what is set aside for it."""
        return self.cost(link, Answer(text=""))

    @abstractmethod
    def read(self, answer: Answer) -> T:
        """The value that was asked for.

        Raises:
            ContentRefused: the provider declined. BrokenAnswer: it is not there; with an infinite `retry_after` when
                the next link should be asked rather than this one again.
        """

    def asked(self, broken: Sequence[Finish]) -> Any:
        """The content that is sent."""
        return self.content

    def answer(self, link: Link, came: Any) -> Answer:
        """The ledger's answer, made of all that a client brought."""
        answer: Answer = came
        return answer

    def check(self, link: Link) -> None:
        """Raises the `Lasting` that says why `link` can't do it, before anything is sent."""
        link.kind(self.kind).check(link.account, self.content)

    def model(self, link: Link) -> str:
        return link.account.model_for(self.content.purpose)

    def tokens(self, broken: Sequence[Finish]) -> int:
        """About what it takes of an account's tokens a minute."""
        return 0

    def most_output(self, broken: Sequence[Finish]) -> int:
        """The output tokens it asks for."""
        return 0

    def record(self, link: Link, broken: Sequence[Finish], task: str) -> CallRecord:
        """The ledger's name for it at that link."""
        return CallRecord(
            kind=self.kind,
            purpose=self.content.purpose,
            provider=link.account.name,
            model=self.model(link),
            identity={
                **self.identity(link, broken),
                "variant": self.content.variant,
                "again": len(broken),
                "base_url": link.account.base_url,
            },
            prompt_hash=self.content.prompt_hash,
            task=task,
            timeout=link.account.timeout,
        )


@dataclass(frozen=True)
class Text(Request[BaseModel]):
    """A text, as a value of the schema asked for."""

    kind: ClassVar[str] = "text"

    content: TextRequest

    def identity(self, link: Link, broken: Sequence[Finish]) -> dict[str, Any]:
        asked = after(broken, self.content)
        return {
            "system": asked.system,
            "prompt": asked.prompt,
            "schema": _schema(asked.schema),
            "temperature": asked.temperature,
            "max_output_tokens": asked.max_output_tokens,
            "round": asked.round,
        }

    def asked(self, broken: Sequence[Finish]) -> TextRequest:
        return after(broken, self.content)

    def cost(self, link: Link, answer: Answer) -> int:
        return cost_microusd(answer.model or self.model(link), answer.usage)

    def most(self, link: Link, broken: Sequence[Finish]) -> int:
        """Words count by their bytes, of which three are a token at least, and a model that thinks may think."""
        model, asked = self.model(link), self.content
        words = (asked.system + asked.prompt + accepted.in_words(asked.schema)).encode("utf-8", "replace")
        usage = Usage(
            input_tokens=len(words) // BYTES_A_TOKEN + picture_tokens(asked),
            output_tokens=accepted.of(link.account, model).output(self.most_output(broken)),
        )
        return cost_microusd(model, usage)

    def check(self, link: Link) -> None:
        price_of(self.model(link))  # a price file that can't be used is reported before money is spent
        super().check(link)

    def tokens(self, broken: Sequence[Finish]) -> int:
        words = (len(self.content.system) + len(self.content.prompt)) // CHARACTERS_A_TOKEN
        return words + picture_tokens(self.content) + self.most_output(broken)

    def most_output(self, broken: Sequence[Finish]) -> int:
        return after(broken, self.content).max_output_tokens

    def read(self, answer: Answer) -> BaseModel:
        return read(answer, self.content.schema)


@dataclass(frozen=True)
class Vision(Text):
    """One look at one picture, or at several together. The pictures are known by the hash of the bytes sent."""

    kind: ClassVar[str] = "vision"

    def identity(self, link: Link, broken: Sequence[Finish]) -> dict[str, Any]:
        seen = [image.sha256 for image in pictures_of(self.content)]
        return {**super().identity(link, broken), "pictures": seen}

    def read(self, answer: Answer) -> BaseModel:
        body = super().read(answer)
        asked = len(pictures_of(self.content))
        if isinstance(body, Sights) and len(body.images) != asked:
            raise BrokenAnswer(f"It says what is in {len(body.images)} pictures, of {asked}.", retry_after=0)
        return body


@dataclass(frozen=True)
class Search(Request[Searched]):
    """A search of the web. An answer that broke off is read as far as it goes: it isn't paid for twice."""

    kind: ClassVar[str] = "search"

    content: SearchRequest

    def identity(self, link: Link, broken: Sequence[Finish]) -> dict[str, Any]:
        content = self.content
        return {"system": content.system, "prompt": content.prompt, "max_output_tokens": content.max_output_tokens}

    def cost(self, link: Link, answer: Answer) -> int:
        return search_microusd(link.account.provider, self.model(link), answer)

    def most(self, link: Link, broken: Sequence[Finish]) -> int:
        words = len(self.content.system) + len(self.content.prompt)
        usage = Usage(input_tokens=words, output_tokens=self.most_output(broken))
        searched = Searched(text="", searches=MOST_SEARCHES).model_dump_json()
        return self.cost(link, Answer(text=searched, usage=usage))

    def check(self, link: Link) -> None:
        price_of(self.model(link))
        super().check(link)

    def tokens(self, broken: Sequence[Finish]) -> int:
        words = len(self.content.system) + len(self.content.prompt)
        return words // CHARACTERS_A_TOKEN + self.most_output(broken)

    def most_output(self, broken: Sequence[Finish]) -> int:
        return self.content.max_output_tokens

    def read(self, answer: Answer) -> Searched:
        if answer.finish is Finish.REFUSAL:
            raise ContentRefused(f"The model declined: {answer.text[:200] or 'without a reason'}.")
        try:
            searched = Searched.model_validate_json(answer.text)
        except ValidationError:
            raise BrokenAnswer("The ledger's answer is no search's.", retry_after=0) from None
        if not searched.text.strip():
            raise BrokenAnswer("The search came to nothing, not even to words.", retry_after=0)
        return searched


@dataclass(frozen=True)
class ModerationRequest:
    """Texts to be judged."""

    texts: tuple[str, ...]
    purpose: str = "moderation"
    prompt_hash: str = ""
    variant: int = 0


@dataclass(frozen=True)
class Moderation(Request[list[dict[str, Any]]]):
    """A provider's judgement of texts: its result objects, one a text. Free of charge."""

    kind: ClassVar[str] = "moderation"
    limited: ClassVar[bool] = False

    content: ModerationRequest

    def identity(self, link: Link, broken: Sequence[Finish]) -> dict[str, Any]:
        return {"texts": list(self.content.texts)}

    def model(self, link: Link) -> str:
        return link.provider.models.get(self.kind, "") or link.account.model

    def cost(self, link: Link, answer: Answer) -> int:
        return 0

    def read(self, answer: Answer) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(answer.text)
        return found


@lru_cache(maxsize=256)
def _schema(schema: type[BaseModel]) -> str:
    return json.dumps(schema.model_json_schema(), sort_keys=True)
