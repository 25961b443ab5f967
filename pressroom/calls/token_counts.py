"""What a call takes of its account's tokens a minute, once it is over: as its provider counts.

Each takes the call's usage and the most output tokens it asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from pressroom.model import Usage

TokenCount = Callable[[Usage, int], int]


def as_asked(usage: Usage, most_output: int) -> int:
    """The output asked for counts, however little came.

    To give back what did not come would be refused by OpenAI: https://platform.openai.com/docs/guides/rate-limits.
    """
    return usage.input_tokens + most_output


def as_written(usage: Usage, _most_output: int) -> int:
    """Output counts as it is written: https://platform.claude.com/docs/en/api/rate-limits."""
    return usage.input_tokens + usage.output_tokens


def as_read(usage: Usage, _most_output: int) -> int:
    """Input alone counts: https://ai.google.dev/gemini-api/docs/rate-limits."""
    return usage.input_tokens
