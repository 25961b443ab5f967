"""The offline engine: ideas, drafts, pictures and speech without a model, a network or a cost.

The words and subjects of its texts are data: `topics.toml` (extended by the setting `topic_bank`), `aspects.toml`,
`angles.toml`, `sentences.toml`, `words.toml`. A document that is repurposed is quoted instead: `documents`.
The same request has the same answer.
"""

from __future__ import annotations

from pressroom.calls.providers import Provider

PROVIDER = Provider(
    name="offline",
    package=__name__,
    kinds={
        "text": "engine:TEXT",
        "vision": "vision:VISION",
        "image": "image:IMAGE",
        "edit": "image:EDIT",
        "speech": "speech:SPEECH",
    },
    models={"text": "offline-1", "vision": "pixels-1", "image": "cards-1", "edit": "cards-1", "speech": "voices-1"},
    paid=False,
)
