"""`python -m deployments.dashboards FOLDER` writes the dashboards of `grafana/dashboards.toml` as Grafana reads them.

Each has the variable `datasource`, so that one file serves any Prometheus.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "grafana" / "dashboards.toml"
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
WIDTH, HEIGHT = 12, 8
"""Of a panel, on Grafana's grid of 24 columns."""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, board in boards().items():
        (folder / f"pressroom-{name}.json").write_text(json.dumps(board, indent=1) + "\n", "utf-8")


def boards(file: Path = FILE) -> dict[str, dict[str, Any]]:
    """Every dashboard by its short name."""
    return {name: _board(name, about) for name, about in tomllib.loads(file.read_text("utf-8")).items()}


def _board(name: str, about: dict[str, Any]) -> dict[str, Any]:
    return {
        "uid": f"pressroom-{name}",
        "title": about["title"],
        "tags": ["pressroom"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "timezone": "browser",
        "templating": {
            "list": [{"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}]
        },
        "panels": [_panel(number, panel) for number, panel in enumerate(about["panels"])],
    }


def _panel(number: int, about: dict[str, Any]) -> dict[str, Any]:
    kind = about.get("kind", "timeseries")
    queries = about["queries"].items()
    return {
        "id": number + 1,
        "type": kind,
        "title": about["title"],
        "description": about["description"],
        "datasource": SOURCE,
        "gridPos": {"x": number % 2 * WIDTH, "y": number // 2 * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": about["unit"]}, "overrides": []},
        "options": _OPTIONS[kind],
        "targets": [_target(chr(ord("A") + place), kind, *query) for place, query in enumerate(queries)],
    }


def _target(letter: str, kind: str, legend: str, query: str) -> dict[str, Any]:
    at_once = {"instant": True, "format": "table"} if kind == "table" else {}
    return {"refId": letter, "datasource": SOURCE, "expr": query, "legendFormat": legend, **at_once}


_OPTIONS: dict[str, dict[str, Any]] = {
    "timeseries": {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "stat": {"reduceOptions": {"calcs": ["lastNotNull"]}, "textMode": "value_and_name"},
    "table": {"showHeader": True},
}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
