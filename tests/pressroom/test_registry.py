"""Plug-ins found by name, from inside and outside."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from pressroom import formats
from pressroom.errors import WrongInput
from pressroom.formats import linkedin_post
from pressroom.formats.shared.declare import Format
from pressroom.registry import Registry


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package `plugs` with the plug-ins `one` (right), `two` (of another kind) and what they share."""
    folder = tmp_path / "plugs"
    folder.mkdir()
    modules = {"__init__": "", "shared": "", "one": "PLUG = 'one'", "two": "PLUG = 2", "empty": ""}
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "plugs"
    for name in [name for name in sys.modules if name.partition(".")[0] == "plugs"]:
        del sys.modules[name]


def test_names_are_the_modules_but_shared_and_import_none(package: str) -> None:
    assert Registry(package, "PLUG", str).names == ("empty", "one", "two")
    assert "plugs.one" not in sys.modules


def test_gets_what_the_module_exports_once(package: str) -> None:
    registry = Registry(package, "PLUG", str)
    assert registry.get("one") == "one"
    assert registry.get("one") is registry.get("one")


def test_an_unknown_name_lists_the_known(package: str) -> None:
    with pytest.raises(WrongInput, match=r"no plug called 'three'.*empty, one, two"):
        Registry(package, "PLUG", str).get("three")


def test_shared_is_no_plugin(package: str) -> None:
    with pytest.raises(WrongInput):
        Registry(package, "PLUG", str).get("shared")


def test_a_plugin_of_another_kind_is_refused(package: str) -> None:
    with pytest.raises(TypeError, match=r"plugs\.two\.PLUG is a int, not a str"):
        Registry(package, "PLUG", str).get("two")


def test_a_module_without_the_attribute_is_refused(package: str) -> None:
    with pytest.raises(AttributeError, match="PLUG"):
        Registry(package, "PLUG", str).get("empty")


def test_outsiders_enter_by_entry_point(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint(name="guest", value="plugs.one:PLUG", group=package)
    monkeypatch.setattr("pressroom.registry.entry_points", lambda group: [point] if group == package else [])
    registry = Registry(package, "PLUG", str)
    assert registry.names == ("empty", "guest", "one", "two")
    assert registry.get("guest") == "one"


def test_formats_are_such_a_registry() -> None:
    assert formats.get("linkedin_post") is linkedin_post.FORMAT
    assert "shared" not in formats.names()
    assert "examples" not in formats.names()
    assert all(isinstance(form, Format) for form in formats.REGISTRY)
