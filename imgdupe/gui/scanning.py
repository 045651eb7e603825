# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The scan as the window sees it: one at a time, folders that come meanwhile wait their turn.

Main thread; the scan itself runs in a job. Polls its progress ten times a second.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from imgdupe.engine.scan import ScanReport
from imgdupe.engine.session import Session
from imgdupe.gui.desktop import StayAwake
from imgdupe.gui.jobs import Done, Failed, Job, JobResult, Jobs

_POLL_MS = 100


class Scans(QObject):
    """Starts, pauses and stops scans. `progressed` carries a `Progress`, `finished` a report."""

    started = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._job: Job | None = None
        self._waiting: list[bytes] = []
        self._awake = StayAwake()
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def paused(self) -> bool:
        return self._job is not None and self._job.control.paused

    def scan(self, folders: Sequence[bytes]) -> None:
        """Scan these folders now, or after the scan that runs."""
        wanted = [each for each in dict.fromkeys(folders) if each not in self._waiting]
        self._waiting += wanted
        if self._job is None and self._waiting:
            self._begin()

    def pause(self, paused: bool) -> None:
        """Pause or resume; nothing is lost either way."""
        if self._job is None:
            return
        if paused:
            self._job.control.pause()
        else:
            self._job.control.resume()
        self._keep_awake()

    def stop(self) -> None:
        """End the scan and forget the folders that wait; what was found stays."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def _begin(self) -> None:
        folders, self._waiting = self._waiting, []
        self._job = self._jobs.start(
            "scan",
            lambda control, counters: self._session.scan(folders, control, counters),
            self._on_done,
        )
        self._timer.start()
        self._keep_awake()
        self.started.emit()

    def _on_tick(self) -> None:
        if self._job is not None:
            self.progressed.emit(self._job.progress())

    def _on_done(self, result: JobResult[ScanReport]) -> None:
        self._job = None
        self._timer.stop()
        if isinstance(result, Done):
            self.finished.emit(result.value)
        elif isinstance(result, Failed):
            self.failed.emit(str(result.error))
        else:
            self.finished.emit(None)
        if self._waiting:
            self._begin()
        else:
            self._keep_awake()

    def _keep_awake(self) -> None:
        self._awake.set(self.running and not self.paused and self._session.settings.keep_awake)
