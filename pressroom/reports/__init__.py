"""A `Brief` turned into files: `compile_brief(brief)` gives names and bytes, and touches no disk.

    brief.md     for a terminal, GitHub and an artifact in Prefect's UI
    brief.html   one page that needs nothing else: no network, no script
    brief.json   the same brief as data
    drafts/...   one text file a draft, ready to paste

The same brief always gives the same bytes.
"""

from __future__ import annotations

from pressroom.reports.compile import compile_brief
from pressroom.reports.markdown import to_markdown
from pressroom.reports.names import draft_file_name
from pressroom.reports.table import drafts_table

__all__ = ["compile_brief", "draft_file_name", "drafts_table", "to_markdown"]
