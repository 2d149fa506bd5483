"""The worker as a process: beside a server it ends with it, however that ends; by hand it does what is due."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.serving import handed_over

if TYPE_CHECKING:
    from registry.settings import Settings

ROOT = Path(__file__).parents[2]
PARENT = """
import signal, sys
from registry.cli import begin_worker
signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background it is ignored
print(begin_worker(), flush=True)
sys.stdin.read()
"""
LONGEST = 60_000  # milliseconds, on a machine with much else to do


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """The settings of a migrated database as an operator hands them over."""
    return handed_over(settings)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_worker_beside_a_server_ends_with_it_however_it_ends(
    environment: dict[str, str], ending: signal.Signals
) -> None:
    parent = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        worker = os.pidfd_open(int(parent.stdout.readline()))
        ended = select.poll()
        ended.register(worker, select.POLLIN)
        assert not ended.poll(0), "it works"
        parent.send_signal(ending)
        parent.wait()
        assert ended.poll(LONGEST), "an orphan is left"
        os.close(worker)


def test_once_it_does_what_is_due_and_ends(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "registry.cli", "worker", "--once"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("jobs done.\n")
    assert int(done.stdout.split()[0]) > 0
