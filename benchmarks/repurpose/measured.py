"""One document repurposed in this process: `python -m benchmarks.repurpose.measured FILE --pictures`."""

from __future__ import annotations

import argparse
import json
import time

from benchmarks.shared.processes import peak_megabytes


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("document")
    parser.add_argument("--pictures", action="store_true", help="cards for every platform too")
    given = parser.parse_args()
    from blocks import prefect_server

    prefect_server.prepare()
    from flows.repurpose import repurpose
    from pressroom.model import RepurposeRequest

    wishes = {} if given.pictures else {"platform_images": ()}
    asked = RepurposeRequest(
        sources=(given.document,), chain=("openai",), image_chain=("offline",), trigger="manual", **wishes
    )
    started = time.perf_counter()
    report = repurpose(asked)
    seconds = time.perf_counter() - started
    print(
        json.dumps(
            {
                "seconds": seconds,
                "peak_mb": peak_megabytes(),
                "report": report.model_dump(exclude={"outputs"}, mode="json"),
            }
        )
    )


if __name__ == "__main__":
    main()
