# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Runs `campaign.py` for a test, in a process with one thread: only such a one may fork."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Callable

from tests.helpers.source import REPOSITORY

Strike = Callable[..., None]


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
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


def strike(which: str, scene: str, *, step: int) -> int:
    """Run a campaign; every violation is printed. How many points were struck."""
    options = ("--scene", scene, "--step", str(step))
    done = python("-m", "tests.reliability.campaign", which, *options)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["violations"] == [], done.stderr
    return int(report["points"])
