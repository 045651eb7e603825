# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The law holds though the program is killed, interrupted, or a call fails, at every point.

Of a removal with metadata to be merged, and its undo. The long form, every point of every fault:
`python -m tests.reliability.report`.
"""

from __future__ import annotations

import pytest

from tests.reliability.strikes import Strike


@pytest.mark.usefixtures("can_trace")
def test_killed_at_every_call_that_changes_the_disk(strike: Strike) -> None:
    strike("kill", "merging", step=3, at_least=150)


def test_killed_at_every_event_that_python_reports(strike: Strike) -> None:
    strike("events", "removal", step=2, at_least=50)


@pytest.mark.usefixtures("can_trace")
def test_killed_again_while_it_recovers(strike: Strike) -> None:
    strike("nested", "merging", step=200, at_least=40)


def test_interrupted_anywhere(strike: Strike) -> None:
    strike("interrupts", "merging", step=6, at_least=30)


@pytest.mark.usefixtures("can_fail")
def test_calls_fail_in_every_way(strike: Strike) -> None:
    strike("errors", "merging", step=24, at_least=120)


@pytest.mark.campaign
@pytest.mark.usefixtures("can_trace")
@pytest.mark.parametrize("scene", ["removal", "merging"])
def test_killed_at_every_call_at_all(strike: Strike, scene: str) -> None:
    strike("every", scene, step=1, at_least=1_000)


@pytest.mark.campaign
@pytest.mark.usefixtures("can_trace")
def test_killed_again_at_every_call_of_many_recoveries(strike: Strike) -> None:
    strike("nested", "merging", step=7, at_least=1_500)


@pytest.mark.campaign
def test_interrupted_at_every_event(strike: Strike) -> None:
    strike("interrupts", "merging", step=1, at_least=200)


@pytest.mark.campaign
@pytest.mark.usefixtures("can_fail")
def test_every_call_fails_in_every_way(strike: Strike) -> None:
    strike("errors", "merging", step=1, at_least=1_500)
