"""The run in figures: the same rows in every file."""

from __future__ import annotations

from pressroom.model import Brief, GateVerdict
from pressroom.reports import words

KINDS = {
    "passed": "Passed",
    "flagged": "Flagged",
    "quarantined": "Quarantined",
    "rejected": "Rejected",
    "failed": "Not made",
}
"""Labels for the counts of drafts."""


def facts(brief: Brief) -> list[tuple[str, str]]:
    """Drafts by state, then what the run took."""
    number = words.counts(brief)
    drafts = [(KINDS[name], f"{count:,}") for name, count in number.items() if count or name != "rejected"]
    return [*drafts, *costs(brief)]


def costs(brief: Brief) -> list[tuple[str, str]]:
    """The facts of the run: calls, tokens, cost, time, batch check, start, focus, providers, id; as (label, text)."""
    totals = brief.totals
    rows = [
        ("Provider calls", f"{totals.calls_made:,} made, {totals.calls_reused:,} reused"),
        ("Tokens", f"{totals.input_tokens:,} in, {totals.output_tokens:,} out"),
        ("Cost", words.money(totals.cost_usd)),
        ("Time taken", words.duration(totals.seconds)),
        ("Batch check", verdict(brief.gate)),
        ("Started", f"{words.moment(brief.started_at)}, {words.TRIGGERS.get(brief.trigger, brief.trigger)}"),
        ("Focus", brief.focus),
        ("Providers", ", then ".join(brief.chain)),
        ("Run id", brief.run_id),
    ]
    return [(name, words.one_line(value)) for name, value in rows if value.strip()]


def verdict(gate: GateVerdict | None) -> str:
    if gate is None:
        return "not made"
    if not gate.ran:
        return "did not run"
    if gate.success:
        return f"all {gate.expectations:,} expectations hold"
    return f"{gate.expectations - len(gate.failed):,} of {gate.expectations:,} expectations hold"
