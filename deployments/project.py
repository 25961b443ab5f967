"""`python -m deployments.project FOLDER` writes what compose needs there: its file, what it mounts, and new passwords.

FOLDER/compose.yaml, prefect.yaml, postgres/, prometheus/, grafana/, and secrets/, a file a password. No file that is
there is changed, and no secret is added to those that are there: they belong together.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from deployments import dashboards

HERE = Path(__file__).parent
FILES: Mapping[str, str] = {
    "compose.yaml": "compose/compose.yaml",
    "postgres/databases.sql": "compose/postgres/databases.sql",
    "prefect.yaml": "prefect.yaml",
    "prometheus/prometheus.yml": "prometheus/prometheus.yml",
    "prometheus/rules.yaml": "prometheus/rules.yaml",
    "grafana/provisioning/datasources/pressroom.yaml": "grafana/provisioning/datasources/pressroom.yaml",
    "grafana/provisioning/dashboards/pressroom.yaml": "grafana/provisioning/dashboards/pressroom.yaml",
}
"""Where each file goes, and where it lies here."""


def main(folder: Path) -> None:
    for target, source in FILES.items():
        _write(folder / target, (HERE / source).read_text("utf-8"))
    for name, board in dashboards.boards().items():
        _write(folder / f"grafana/dashboards/pressroom-{name}.json", json.dumps(board, indent=1) + "\n")
    if (folder / "secrets").exists():
        return
    (folder / "secrets").mkdir(mode=0o700)
    for name, value in passwords().items():
        _write(folder / "secrets" / name, value)


def passwords() -> dict[str, str]:
    """New secrets by the name of their file; those that belong together agree."""
    database, key, secret = (secrets.token_urlsafe(24) for _ in range(3))
    account = {"name": "pressroom", "credentials": [{"accessKey": key, "secretKey": secret}], "actions": ["Admin"]}
    return {
        "postgres_password": database,
        "PRESSROOM_DATABASE_URL": f"postgresql+psycopg://pressroom:{database}@postgres/pressroom",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"postgresql+asyncpg://pressroom:{database}@postgres/prefect",
        "PREFECT_API_AUTH_STRING": f"pressroom:{secrets.token_urlsafe(24)}",
        "PRESSROOM_SECRET_KEY": secrets.token_urlsafe(32),
        "PRESSROOM_METRICS_TOKEN": secrets.token_urlsafe(24),
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "s3_accounts": json.dumps({"identities": [account]}),
        "grafana_password": secrets.token_urlsafe(18),
        "providers.env": "# OPENAI_API_KEY=sk-...\n",
    }


def _write(file: Path, text: str) -> None:
    """Containers read these by users of their own: the folder of secrets is closed, not its files."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    file.chmod(0o644)
    print(f"wrote {file}")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
