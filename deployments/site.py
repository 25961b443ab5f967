"""`python -m deployments.site FOLDER` writes the sources of the documentation site: FOLDER/mkdocs.yml and FOLDER/docs.

Pages are those of `docs/`, the README as the first one, CONTRIBUTING and CHANGELOG; two are made from the code: every
command with its options, and every setting. A link that leads to a file of the project that is no page is left as text.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from posixpath import relpath
from typing import Any

import typer
import yaml

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"(!?)\[([^\]\[]*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

CONFIG: dict[str, Any] = {
    "site_name": "Pressroom",
    "theme": {"name": "material", "font": False, "features": ["navigation.sections", "toc.follow"]},
    "plugins": ["search"],
    "markdown_extensions": ["admonition", "tables", "toc", "pymdownx.superfences"],
    "validation": {"anchors": "warn", "unrecognized_links": "warn"},
}


def main(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    pages = _pages()
    for source, target in pages.items():
        _put(folder / "docs" / target, _relinked(source, pages))
    shutil.copytree(ROOT / "docs/images", folder / "docs/images")
    _put(folder / "docs/commands.md", "\n".join(commands()))
    _put(folder / "docs/settings.md", "\n".join(settings_page()))
    _put(folder / "mkdocs.yml", yaml.safe_dump(CONFIG))


def _pages() -> dict[Path, str]:
    """The page that each file becomes."""
    own = {file: file.relative_to(ROOT / "docs").as_posix() for file in sorted((ROOT / "docs").rglob("*.md"))}
    return {
        ROOT / "README.md": "index.md",
        **own,
        **{ROOT / f"{n}.md": f"{n.lower()}.md" for n in ("CONTRIBUTING", "CHANGELOG")},
    }


def _relinked(source: Path, pages: dict[Path, str]) -> str:
    text, here = source.read_text("utf-8"), Path(pages[source]).parent.as_posix()

    def link(found: re.Match[str]) -> str:
        picture, label, address = found.groups()
        path, mark, anchor = address.partition("#")
        if "://" in address or address.startswith("mailto:") or not path:
            return found[0]
        target = (source.parent / path).resolve()
        page = pages.get(target)
        if page is None and target.is_relative_to(ROOT / "docs/images"):
            page = target.relative_to(ROOT / "docs").as_posix()
        return f"{picture}[{label}]({relpath(page, here)}{mark}{anchor})" if page else label

    parts, end = list[str](), 0
    for fence in FENCE.finditer(text):  # what stands in an example is no link
        parts += [LINK.sub(link, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, LINK.sub(link, text[end:])])


def commands() -> Iterator[str]:
    """Every command as `--help` has it."""
    from apps.cli.main import app

    yield "# Commands\n\nAs `pressroom --help` has them; [operations](operations.md#exit-codes) has the exit codes.\n"
    yield from _command("pressroom", typer.main.get_command(app), None)


def _command(name: str, command: Any, parent: Any) -> Iterator[str]:
    context = command.make_context(name.rpartition(" ")[2], [], parent=parent, resilient_parsing=True)
    yield f"## {name}\n\n{command.help or ''}\n"
    rows = [_row(each) for each in command.params if not getattr(each, "hidden", False)]
    if rows:
        yield "\n".join(["| option | what it does | default |", "|---|---|---|", *rows, ""])
    if command.epilog:
        yield f"{command.epilog}\n"
    for each in getattr(command, "commands", {}) and command.list_commands(context):
        below = command.get_command(context, each)
        if not below.hidden:
            yield from _command(f"{name} {each}", below, context)


def _row(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    names = [*parameter.opts, *parameter.secondary_opts] if is_option else [str(parameter.name).upper()]
    default = parameter.default if isinstance(parameter.default, str | int | float) else None
    shown = "" if default is None or isinstance(default, bool) else f"`{default}`"
    about = " ".join(str(getattr(parameter, "help", "") or "").split()).replace("|", "\\|")
    return f"| {', '.join(f'`{each}`' for each in names)} | {about} | {shown} |"


def settings_page() -> Iterator[str]:
    """Every setting as `.env.example` has it, which a test holds to the code."""
    yield "# Settings\n\nIn the environment, or in `.env`; a variable in the environment wins."
    about = list[str]()
    for line in (ROOT / ".env.example").read_text("utf-8").splitlines():
        if found := re.fullmatch(r"# --- (.*) ---", line):
            yield f"\n## {found[1]}\n\n| setting | what it is | default |\n|---|---|---|"
        elif found := re.fullmatch(r"# ([A-Z][A-Z0-9_]+)=(.*)", line):
            default = f"`{found[2]}`" if found[2] else ""
            yield f"| `{found[1]}` | {' '.join(about)} | {default} |".replace("\\|", "|")
            about = []
        elif line.startswith("# "):
            about.append(line.removeprefix("# ").replace("|", "\\|"))
        else:
            about = []


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
