# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Several instances start on one library at once: never two of them work on it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.reliability.strikes import python


def race(races: int) -> None:
    done = python("-m", "tests.reliability.instances", str(races))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"races": races, "violations": []}


def test_instances_race_for_a_library(points: Callable[[int], None]) -> None:
    race(6)
    points(6)


@pytest.mark.campaign
def test_many_races_of_instances(points: Callable[[int], None]) -> None:
    race(60)
    points(60)
