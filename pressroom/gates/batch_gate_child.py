"""The batch gate's own process: `python -m pressroom.gates.batch_gate_child`, started by `batch_gate.BatchGate`.

Reads questions from stdin and answers on stdout, one JSON document a line; whatever else prints goes to stderr.
Ends as soon as stdin does, so it never outlives its parent.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import shutil
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import IO, Any

from pressroom.gates import batch_gate_imports

NICENESS = 10  # the drafts being written meanwhile come first


def main() -> None:
    gc.disable()  # a second of CPU less: it lives for one batch
    batch_gate_imports.trim()
    answers = _private_stdout()
    questions: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    os.nice(NICENESS)
    warnings.simplefilter("ignore")
    while True:
        if "great_expectations" not in sys.modules:
            from pressroom.gates import batch_gate_suite  # noqa: F401  # 1.5 s, while no call waits
        answers.write(json.dumps(_answer(questions.get())) + "\n")
        answers.flush()


def _private_stdout() -> IO[str]:
    """The real stdout for answers; file descriptor 1 leads to stderr from here on, for C code too."""
    real = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return real


def _listen(questions: queue.SimpleQueue[str]) -> None:
    """Hands on each line; the end of stdin ends the process, whatever the main thread is doing."""
    for line in sys.stdin:
        questions.put(line)
    os._exit(0)


def _answer(line: str) -> dict[str, Any]:
    try:
        return judge(json.loads(line))
    except Exception as error:
        import traceback

        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"}


def judge(question: dict[str, Any]) -> dict[str, Any]:
    """The verdict on one batch, with its Data Docs built. `seconds`: what set-up, run and docs took."""
    from pressroom.gates import batch_gate_docs, batch_gate_suite

    out_dir = Path(question["out_dir"])
    fresh, docs = out_dir / ".data_docs.new", out_dir / "data_docs"
    shutil.rmtree(fresh, ignore_errors=True)
    out_dir.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    batch = batch_gate_suite.prepare(question, fresh)
    prepared = time.perf_counter()
    failed, expectations = batch.run()
    ran = time.perf_counter()
    batch.build_docs()
    batch_gate_docs.make_self_contained(fresh, failed)
    shutil.rmtree(docs, ignore_errors=True)
    fresh.rename(docs)
    return {
        "success": not failed,
        "expectations": expectations,
        "failed": failed,
        "docs": str(docs / "index.html"),
        "seconds": {"set_up": prepared - start, "run": ran - prepared, "docs": time.perf_counter() - ran},
    }


if __name__ == "__main__":
    main()
