"""A `Brief` turned into files: `compile.compile_brief(brief)` gives names and bytes, and touches no disk.

    brief.md     for a terminal, GitHub and an artifact in Prefect's UI
    brief.html   one page that needs nothing else: no network, no script
    brief.json   the same brief as data
    drafts/...   one text file a draft, ready to paste

The same brief always gives the same bytes.
"""
