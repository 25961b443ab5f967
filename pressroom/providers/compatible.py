"""Any endpoint that speaks OpenAI's chat completions: Groq, Gemini, Ollama, vLLM and their like."""

from __future__ import annotations

from pressroom.providers.openai import ChatCompletions
from pressroom.providers.shared.declare import Account, Provider


def _build(account: Account) -> ChatCompletions:
    return ChatCompletions(account, tokens_parameter="max_tokens")


PROVIDER = Provider(name="compatible", paid=True, text=_build, probe=lambda account: _build(account).probe(), sees=True)
