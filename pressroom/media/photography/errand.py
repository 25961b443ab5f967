"""A product picture as an errand of the image chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pressroom.calls.calling import Call
from pressroom.calls.ledger import CallRecord
from pressroom.errors import CannotCompose
from pressroom.media.chain import ImageLink
from pressroom.media.keeping import Found, Keeper
from pressroom.media.makers import Editor, EditRequest, Order
from pressroom.media.prices import cost_microusd, price_of
from pressroom.model import Answer, Finish


@dataclass(frozen=True)
class EditErrand:
    """The `Errand` of one picture that is made out of another."""

    request: EditRequest
    keeper: Keeper

    def record(self, link: ImageLink, broken: Sequence[Finish], task: str) -> CallRecord:
        """One of a link that makes no pictures out of others has no order, and is never in the ledger."""
        editor = link.maker.editor
        order: dict[str, Any] = dict(editor.order(link.account, self.request).identity) if editor else {}
        return CallRecord(
            kind="image",
            purpose=self.request.purpose,
            provider=link.account.name,
            model=link.account.model,
            identity={
                **order,
                "edit": self.request.source.sha256,
                "variant": self.request.variant,
                "again": len(broken),
                "base_url": link.account.base_url,
            },
            prompt_hash=self.request.prompt_hash,
            task=task,
            timeout=link.account.timeout,
        )

    def call(self, link: ImageLink, broken: Sequence[Finish], task: str) -> Call:
        """Raises `CannotCompose` for a link that can't do it, so that the next one is asked."""
        editor, model = checked(link, self.request), link.account.model
        order = editor.order(link.account, self.request)
        price_of(order.priced_as or model)  # a price file that can't be used is reported before money is spent
        return Call(
            record=self.record(link, broken, task),
            send=lambda: self._made(link, order),
            cost=lambda answer: cost_microusd(model, order, answer.usage, edit=True),
        )

    def read(self, answer: Answer) -> Found:
        return self.keeper.find(answer)

    def _made(self, link: ImageLink, order: Order) -> Answer:
        assert link.editor is not None
        return self.keeper.keep(link.editor.edit(self.request), order.width, order.height)


def checked(link: ImageLink, request: EditRequest) -> Editor:
    """What makes `request` at `link`.

    Raises:
        CannotCompose: nothing does, or it can't do this one.
    """
    editor = link.maker.editor
    if editor is None:
        raise CannotCompose(
            f"{link.account.name} makes no pictures out of others.",
            hint="Put openai or stability into the image chain.",
        )
    editor.check(link.account, request)
    return editor
