"""The list of tools: reads, proposals and runs."""

from __future__ import annotations

from apps.mcp.tools import Twin
from pressroom.model.workflows import DAILY

_IN_DETAIL = frozenset({"trigger", "chain"})

TWINS: tuple[Twin, ...] = (
    Twin("list_formats", "list_formats", "Formats", "List the formats of posts with their fields and rules."),
    Twin("list_content", "list_content", "Content", "List drafts and posts, newest first, filtered as wished."),
    Twin("get_content", "get_content", "One draft", "Return one draft: its fields, text, state, findings and media."),
    Twin(
        "trace_content",
        "trace_content",
        "Where a draft comes from",
        "Return the lineage of a draft: source, idea, prompts, model calls, edits, approvals, publications.",
    ),
    Twin(
        "check_text",
        "check_wording",
        "Check a text",
        "Check a text for a draft by its format's rules, without saving it. It costs nothing.",
    ),
    Twin(
        "propose_text",
        "propose_text",
        "Propose a text",
        "Propose another text for a draft. The draft stays as it is until a person takes the proposal.",
        writes=True,
    ),
    Twin(
        "request_rewrite",
        "create_suggestion",
        "Have a draft rewritten",
        "Start a job that rewrites a draft to a wish, as a suggestion for a person. It may cost money.",
        writes=True,
    ),
    Twin("review_queue", "get_queue", "What waits for review", "Return the drafts of a day that wait for a person."),
    Twin("list_trends", "list_trends", "Trends", "List topics that are talked about, with the parts of their scores."),
    Twin(
        "list_opportunities",
        "list_opportunities",
        "Opportunities",
        "List topics worth a post now, the best first, with angle, formats and expiry.",
    ),
    Twin(
        "take_opportunity",
        "take_opportunity",
        "Take an opportunity",
        "Have the next daily run write about an opportunity.",
        writes=True,
    ),
    Twin(
        "start_daily_run",
        "execute_workflow",
        "Start a daily run",
        "Start a run that has ideas and drafts of each made. It may cost money; its budget holds. Follow the job.",
        writes=True,
        given={"name": DAILY.kind},
        within="parameters",
        parameters=DAILY.parameters,
        hidden=_IN_DETAIL,
    ),
    Twin(
        "repurpose_document",
        "submit_content",
        "Make content from a document",
        "Start a job that makes drafts from web pages or a text. It may cost money. Follow the job.",
        writes=True,
        hidden=_IN_DETAIL,
    ),
    Twin("get_job", "get_job", "How a job is doing", "Return a job: status, percent, error and what it made."),
    Twin("get_usage", "get_usage", "Usage", "Return tokens, calls and money by day, and what is left of the budget."),
)
