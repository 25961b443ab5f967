"""One daily run in this process: `python -m benchmarks.daily.measured --ideas 5 --chain openai`."""

from __future__ import annotations

import argparse
import json
import time

from benchmarks.shared.processes import peak_megabytes


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ideas", type=int, required=True)
    parser.add_argument("--chain", required=True)
    given = parser.parse_args()
    begun = time.perf_counter()
    from blocks import prefect_server

    prefect_server.prepare()

    from flows.daily import daily
    from pressroom.model import DailyRequest

    imported = time.perf_counter()
    asked = {"ideas": given.ideas, "chain": (given.chain,), "trigger": "manual"}
    report = daily(DailyRequest(**asked))
    ended, ended_at = time.perf_counter(), time.time()
    print(
        json.dumps(
            {
                "import_seconds": imported - begun,
                "flow_seconds": ended - imported,
                "ended_at": ended_at,
                "peak_mb": peak_megabytes(),
                "report": report.model_dump(mode="json"),
            }
        )
    )


if __name__ == "__main__":
    main()
