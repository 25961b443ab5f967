"""The return on cost: what each post cost, what it brought, and how the two compare. Money is whole millionths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from pydantic import Field

from pressroom.model.base import Frozen

USD = "USD"
"""Providers and platforms are paid in it."""


class Spending(NamedTuple):
    """The costs of a workspace, in millionths of a dollar.

    runs: all calls of a run, by run. calls: own calls of a draft, by draft. drafts: run of each draft. fees: of the
    platform for a publication, by publication. reads: for its figures. publications: draft of each publication.
    """

    runs: Mapping[str, int]
    calls: Mapping[str, int]
    drafts: Mapping[str, str]
    fees: Mapping[str, int]
    reads: Mapping[str, int]
    publications: Mapping[str, str]


class Cost(Frozen):
    """The cost of a publication in millionths of a dollar, and its parts.

    calls: of the draft's own calls. share: of everything else in its run (ideas, pictures, rejected drafts), which the
    run's published drafts share equally. platform: the platform's fee. figures: of reading its figures.
    """

    calls: int = 0
    share: int = 0
    platform: int = 0
    figures: int = 0

    @property
    def total(self) -> int:
        return self.calls + self.share + self.platform + self.figures


class Money(Frozen):
    """An amount of a currency, in millionths."""

    micros: int = Field(examples=[12_500_000])
    currency: str = Field(examples=["EUR"])


class Return(Frozen):
    """The return on one publication. revenue: one amount a currency; empty: unknown, which is not 0.

    in_usd: all of it in dollars; null where it is unknown, or a currency has no rate. ratio: revenue / cost. The
    costs per 1,000 views and per click are null where the figure is unknown or 0.
    """

    publication_id: str
    cost: Cost
    total_microusd: int
    revenue: tuple[Money, ...] = ()
    in_usd: int | None = None
    ratio: float | None = None
    per_thousand_views_microusd: int | None = None
    per_click_microusd: int | None = None


class Returns(Frozen):
    """The returns of many publications. unpublished_microusd: cost of runs of which nothing went out."""

    items: tuple[Return, ...]
    posts: int
    with_revenue: int
    cost_microusd: int
    per_post_microusd: int | None
    per_thousand_views_microusd: int | None
    per_click_microusd: int | None
    revenue: tuple[Money, ...]
    in_usd: int | None = Field(description="Of the publications with revenue; null where a currency has no rate.")
    ratio: float | None = Field(description="Revenue in dollars / cost, of the publications with known revenue alone.")
    unpublished_microusd: int


def costs(spent: Spending) -> dict[str, Cost]:
    """The cost of each publication. What is shared is split in whole millionths that add up exactly."""
    on_channels, in_runs = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for publication, draft in sorted(spent.publications.items()):
        on_channels[draft].append(publication)
    for draft in sorted(on_channels):
        in_runs[spent.drafts[draft]].append(draft)
    found: dict[str, Cost] = {}
    for run, drafts in in_runs.items():
        own = {draft: spent.calls.get(draft, 0) for draft in drafts}
        rest = max(0, spent.runs.get(run, 0) - sum(own.values()))
        for draft, share in zip(drafts, split(rest, len(drafts)), strict=True):
            mine = on_channels[draft]
            parts = zip(mine, split(own[draft], len(mine)), split(share, len(mine)), strict=True)
            for publication, calls, part in parts:
                fee, read = spent.fees.get(publication, 0), spent.reads.get(publication, 0)
                found[publication] = Cost(calls=calls, share=part, platform=fee, figures=read)
    return found


def split(amount: int, parts: int) -> list[int]:
    """`amount` in `parts` whole numbers that differ by 1 at most, the larger ones first."""
    each, more = divmod(amount, parts)
    return [each + (place < more) for place in range(parts)]


def returns(
    spent: Spending,
    revenue: Mapping[str, Sequence[Money]],
    views: Mapping[str, int],
    clicks: Mapping[str, int],
    rates: Mapping[str, Fraction] | None = None,
) -> Returns:
    """The return of each publication. views, clicks: known ones. rates: dollars for one of a currency."""
    known = {USD: Fraction(1), **(rates or {})}
    paid = costs(spent)
    items = tuple(
        _return(one, cost, revenue.get(one, ()), views.get(one), clicks.get(one), known) for one, cost in paid.items()
    )
    published = {spent.drafts[draft] for draft in spent.publications.values()}
    nothing_out = sum(cost for run, cost in spent.runs.items() if run not in published)
    return sum_up(items, nothing_out, views, clicks)


def sum_up(items: tuple[Return, ...], unpublished: int, views: Mapping[str, int], clicks: Mapping[str, int]) -> Returns:
    """The returns of publications with their sums."""
    total = sum(item.total_microusd for item in items)
    earning = [item for item in items if item.revenue]
    in_usd = _sum_known([item.in_usd for item in earning])
    spent_on_earning = sum(item.total_microusd for item in earning)
    return Returns(
        items=items, posts=len(items), with_revenue=len(earning), cost_microusd=total,
        per_post_microusd=_per(total, len(items)),
        per_thousand_views_microusd=_per(1000 * _of(items, views), sum(views.get(i.publication_id, 0) for i in items)),
        per_click_microusd=_per(_of(items, clicks), sum(clicks.get(item.publication_id, 0) for item in items)),
        revenue=_added(money for item in earning for money in item.revenue), in_usd=in_usd,
        ratio=in_usd / spent_on_earning if in_usd is not None and spent_on_earning else None,
        unpublished_microusd=unpublished,
    )  # fmt: skip


def _of(items: Iterable[Return], figures: Mapping[str, int]) -> int:
    """The cost of those whose figure is known."""
    return sum(item.total_microusd for item in items if item.publication_id in figures)


def _return(
    publication: str, cost: Cost, revenue: Sequence[Money], views: int | None, clicks: int | None,
    rates: Mapping[str, Fraction],
) -> Return:  # fmt: skip
    amounts = _added(revenue)
    in_usd = _sum_known([_in_usd(money, rates) for money in amounts])
    return Return(
        publication_id=publication, cost=cost, total_microusd=cost.total, revenue=amounts, in_usd=in_usd,
        ratio=in_usd / cost.total if in_usd is not None and cost.total else None,
        per_thousand_views_microusd=_per(1000 * cost.total, views or 0),
        per_click_microusd=_per(cost.total, clicks or 0),
    )  # fmt: skip


def _in_usd(money: Money, rates: Mapping[str, Fraction]) -> int | None:
    return round(money.micros * rates[money.currency]) if money.currency in rates else None


def _sum_known(amounts: Sequence[int | None]) -> int | None:
    """The sum; None without any, or where one is unknown."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known and len(known) == len(amounts) else None


def _added(revenue: Iterable[Money]) -> tuple[Money, ...]:
    sums: defaultdict[str, int] = defaultdict(int)
    for money in revenue:
        sums[money.currency] += money.micros
    return tuple(Money(micros=micros, currency=currency) for currency, micros in sorted(sums.items()))


def _per(amount: int, count: int) -> int | None:
    return round(Fraction(amount, count)) if count else None
