"""Results of a picture as a run would leave them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pressroom.model.results import (
    ImageFile,
    Level,
    Photography,
    PlatformResult,
    PlatformStatus,
    ResultError,
    Results,
    ResultTotals,
    SuggestedAccount,
)

MORNING = datetime(2026, 10, 23, 6, 0, tzinfo=UTC)
"""A Friday; in Europe the clocks go back on the Sunday after."""


def image(name: str = "instagram.jpg", **changes: Any) -> ImageFile:
    values = {
        "file": name,
        "width": 1080,
        "height": 1080,
        "media_type": "image/jpeg",
        "bytes": 184_220,
        "alt_text": "A latte with a heart in its foam on a wooden table.",
    }
    return ImageFile(**{**values, **changes})


def made(platform: str = "instagram", **changes: Any) -> PlatformResult:
    values = {
        "platform": platform,
        "status": PlatformStatus.OK,
        "image": image(f"{platform}.jpg"),
        "niches": ("coffee", "small business"),
        "hashtags": ("coffee", "latteart"),
        "no_accounts_because": "No search provider is configured.",
        "caption": "The first latte of the day.\n\nWhat would you like to see more of?",
        "seconds": 0.8,
    }
    return PlatformResult(**{**values, **changes})


def failed(platform: str = "youtube") -> PlatformResult:
    return PlatformResult(
        platform=platform,
        status=PlatformStatus.FAILED,
        error=ResultError(code="IMAGE_TOO_SMALL", message="299 x 300 pixels are too few.", hint="Use a larger one."),
    )


def results(*platforms: PlatformResult, **changes: Any) -> Results:
    chosen = platforms or (made(), made("x"), made("linkedin", accounts=(ACCOUNT,), no_accounts_because=""), failed())
    ok = sum(one.status is PlatformStatus.OK for one in chosen)
    values = {
        "session_id": "5f2c",
        "workspace": "default",
        "timestamp": MORNING,
        "source": "photos/latte.jpg",
        "description": "A latte with a heart",
        "level": Level.TEMPLATES,
        "platforms": chosen,
        "totals": ResultTotals(ok=ok, failed=len(chosen) - ok, seconds=2.5, cost_usd=0.0),
    }
    return Results(**{**values, **changes})


ACCOUNT = SuggestedAccount(
    name="@roastery", why="The roaster of these beans.", source="https://example.com/roasters#berlin"
)
PRODUCT = {
    "is_product": True,
    "product_confidence": 0.92,
    "level": Level.FULL_AI,
    "zone": "Europe/Berlin",
}
PHOTOGRAPHED = {
    "photography": Photography(used=True, styles=("floating",)),
    "more_images": (image("instagram-floating.png", media_type="image/png", style="floating", bytes=900_000),),
}
