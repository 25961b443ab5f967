"""The recipe of CONTRIBUTING tried: a vendor with one kind of request is one folder, and nothing else is edited."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from sqlmodel import select

from pressroom.calls import prices, providers
from pressroom.calls.accounts import account_from_settings, chain_names
from pressroom.calls.books import Books
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.requests import Search
from pressroom.calls.searching import SearchRequest
from pressroom.errors import Misconfigured
from pressroom.settings import settings
from pressroom.store.tables import ProviderCall

FILES = {
    "__init__.py": '''
        """Toy."""

        from pydantic import Field

        from pressroom.calls.providers import Provider
        from pressroom.settings import VendorSettings, vendor_variables


        class ToySettings(VendorSettings):
            model_config = vendor_variables("toy")

            model: str = Field(default="toy-1", description="Toy model for searches.")


        PROVIDER = Provider(
            name="toy", package=__name__, settings=ToySettings, kinds={"search": "search:SEARCH"}, rank={"search": 9}
        )
    ''',
    "search.py": '''
        """Toy: searches."""

        from pressroom.calls.providers import Account, Kind
        from pressroom.calls.searching import Searched, SearchRequest
        from pressroom.model import Answer, Usage


        class ToySearch:
            def __init__(self, account: Account) -> None:
                self.account = account

            def send(self, request: SearchRequest) -> Answer:
                found = Searched(text=f"About {request.prompt}", searches=2)
                usage = Usage(input_tokens=1000, output_tokens=100)
                return Answer(text=found.model_dump_json(), model=self.account.model, usage=usage)


        SEARCH = Kind(client=ToySearch)
    ''',
    "prices.toml": """
        as_of = 2026-11-30
        searches = [{ per = "search", price = 5.0 }]

        [models]
        "toy-1" = { tokens = [1.0, 0.1, 10.0] }
    """,
}


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "toyvendor"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(str(tmp_path))
    entry = EntryPoint("toy", "toyvendor:PROVIDER", "pressroom.providers")
    known = providers.REGISTRY
    names = (*known.names, "toy")
    monkeypatch.setitem(known.__dict__, "_outside", {**known._outside, "toy": entry})
    monkeypatch.setitem(known.__dict__, "names", names)
    forget()
    yield
    known._loaded.pop("toy", None)
    forget()
    for name in ("toyvendor", "toyvendor.search"):
        sys.modules.pop(name, None)


def forget() -> None:
    """Prices are read once a process."""
    for read in (prices._shipped, prices._table, prices._searches, settings):
        read.cache_clear()


@pytest.mark.usefixtures("toy")
def test_a_vendor_with_one_kind_is_one_folder(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Misconfigured, match="toy"):
        account_from_settings("toy", settings(), "search")
    monkeypatch.setenv("PRESSROOM_PROVIDERS__TOY__API_KEY", "k")
    settings.cache_clear()
    assert chain_names("search", settings()) == ("toy",)
    assert "toy" not in chain_names("text", settings())

    chain = chain_of([account_from_settings("toy", settings(), "search")], RetryPolicy(), kind="search")
    asked = Search(SearchRequest(purpose="accounts", system="", prompt="toys", max_output_tokens=100))
    received = chain.ask(asked, Books(ledger))

    assert (received.body.text, received.account, received.model) == ("About toys", "toy", "toy-1")
    with ledger.database.read() as session:
        (row,) = session.exec(select(ProviderCall)).all()
    assert (row.kind, row.provider, row.cost_microusd) == ("search", "toy", 2 * 5_000 + 1000 + 1000)
    assert chain.ask(asked, Books(ledger)) == received, "a repeat asks nothing"
