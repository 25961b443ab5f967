"""Reading forms whose fields come several times, or as lists that a person writes in one field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from apps.desk.intake import File
from pressroom.errors import WrongInput

M = TypeVar("M", bound=BaseModel)

_PARTED = re.compile(r"[,\n]")


def text(form: FormData, name: str) -> str:
    """A field's words without what stands around them; empty when it is not there."""
    value = form.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def several(form: FormData, name: str) -> list[str]:
    """Every value of boxes that bear one name."""
    return [value for value in form.getlist(name) if isinstance(value, str) and value]


def ticked(form: FormData, name: str) -> bool:
    return name in form


def lines(form: FormData, name: str) -> list[str]:
    """The lines of the field, stripped, without empty ones."""
    return [line.strip() for line in text(form, name).split("\n") if line.strip()]


def listed(form: FormData, name: str) -> list[str]:
    """Words or phrases parted by commas or line ends."""
    return [part.strip() for part in _PARTED.split(text(form, name)) if part.strip()]


def number(form: FormData, name: str, default: float) -> float:
    """The field as a number, or `default` when it is empty. Raises WrongInput when it is not a number."""
    written = text(form, name)
    try:
        return float(written) if written else default
    except ValueError:
        raise WrongInput(f"{name.replace('_', ' ').capitalize()} is a number.") from None


def validated(model: type[M], values: Mapping[str, Any]) -> M:
    """`values` as a `model`. Raises WrongInput, naming the first field that can't be used and why."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(part) for part in first["loc"] if not isinstance(part, int)).replace("_", " ")
        why = first["msg"].removeprefix("Value error, ")
        raise WrongInput(f"{where.capitalize()}: {why[:1].lower()}{why[1:]}." if where else f"{why}.") from None


def sent_files(form: FormData, name: str) -> list[File]:
    """Files of a field; a field in which none was chosen has none."""
    sent = [each for each in form.getlist(name) if isinstance(each, UploadFile)]
    return [File(each.filename, each.file) for each in sent if each.filename]
