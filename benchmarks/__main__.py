"""`python -m benchmarks [NAME ...]`: run all benchmarks, or those named, each in a process of its own."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """Every benchmark: a package here that can be run."""
    return sorted(path.parent.name for path in HERE.glob("*/__main__.py"))


def about(name: str) -> str:
    """The first sentence of a benchmark's own docstring."""
    lines = (HERE / name / "__init__.py").read_text("utf-8").split('"""')
    return lines[1].strip().splitlines()[0]


def main() -> int:
    """Exit code 0 when every benchmark ran; a goal that was missed is told, and is no failure."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Run the benchmarks. Options not listed here go to each of them.",
        epilog="\n".join(["benchmarks:", *(f"  {name:<16} {about(name)}" for name in names())]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all of them")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and no calls of 10 s")
    given, others = parser.parse_known_args()
    if unknown := sorted(set(given.names) - set(names())):
        parser.error(f"there is no benchmark {', '.join(unknown)}; choose from {', '.join(names())}")
    options = [*(["--quick"] if given.quick else []), *others]
    return max([_run(name, options) for name in given.names or names()])


def _run(name: str, options: list[str]) -> int:
    print(f"\n=== {name}: {about(name)}", flush=True)
    return subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *options], cwd=HERE.parent, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
