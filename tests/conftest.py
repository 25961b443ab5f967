"""What every test gets: a clean environment and no way out to the network; databases and stores on request.

| fixture | gives |
|---|---|
| `database_url` | an empty database; the test runs twice, on SQLite and on PostgreSQL |
| `sqlite_url`, `postgres_url` | the same, on one of them |
| `migrated_url` | as `database_url`, at today's schema; `migrated_sqlite_url`, `migrated_postgres_url` on one of them |
| `migrated_file`, `migrated_name` | what those are copied from |
| `store_url` | an empty artifact store; the test runs twice, in a folder and on S3 |
| `folder_url`, `s3_url` | the same, in one of them |
| `s3_endpoint` | the HTTP address of the S3 server behind `s3_url` |
| `prefect_api` | the address of a Prefect server; PREFECT_API_URL leads to it |
| `prefect_template` | a database that Prefect servers start on in half the time; not in test_cli_offline |
| `real_pds` | a real Bluesky server, where Node and npm are installed |
| `provider` | the scripted provider server; the SDKs' keys and addresses lead to it |
| `server`, `ledger` | a provider server that answers by itself, and a ledger, for chains without a flow |
| `daily` | the daily flow, run in this process |
| `cli`, `pressroom` | the command line, in this process and as a process of its own |
| `commands` | as `cli`, without a Prefect server: for commands that run no flow |
| `migrated_home` | the database of PRESSROOM_HOME, at today's schema |
| `light_gate` | a quick stand-in for the batch gate's process |
| `quick_films` | films without ffmpeg and without a neural voice |

Servers start when a test first asks for one, once per process.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

MOST_WORKERS = 8
COLLECT_SELDOM = (50_000, 50, 100)
"""See `gc.set_threshold`."""

AUTHORITY = Path(__file__).with_name("data") / "authority.pem"
"""The one authority that clients trust here: no test calls an outside address, and each new client would read the
hundred and fifty usual ones, which takes 20 ms."""

pytest_plugins = (
    "tests.fixtures.environment",
    "tests.fixtures.network",
    "tests.fixtures.databases",
    "tests.fixtures.stores",
    "tests.fixtures.prefect",
    "tests.fixtures.running",
    "tests.fixtures.providers",
    "tests.fixtures.real_pds",
    "tests.fixtures.times",
    "tests.fixtures.quick_films",
)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, since tests often wait for servers and processes."""
    return min((os.cpu_count() or 1) + 1, MOST_WORKERS)


def pytest_configure() -> None:
    """Let the garbage collector look seldom: each look at all a worker holds takes it a second."""
    gc.set_threshold(*COLLECT_SELDOM)
    os.environ["SSL_CERT_FILE"] = str(AUTHORITY)
