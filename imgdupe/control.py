# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Pause, resume and cancel of one job.

Floor 0. Any thread may call any method. Every loop of a job calls `checkpoint()`.
"""

from __future__ import annotations

import threading


class Cancelled(Exception):  # noqa: N818 - a signal, not an error
    """The user stopped the job; what was committed stays."""


class RunControl:
    """One per job. Cancelling wakes a paused job."""

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._cancelled = threading.Event()

    def pause(self) -> None:
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def cancel(self) -> None:
        self._cancelled.set()
        self._running.set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def checkpoint(self) -> None:
        """Block while paused; raise `Cancelled` once cancelled."""
        self._running.wait()
        if self._cancelled.is_set():
            raise Cancelled
