"""The end of a picture's way: its results, and what they say of how they were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pressroom.model import Failure
from pressroom.model.optimizing import Accounts, ImageRef, OptimizeRequest, Prepared, WrittenUp
from pressroom.model.results import (
    Level,
    PlatformResult,
    PlatformStatus,
    ResultError,
    Results,
    ResultTotals,
)
from pressroom.sources.fetching import shown


def level_of(wish: OptimizeRequest, prepared: Prepared, written: Sequence[WrittenUp]) -> Level:
    """How much of it a model made: all of the words, none of them, or no words at all."""
    if not (wish.analyse or wish.describe):
        return Level.PLAIN
    if prepared.seen_by_model and written and all(one.by_model for one in written):
        return Level.FULL_AI
    return Level.TEMPLATES


def failed(failure: Failure) -> PlatformResult:
    """The result of a platform that got nothing: that of the failure's format."""
    code = failure.code if failure.code.isupper() else "INTERNAL"
    return PlatformResult(
        platform=failure.format,
        status=PlatformStatus.FAILED,
        error=ResultError(code=code, message=failure.reason),
    )


def with_accounts(result: PlatformResult, accounts: Accounts) -> PlatformResult:
    """The result with the accounts found for its platform, or the reason why it has no accounts."""
    found = accounts.found.get(result.platform, ())
    because = "" if found else accounts.none_because or "None was found that a page names."
    return result.model_copy(update={"accounts": found, "no_accounts_because": because})


def session_id(run_id: str, image: ImageRef) -> str:
    return f"{run_id}-{image.position}"


def results_of(
    prepared: Prepared,
    written: Sequence[WrittenUp],
    broken: Sequence[PlatformResult],
    accounts: Accounts,
    wish: OptimizeRequest,
    *,
    run_id: str,
    workspace: str,
    user: str,
    started: datetime,
    seconds: float,
    cost_usd: float,
) -> Results:
    """Everything about one picture, its platforms in the order asked for."""
    by_name = {
        result.platform: result for result in (*(with_accounts(one.result, accounts) for one in written), *broken)
    }
    platforms = tuple(by_name[name] for name in prepared.files)
    ok = sum(result.status is PlatformStatus.OK for result in platforms)
    return Results(
        session_id=session_id(run_id, prepared.image),
        user=user,
        workspace=workspace,
        timestamp=started,
        source=shown(prepared.image.source) if "://" in prepared.image.source else prepared.image.source,
        description=prepared.description,
        is_product=prepared.is_product,
        product_confidence=prepared.product_confidence,
        level=level_of(wish, prepared, written),
        zone=wish.zone,
        platforms=platforms,
        totals=ResultTotals(ok=ok, failed=len(platforms) - ok, seconds=seconds, cost_usd=cost_usd),
        notes=prepared.notes,
    )
