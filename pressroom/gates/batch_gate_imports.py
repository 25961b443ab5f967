"""Great Expectations without the parts that the batch gate never uses: half of its import's 3 s of CPU.

Here all data is one pandas frame, so sources of data, clouds and databases are left out, and its 370 classes of
pydantic 1 copy each other's fields one level deep. To be called before Great Expectations is imported, in a process
that does nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from copy import copy
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

LATER = ("scipy.stats", "altair")
"""Libraries that it imports for expectations and charts of others: they are imported once something in them is used."""

ABSENT = frozenset(
    ("azure", "boto3", "botocore", "google", "psycopg", "pyspark", "snowflake", "sqlalchemy", "sqlmodel", "trino")
)
"""Libraries that it can do without: it finds them not installed."""

SOURCES = "great_expectations.datasource.fluent."
KEPT = frozenset(("pandas_datasource", "invalid_datasource"))


def trim() -> None:
    """Leave out what is never used, from the next import on."""
    main: Any = import_module("pydantic.v1.main")

    sys.modules.update({name: Later(name) for name in LATER if name not in sys.modules})
    sys.meta_path.insert(0, Unneeded())
    main.smart_deepcopy = _field_copier(main.smart_deepcopy)


class Later(ModuleType):
    """A module that is imported once something in it is asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


class Hollow(ModuleType):
    """A module whose every name is an empty class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = type(name, (), {"__module__": self.__name__})
        setattr(self, name, found)
        return found


class Unneeded(MetaPathFinder, Loader):
    """Finds libraries that are left out not installed, and gives hollow modules for other sources of data."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"{name} is left out here", name=name)
        return ModuleSpec(name, self, is_package=True) if _is_source(name) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return Hollow(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """A hollow module has no code."""


def _is_source(name: str) -> bool:
    last = name.removeprefix(SOURCES)
    is_other = last.endswith("_datasource") and last not in KEPT
    return name != last and (is_other or last.startswith(("fabric", "data_asset.path.spark")))


def _field_copier(deepcopy: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`deepcopy`, except that fields of a class are copied as far as its subclass changes them."""

    def copy_of(value: Any) -> Any:
        if not value or not isinstance(value, dict):
            return deepcopy(value)
        if not all(type(each).__name__ == "ModelField" for each in value.values()):
            return deepcopy(value)
        return {name: _field(each) for name, each in value.items()}

    return copy_of


def _field(field: Any) -> Any:
    made = copy(field)
    made.field_info, made.class_validators = copy(field.field_info), dict(field.class_validators)
    return made
