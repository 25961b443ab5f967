"""What a daily run doesn't need isn't loaded with its flow: each such package costs every run time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache

from tests.fixtures.running import ROOT

UNNEEDED = {"PIL", "cv2", "num2words", "numpy"}
DAILY, PICTURES = "flows.daily", "pressroom.media.pictures.making"
ASKING = """
import importlib, json, sys
loaded = {}
for module in sys.argv[1:]:
    importlib.import_module(module)
    loaded[module] = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps(loaded), file=sys.stderr)
"""


@cache
def loaded() -> dict[str, set[str]]:
    """The packages in a fresh interpreter once it has imported the daily flow, and once what cuts pictures too."""
    done = subprocess.run(
        [sys.executable, "-c", ASKING, DAILY, PICTURES],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return {module: set(names) for module, names in json.loads(done.stderr).items()}


def test_the_daily_flow_loads_nothing_of_pictures_and_number_words() -> None:
    assert {"flows", "prefect", "pressroom", "tasks"} <= loaded()[DAILY]
    assert loaded()[DAILY] & UNNEEDED == set()


def test_the_question_finds_what_is_loaded() -> None:
    assert {"PIL", "numpy"} <= loaded()[PICTURES]
