"""Any endpoint that speaks OpenAI's chat completions: Groq, Gemini, Ollama, vLLM and their like."""

from __future__ import annotations

from pressroom.calls.declare import Account, Provider
from pressroom.providers.openai.text import ChatCompletions


def _build(account: Account) -> ChatCompletions:
    return ChatCompletions(account, tokens_parameter="max_tokens")


PROVIDER = Provider(name="compatible", paid=True, text=_build, probe=lambda account: _build(account).probe(), sees=True)
