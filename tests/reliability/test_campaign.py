# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The law holds though the program is killed, or a call fails, at every point of a removal.

The long form, every point of every fault: `pytest -m campaign tests/reliability`.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.helpers.source import REPOSITORY
from tests.reliability import tracer

needs_tracing = pytest.mark.skipif(not tracer.can_trace(), reason="cannot trace a child here")
needs_failing = pytest.mark.skipif(not tracer.can_fail(), reason="cannot make calls fail here")


def strike(which: str, step: int, at_least: int) -> None:
    """Run a campaign in a process with one thread; every violation is printed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.campaign", which, "--step", str(step)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["violations"] == [], done.stderr
    assert report["points"] >= at_least


@needs_tracing
def test_killed_at_every_call_that_changes_the_disk() -> None:
    strike("kill", 1, 200)


def test_killed_at_every_event_that_python_reports() -> None:
    strike("events", 1, 50)


@needs_tracing
def test_killed_again_while_it_recovers() -> None:
    strike("nested", 90, 80)


@needs_failing
def test_every_tenth_call_fails_in_every_way() -> None:
    strike("errors", 10, 150)


@pytest.mark.campaign
@needs_tracing
def test_killed_at_every_call_at_all() -> None:
    strike("every", 1, 1_000)


@pytest.mark.campaign
@needs_tracing
def test_killed_again_at_every_call_of_many_recoveries() -> None:
    strike("nested", 5, 2_000)


@pytest.mark.campaign
@needs_failing
def test_every_call_fails_in_every_way() -> None:
    strike("errors", 1, 1_500)
