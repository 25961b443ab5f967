"""`python -m deployments.deploy`: everything of Pressroom put on the Prefect server that PREFECT_API_URL names.

All deployments of `prefect.yaml` and of the list of flows, and what `prefect deploy --all` leaves out: block types, the
work pool, automations, and the schedules that workspaces have set. Doing it again changes nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml
from dotenv import load_dotenv

from blocks import prefect_server
from pressroom.errors import Misconfigured, PressroomError
from pressroom.settings import settings


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="pressroom deploy", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say what is missing there, a line each")
    parser.add_argument("--pool", default="process", help="process, docker or kubernetes: see deployments/pools.toml")
    given = parser.parse_args(argv)
    load_dotenv(".env")
    os.environ["PRESSROOM_TIME_ZONE"] = settings().time_zone
    try:
        prefect_server.prepare()
        if not prefect_server.use_known():
            raise Misconfigured(
                "There is no Prefect server to deploy to.", hint="Set PREFECT_API_URL, and start the server it names."
            )
        from deployments import registration  # 2 s: Prefect

        if given.check:
            print("\n".join(registration.missing()))  # noqa: T201
            return 0
        registration.register_server(given.pool)
        deploy(given.pool)
    except PressroomError as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"Deployed to {prefect_server.address()}. `pressroom doctor` says whether anything is missing.")  # noqa: T201
    return 0


def deploy(kind: str = "process") -> None:
    """Put every deployment on the server, into the pool of this kind, and what needs them there."""
    from deployments import declared, pools, registration, schedules

    with tempfile.TemporaryDirectory(prefix="pressroom-deploy-") as folder:
        file = Path(folder) / declared.FILE.name
        entries = [pools.placed(entry, pools.of_kind(kind)) for entry in schedules.settled(declared.deployed())]
        head = yaml.safe_load(declared.at_hand().read_text("utf-8"))
        file.write_text(yaml.safe_dump({**head, "deployments": entries}), "utf-8")
        run_prefect("--no-prompt", "deploy", "--all", "--prefect-file", str(file), cwd=declared.ROOT)
    registration.register_automations()
    schedules.put_back()


def run_prefect(*words: str, cwd: Path) -> None:
    """Raises Misconfigured: it ended badly."""
    try:
        subprocess.run([sys.executable, "-m", "prefect", *words], cwd=cwd, check=True)  # noqa: S603 (our own words)
    except subprocess.CalledProcessError as error:
        raise Misconfigured(f"`prefect {words[0]}` ended with status {error.returncode}.") from None


if __name__ == "__main__":
    sys.exit(main())
