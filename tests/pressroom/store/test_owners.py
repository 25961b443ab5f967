"""Whether the process that holds a claim is still there."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from pressroom.store import owners
from pressroom.store.owners import is_gone, this_process
from pressroom.store.tables import utc_now

SOON = utc_now() + timedelta(hours=1)
CHILD = "from pressroom.store.owners import this_process; print(this_process(), flush=True); input()"


def test_it_is_one_name_per_process() -> None:
    machine, pid, started, _ = this_process().split("/")
    assert this_process() == this_process()
    assert int(pid) == os.getpid()
    assert machine and started.isdigit()
    assert len(this_process()) <= 128


def test_a_fork_has_a_name_of_its_own() -> None:
    reader, writer = os.pipe()
    if (pid := os.fork()) == 0:
        os.write(writer, this_process().encode())
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(reader, 1000).decode() != this_process()
    os.close(reader)
    os.close(writer)


def test_the_living_hold_until_their_time_is_up() -> None:
    assert not is_gone(this_process(), SOON, utc_now())
    assert is_gone(this_process(), utc_now() - timedelta(seconds=1), utc_now())
    assert is_gone(this_process(), None, utc_now())


def test_a_process_that_lives_here_holds_whatever_the_clock_says() -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    name = child.stdout.readline().strip()
    assert not is_gone(name, utc_now() - timedelta(days=1), utc_now() + timedelta(days=1))
    child.communicate()
    assert is_gone(name, SOON, utc_now())


def test_the_dead_of_this_machine_hold_nothing() -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    name = child.stdout.readline().strip()
    assert not is_gone(name, SOON, utc_now())
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(name, SOON, utc_now()), "a zombie holds nothing"
    child.communicate()
    assert is_gone(name, SOON, utc_now())


def test_another_process_with_the_same_number_is_another() -> None:
    machine, pid, started, rest = this_process().split("/")
    assert is_gone(f"{machine}/{pid}/{int(started) - 1}/{rest}", SOON, utc_now())


@pytest.mark.parametrize("machine", ["elsewhere", "elsewhere@4026531836", "{host}@1"])
def test_others_machines_are_taken_at_their_word(machine: str) -> None:
    """Also containers that share the host's name: their processes are numbered apart from ours."""
    name = f"{machine.format(host=owners.socket.gethostname())}/999999999/1/abcdef01"
    assert not is_gone(name, SOON, utc_now())
    assert is_gone(name, utc_now() - timedelta(seconds=1), utc_now())


def test_without_proc_a_living_process_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners.Path, "read_text", lambda *_: (_ for _ in ()).throw(OSError))
    assert not is_gone(this_process(), SOON, utc_now())
    machine, _, started, rest = this_process().split("/")
    assert is_gone(f"{machine}/999999999/{started}/{rest}", SOON, utc_now())
