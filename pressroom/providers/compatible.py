"""Any endpoint that speaks OpenAI's chat completions: Groq, Ollama, vLLM and their like."""

from __future__ import annotations

from pressroom.calls.providers import Provider

PROVIDER = Provider(
    name="compatible",
    package="pressroom.providers.openai",
    kinds={"text": "text:COMPATIBLE", "vision": "text:COMPATIBLE"},
)
