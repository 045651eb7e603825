# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Counters that a job's stages bump, and the frozen snapshot that a window or terminal reads.

Floor 0. `bump` may be called from any thread; `snapshot` is cheap and lock-protected.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

_RATE_WINDOW_S = 8.0


class Phase(StrEnum):
    """What a scan is doing; phases overlap, this is the one furthest behind."""

    STARTING = "starting"
    FINDING = "finding"
    FINGERPRINTING = "fingerprinting"
    MATCHING = "matching"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """One reading.

    `total` is None until the walk ended; `per_second` counts fingerprinted photos
    over the last seconds; `seconds_left` is None until it can be told.
    """

    phase: Phase
    found: int
    done: int
    total: int | None
    unchanged: int
    problems: int
    online_only: int
    groups: int
    reclaimable_bytes: int
    per_second: float
    seconds_left: float | None
    folder: bytes


class Counters:
    """The mutable side. Names are those of `Progress`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values = dict.fromkeys(
            (
                "found",
                "done",
                "unchanged",
                "problems",
                "online_only",
                "groups",
                "reclaimable_bytes",
            ),
            0,
        )
        self._total: int | None = None
        self._phase = Phase.STARTING
        self._folder = b""
        self._marks: deque[tuple[float, int]] = deque()

    def bump(self, name: str, by: int = 1) -> None:
        with self._lock:
            self._values[name] += by
            if name == "done":
                self._mark(time.monotonic())

    def put(self, name: str, value: int) -> None:
        with self._lock:
            self._values[name] = value

    def enter(self, phase: Phase) -> None:
        with self._lock:
            self._phase = phase

    def at(self, folder: bytes) -> None:
        with self._lock:
            self._folder = folder

    def finish_walk(self, total: int) -> None:
        """The walk ended: `total` photos have to be fingerprinted."""
        with self._lock:
            self._total = total

    def value(self, name: str) -> int:
        with self._lock:
            return self._values[name]

    def _mark(self, now: float) -> None:
        self._marks.append((now, self._values["done"]))
        while now - self._marks[0][0] > _RATE_WINDOW_S and len(self._marks) > 1:
            self._marks.popleft()

    def _rate(self, now: float) -> float:
        if len(self._marks) < 2:
            return 0.0
        first_time, first_done = self._marks[0]
        elapsed = max(now - first_time, 1e-3)
        return (self._marks[-1][1] - first_done) / elapsed

    def snapshot(self) -> Progress:
        with self._lock:
            rate = self._rate(time.monotonic())
            left = None
            if self._total is not None and rate > 0:
                left = max(self._total - self._values["done"], 0) / rate
            return Progress(
                phase=self._phase,
                total=self._total,
                per_second=rate,
                seconds_left=left,
                folder=self._folder,
                **self._values,
            )
