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
    parser.add_argument("--bulk", action="store_true", help="by the flow for up to 1,000 ideas")
    given = parser.parse_args()
    begun = time.perf_counter()
    from blocks import prefect_server

    prefect_server.prepare()
    from flows.bulk import bulk
    from flows.daily import daily
    from pressroom.model import BulkRequest, DailyRequest

    imported = time.perf_counter()
    asked = {"ideas": given.ideas, "chain": (given.chain,), "trigger": "manual"}
    report = bulk(BulkRequest(**asked)) if given.bulk else daily(DailyRequest(**asked))
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
