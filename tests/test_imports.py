"""What a daily run doesn't need isn't loaded with its flow: each such package costs every run time and memory."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.fixtures.running import ROOT

UNNEEDED = {"PIL", "cv2", "num2words", "numpy"}


def loaded_with(module: str) -> set[str]:
    """The packages in a fresh interpreter that has imported `module`."""
    code = f"import sys, {module}\nprint(*{{name.partition('.')[0] for name in sys.modules}}, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return set(done.stderr.split())


def test_the_daily_flow_loads_nothing_of_pictures_and_number_words() -> None:
    loaded = loaded_with("flows.daily")
    assert {"flows", "prefect", "pressroom", "tasks"} <= loaded
    assert loaded & UNNEEDED == set()


def test_the_question_finds_what_is_loaded() -> None:
    assert {"PIL", "numpy"} <= loaded_with("pressroom.images.cropping")
