# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Runs the stages of a job: one thread each, the last in the caller. The first failure wins.

A stage is a function without arguments that reads its channel and fills the next. Cancelling the
job or a failing stage aborts all channels, so every thread ends and is joined before `run` returns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from imgdupe.control import Cancelled, RunControl
from imgdupe.engine.channel import Channel

Stage = Callable[[], None]

_WATCH_S = 0.1


class Pipeline:
    """Stages in order, with the channels between them: `channels[i]` lies behind `stages[i]`."""

    def __init__(
        self, stages: Sequence[Stage], channels: Sequence[Channel[Any]], control: RunControl
    ) -> None:
        self._stages = stages
        self._channels = channels
        self._control = control
        self._failure: BaseException | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        """Run to the end; raises the first stage's failure, or `Cancelled`."""
        threads = [
            threading.Thread(target=self._guard, args=(number,), name=f"stage-{number}")
            for number in range(len(self._stages) - 1)
        ]
        watcher = threading.Thread(target=self._watch, name="stage-watch")
        for thread in (*threads, watcher):
            thread.start()
        try:
            self._guard(len(self._stages) - 1)
            for thread in threads:
                thread.join()
        finally:
            self._ended.set()
            watcher.join()
        if self._failure is not None:
            raise self._failure

    def _guard(self, number: int) -> None:
        try:
            self._stages[number]()
        except BaseException as failure:  # noqa: BLE001 - handed to the caller of run()
            self._fail(failure)
        finally:
            if number < len(self._channels):
                self._channels[number].close()

    def _fail(self, failure: BaseException) -> None:
        # A neighbour's Cancelled may only be the echo of the failure that aborted the channels.
        if self._failure is None or isinstance(self._failure, Cancelled):
            self._failure = failure
        for channel in self._channels:
            channel.abort()

    def _watch(self) -> None:
        """Wake waiting stages once the job is cancelled."""
        while not self._ended.wait(_WATCH_S):
            if self._control.cancelled:
                for channel in self._channels:
                    channel.abort()
                return
