"""`python -m benchmarks.words`: faults a draft, by kind, of today's engine and of the one at an earlier commit."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.shared.machine import describe
from benchmarks.words.drafts import document_of
from benchmarks.words.faults import KINDS, all_faults

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DOCUMENTS = HERE / "documents"
EARLIER = "d3f5f0a"
GOAL = 0.2
"""Of the earlier engine's faults, at most."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.words", description=__doc__)
    parser.add_argument("--earlier", default=EARLIER, help=f"the commit to compare with (default: {EARLIER})")
    parser.add_argument("--show", metavar="DOCUMENT", help="print the drafts of one document with their faults")
    parser.add_argument("--quick", action="store_true", help="only today's engine")
    given, _ = parser.parse_known_args()
    documents = {path.stem: document_of(path) for path in sorted(DOCUMENTS.glob("*.txt"))}
    now = drafts_of(ROOT)
    if given.show:
        return show(given.show, now, documents)
    print(describe(("numpy",)))
    before = {} if given.quick else earlier(given.earlier)
    report(documents, now, before, given.earlier)
    return 0


def drafts_of(tree: Path) -> dict[str, dict[str, Any]]:
    """The drafts that the engine of a tree makes, in a process of its own."""
    command = [sys.executable, str(HERE / "drafts.py"), str(DOCUMENTS)]
    made: dict[str, dict[str, Any]] = json.loads(
        subprocess.run(command, cwd=tree, capture_output=True, check=True).stdout
    )
    return made


def earlier(commit: str) -> dict[str, dict[str, Any]]:
    """The drafts of the engine at `commit`; nothing when the repository doesn't have it."""
    archive = subprocess.run(["git", "archive", commit, "pressroom"], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        print(f"{commit} is not in this repository: {archive.stderr.decode().strip()}")
        return {}
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as packed:
            packed.extractall(folder, filter="data")
        return drafts_of(Path(folder))


def report(documents: dict[str, Any], now: dict[str, Any], before: dict[str, Any], commit: str) -> None:
    """A line a kind: faults a hundred drafts, then and now."""
    counts, totals = {}, {}
    for name, drafts in (("now", now), (commit, before)):
        if drafts:
            found = list(all_faults(drafts, documents))
            counts[name] = sum((one for _, _, one in found), Counter())
            totals[name] = len(found)
    print(f"{'faults in 100 drafts':<22}" + "".join(f"{name:>10}" for name in counts))
    for kind in KINDS:
        print(f"{kind:<22}" + "".join(f"{100 * counts[name][kind] / totals[name]:>10.1f}" for name in counts))
    print(f"{'all':<22}" + "".join(f"{100 * counts[name].total() / totals[name]:>10.1f}" for name in counts))
    print(
        f"{'ms a draft':<22}"
        + "".join(f"{1000 * drafts['seconds']['a draft']:>10.0f}" for drafts in (now, before) if drafts)
    )
    if before:
        share = counts["now"].total() / max(counts[commit].total(), 1)
        print(f"of the earlier faults {share:.3f}, at most {GOAL}: {'ok' if share <= GOAL else 'MISSED'}")


def show(name: str, drafts: dict[str, Any], documents: dict[str, Any]) -> int:
    for document, form, found in all_faults(drafts, documents):
        if document == name:
            print(f"\n### {form}  {dict(found)}")
            for field, value in drafts[name][form].items():
                print(
                    f"{field}: {json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, list) else value}"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
