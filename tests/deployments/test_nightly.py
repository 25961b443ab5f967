"""The flows of the desk that nobody starts by hand are declared under the names they are started by."""

from __future__ import annotations

from deployments import declared


def made(name: str) -> declared.RunnerDeployment:
    return declared.deployment(next(entry for entry in declared.declarations() if entry["name"] == name))


def test_housekeeping_is_done_every_night_once() -> None:
    nightly = made("housekeeping")

    assert (nightly.flow_name, nightly.name) == ("housekeeping", "housekeeping")
    assert nightly.schedules is not None
    assert [each.schedule.cron for each in nightly.schedules] == ["15 3 * * *"]
    assert nightly.concurrency_limit == 1


def test_exports_are_started_by_the_desk_alone() -> None:
    export = made("export")

    assert (export.flow_name, export.name) == ("export-workspace", "export")
    assert not export.schedules


def test_backups_are_made_every_night_and_tried_every_week() -> None:
    for name, flow, cron in (("backup", "backup", "45 2 * * *"), ("verify", "verify-backup", "30 4 * * 0")):
        found = made(name)
        assert found.flow_name == flow
        assert found.schedules is not None
        assert [each.schedule.cron for each in found.schedules] == [cron]
        assert found.concurrency_limit == 1
