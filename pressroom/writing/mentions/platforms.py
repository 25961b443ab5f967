"""What accounts are called on each platform, and where they are: `platforms.json`. Letter case means nothing."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from pressroom.errors import WrongInput
from pressroom.model import Frozen


class Platform(Frozen):
    """names: what it is called; the first is ours. form: regular expression of a whole account name.

    hosts: of its profiles. path: what stands before the name there. reserved: names of pages that are no accounts.
    """

    names: tuple[str, ...]
    form: str
    hosts: tuple[str, ...]
    path: str
    address: str
    reserved: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]

    def account(self, written: str) -> str | None:
        """The account's name in small letters, as `written` has it with or without @; None when it is none."""
        name = written.strip().removeprefix("@").casefold()
        return name if re.fullmatch(self.form, name) and name not in self.reserved else None

    def account_at(self, url: str) -> str | None:
        """The account whose profile `url` leads to; None when it leads elsewhere."""
        if host_of(url) not in self.hosts:
            return None
        path = unquote(_path(url)).casefold()
        if not path.startswith(self.path):
            return None
        return self.account(path.removeprefix(self.path).partition("/")[0])

    def profile(self, account: str) -> str:
        return self.address.format(name=account)


def platform(name: str) -> Platform:
    """The platform called `name`.

    Raises:
        WrongInput: there is no such platform.
    """
    try:
        return platforms()[name]
    except KeyError:
        raise WrongInput(
            f"There is no platform called {name!r}.", hint=f"Choose from: {', '.join(platforms())}."
        ) from None


@lru_cache(maxsize=1)
def platforms() -> dict[str, Platform]:
    source = json.loads(files("pressroom.writing.mentions").joinpath("platforms.json").read_text("utf-8"))
    return {name: Platform(**declared) for name, declared in source["platforms"].items()}


def platform_at(host: str) -> Platform | None:
    """The platform whose profiles are at `host`."""
    return next((one for one in platforms().values() if host in one.hosts), None)


def host_of(url: str) -> str:
    """Without what countries and phones put before it: `www`, `m`, `de`, ..."""
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").casefold()
    except ValueError:
        return ""
    head, _, rest = host.partition(".")
    return rest if "." in rest and (head in {"www", "mobile"} or len(head) <= 2) else host


def _path(url: str) -> str:
    return urlsplit(url if "//" in url else f"//{url}").path.lstrip("/")
