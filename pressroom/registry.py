"""Finding plug-ins by name: one module of a package is one plug-in, imported when first asked for.

Every module of the package but `shared` (common code) and `prompts` is a built-in; an outsider
enters by the entry-point group of the same name (`pressroom.formats`, `pressroom.providers`, ...)
and is found by the same call.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from pressroom.errors import WrongInput

T = TypeVar("T")

NO_PLUGINS = {"shared", "prompts"}


class Registry(Generic[T]):
    """The plug-ins of one kind. `package`: dotted package name; `attribute`: what a module exports.

    folders: true where a plug-in may be a folder; false where only files of the package are plug-ins.
    """

    def __init__(self, package: str, attribute: str, kind: type[T], *, folders: bool = True) -> None:
        self.package = package
        self.attribute = attribute
        self.kind = kind
        self.folders = folders
        self._loaded: dict[str, T] = {}

    @cached_property
    def _outside(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=self.package)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every known name, sorted; nothing is imported but the package itself."""
        modules = pkgutil.iter_modules(import_module(self.package).__path__)
        found = {m.name for m in modules if m.name not in NO_PLUGINS and (self.folders or not m.ispkg)}
        return tuple(sorted(found | set(self._outside)))

    def get(self, name: str) -> T:
        """The plug-in called `name`.

        Raises:
            WrongInput: no plug-in has that name; the message lists those there are.
        """
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> T:
        if name not in self.names:
            noun = self.package.rpartition(".")[2].rstrip("s")
            raise WrongInput(f"There is no {noun} called {name!r}.", hint=f"Choose from: {', '.join(self.names)}.")
        if name in self._outside:
            plugin = self._outside[name].load()
        else:
            plugin = getattr(import_module(f"{self.package}.{name}"), self.attribute)
        if not isinstance(plugin, self.kind):
            raise TypeError(
                f"{self.package}.{name}.{self.attribute} is a {type(plugin).__name__}, not a {self.kind.__name__}"
            )
        return plugin

    def __iter__(self) -> Iterator[T]:
        return (self.get(name) for name in self.names)
