"""A running provider server and the real SDKs pointed at it, without retries of their own."""

from __future__ import annotations

from collections.abc import Iterator

import anthropic
import openai
import pytest

from sandbox import ProviderServer


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with ProviderServer() as running:
        yield running


@pytest.fixture(params=[False, True], ids=["lenient", "strict"])
def strict(request: pytest.FixtureRequest) -> bool:
    """Whether the SDK checks every answer against its own models."""
    return bool(request.param)


@pytest.fixture
def openai_client(server: ProviderServer, strict: bool) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        api_key=server.key, base_url=server.openai_url, max_retries=0, timeout=10, _strict_response_validation=strict
    ) as client:
        yield client


@pytest.fixture
def anthropic_client(server: ProviderServer, strict: bool) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(
        api_key=server.key, base_url=server.anthropic_url, max_retries=0, timeout=10, _strict_response_validation=strict
    ) as client:
        yield client
