# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Stages end together: done, failed or cancelled, no thread is left behind."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator

import pytest

from imgdupe.control import Cancelled, RunControl
from imgdupe.engine.channel import Channel
from imgdupe.engine.pipeline import Pipeline


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


class _Numbers:
    """Three stages that pass numbers on; `fail_at` (stage, number) raises there."""

    def __init__(self, count: int, fail_at: tuple[int, int] | None = None) -> None:
        self.control = RunControl()
        self.taken: list[int] = []
        self._count, self._fail_at = count, fail_at
        self._first: Channel[int] = Channel(3)
        self._second: Channel[int] = Channel(3)

    def run(self) -> None:
        stages = [self._make, self._pass_on, self._take]
        Pipeline(stages, [self._first, self._second], self.control).run()

    def _maybe_fail(self, stage: int, number: int) -> None:
        self.control.checkpoint()
        if self._fail_at == (stage, number):
            raise ValueError(f"stage {stage}")

    def _make(self) -> None:
        for number in range(self._count):
            self._maybe_fail(0, number)
            self._first.put(number)

    def _pass_on(self) -> None:
        for number in self._first:
            self._maybe_fail(1, number)
            self._second.put(number)

    def _take(self) -> None:
        for number in self._second:
            self._maybe_fail(2, number)
            self.taken.append(number)


def test_everything_arrives() -> None:
    numbers = _Numbers(200)
    numbers.run()
    assert numbers.taken == list(range(200))


@pytest.mark.parametrize("stage", [0, 1, 2])
def test_the_first_failure_reaches_the_caller(stage: int) -> None:
    with pytest.raises(ValueError, match=f"stage {stage}"):
        _Numbers(200, fail_at=(stage, 50)).run()


def test_cancelling_at_any_moment_ends_every_stage() -> None:
    source = random.Random(5)
    for _ in range(30):
        numbers = _Numbers(100_000)
        threading.Timer(source.uniform(0, 0.02), numbers.control.cancel).start()
        with pytest.raises(Cancelled):
            numbers.run()
        assert numbers.taken == list(range(len(numbers.taken)))


def test_a_paused_job_can_be_cancelled() -> None:
    numbers = _Numbers(100_000)
    numbers.control.pause()
    threading.Timer(0.02, numbers.control.cancel).start()
    with pytest.raises(Cancelled):
        numbers.run()
    assert numbers.taken == []
