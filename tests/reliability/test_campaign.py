# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The law holds though the program is killed, or a call fails, at every point of a removal.

The long form, every point of every fault: `pytest -m campaign tests/reliability`.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys

import pytest

from tests.helpers.source import REPOSITORY


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, with one thread: only such a one may fork."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@functools.cache
def abilities() -> str:
    """Which of "trace" and "fail" the tracer can do on this machine."""
    code = (
        "from tests.reliability import tracer\n"
        "print('trace' * tracer.can_trace(), 'fail' * tracer.can_fail())"
    )
    return python("-c", code).stdout


@pytest.fixture
def can_trace() -> None:
    if "trace" not in abilities():
        pytest.skip("a child cannot be traced here")


@pytest.fixture
def can_fail() -> None:
    if "fail" not in abilities():
        pytest.skip("calls cannot be made to fail here")


def strike(which: str, step: int, at_least: int) -> None:
    """Run a campaign in a process with one thread; every violation is printed."""
    done = python("-m", "tests.reliability.campaign", which, "--step", str(step))
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["violations"] == [], done.stderr
    assert report["points"] >= at_least


@pytest.mark.usefixtures("can_trace")
def test_killed_at_every_call_that_changes_the_disk() -> None:
    strike("kill", 1, 200)


def test_killed_at_every_event_that_python_reports() -> None:
    strike("events", 1, 50)


@pytest.mark.usefixtures("can_trace")
def test_killed_again_while_it_recovers() -> None:
    strike("nested", 120, 60)


@pytest.mark.usefixtures("can_fail")
def test_calls_fail_in_every_way() -> None:
    strike("errors", 16, 120)


@pytest.mark.campaign
@pytest.mark.usefixtures("can_trace")
def test_killed_at_every_call_at_all() -> None:
    strike("every", 1, 1_000)


@pytest.mark.campaign
@pytest.mark.usefixtures("can_trace")
def test_killed_again_at_every_call_of_many_recoveries() -> None:
    strike("nested", 5, 1_500)


@pytest.mark.campaign
@pytest.mark.usefixtures("can_fail")
def test_every_call_fails_in_every_way() -> None:
    strike("errors", 1, 1_500)
