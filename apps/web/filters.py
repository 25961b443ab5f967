"""The pipeline's filter as its address says it, and addresses that differ in one thing from the one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from pydantic import ValidationError

from pressroom.errors import WrongInput
from pressroom.model import State
from pressroom.model.lifecycle import TO_REVIEW
from pressroom.review.listing import ContentFilter

DELETED = "deleted"
"""The tab of what was put aside, beside those of the states."""

REVIEW = "review"
"""The tab of everything that waits for a person."""

FIELDS = ("text", "platform", "format", "category", "date_from", "date_to", "flagged", "run", "idea")


@dataclass(frozen=True)
class Wanted:
    """The filter in a page's address. state: a tab's name, or "" for all."""

    path: str
    state: str
    values: Mapping[str, str]
    cursor: str | None

    @property
    def is_filtered(self) -> bool:
        return bool(self.values)

    def filter(self, state: str | None = None) -> ContentFilter:
        """The filter for the tab called `state`; without `state`, for the open tab.

        Raises:
            WrongInput: a date is invalid, or a text is too long.
        """
        tab = self.state if state is None else state
        known: dict[str, Any] = {"states": (tab,)} if tab in set(State) else {}
        if tab == REVIEW:
            known = {"states": TO_REVIEW}
        try:
            return ContentFilter.model_validate({**self.values, **known, "deleted": tab == DELETED})
        except ValidationError as error:
            names = ", ".join(str(each["loc"][0]).replace("_", " ") for each in error.errors())
            raise WrongInput(f"The filter can't be read: {names}.", hint="Dates are written 2026-11-21.") from None

    def address(self, path: str = "", **changes: str | None) -> str:
        """This filter's address with `changes`; None leaves something out."""
        asked = {**self.values, "state": self.state, **changes}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path or self.path}?{query}" if query else path or self.path


def wanted(request: Request) -> Wanted:
    """The filter that the address of `request` names; what it leaves empty is not looked at."""
    query = {**request.query_params}
    query.setdefault("text", query.get("q", ""))  # what people write into an address by hand
    return Wanted(
        path=request.url.path,
        state=query.get("state", ""),
        values={name: query[name].strip() for name in FIELDS if query.get(name, "").strip()},
        cursor=query.get("cursor"),
    )


WantedDep = Annotated[Wanted, Depends(wanted)]
