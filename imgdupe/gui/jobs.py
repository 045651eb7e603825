# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Work beside the window: one plain thread per job, one hub that brings the result home.

Called on the main thread only; `work` runs in its own thread and must own no QObject (a QObject
must die on the thread that made it, and Python drops references wherever it happens to run).
Progress is read by polling `Job.progress()`, never by a signal per file.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from imgdupe.control import Cancelled, RunControl
from imgdupe.errors import UserError
from imgdupe.progress import Counters, Progress

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """The work came to its end."""

    value: T


@dataclass(frozen=True, slots=True)
class Stopped:
    """The user stopped it; what was committed stays."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The environment is at fault; the error's text says what to do."""

    error: UserError


@dataclass(frozen=True, slots=True)
class Crashed:
    """A bug; `text` is the traceback. The hub has logged it and told `Jobs.crashed`."""

    text: str


JobResult: TypeAlias = Done[T] | Stopped | Failed | Crashed


class Job:
    """One running piece of work; the handle that `Jobs.start` gives."""

    def __init__(
        self,
        name: str,
        work: Callable[[RunControl, Counters], Any],
        done: Callable[[JobResult[Any]], None],
    ) -> None:
        self.name = name
        self.control = RunControl()
        self.counters = Counters()
        self.work = work
        self.done = done
        self.result: JobResult[Any] | None = None

    @property
    def running(self) -> bool:
        """Until the result was handed to `done`."""
        return self.result is None

    def progress(self) -> Progress:
        """A reading of the counters, cheap enough for ten a second."""
        return self.counters.snapshot()

    def cancel(self) -> None:
        """Ask it to stop; `done` still comes, with `Stopped` or what was reached."""
        self.control.cancel()


class Jobs(QObject):
    """The hub. `done` callbacks run on the main thread, in the order in which the jobs ended."""

    crashed = Signal(str)
    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ended: deque[tuple[Job, JobResult[Any]]] = deque()
        self._threads: dict[Job, threading.Thread] = {}
        self._closing = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        name: str,
        work: Callable[[RunControl, Counters], T],
        done: Callable[[JobResult[T]], None],
    ) -> Job:
        """Run `work` in a thread of its own; `done` gets exactly one result, on the main thread.

        After `shutdown` began nothing is started and `done` is never called.
        """
        job = Job(name, work, done)
        if self._closing:
            job.cancel()
            job.result = Stopped()
            return job
        # A daemon, so that a job which ignores its cancel cannot keep a closed program alive.
        thread = threading.Thread(target=self._run, args=(job,), name=f"job-{name}", daemon=True)
        self._threads[job] = thread
        thread.start()
        return job

    @property
    def busy(self) -> bool:
        """Whether any job runs or its result is still on the way."""
        return bool(self._threads)

    def shutdown(self, timeout_s: float = 5.0) -> bool:
        """Cancel all jobs and wait for them; False if one did not end in time."""
        self._closing = True
        for job in self._threads:
            job.cancel()
        deadline = time.monotonic() + timeout_s
        for job, thread in self._threads.items():
            thread.join(max(deadline - time.monotonic(), 0.0))
            if thread.is_alive():
                _log.warning("Job %s did not stop within %.0f s", job.name, timeout_s)
        stopped = not any(thread.is_alive() for thread in self._threads.values())
        self._threads = {job: each for job, each in self._threads.items() if each.is_alive()}
        return stopped

    def _run(self, job: Job) -> None:
        """In the job's thread: the boundary at which every failure becomes a result."""
        self._ended.append((job, _outcome(job)))
        if not self._closing:  # afterwards nobody waits, and the hub itself may be gone
            self._arrived.emit()

    def _on_arrived(self) -> None:
        while self._ended:
            job, result = self._ended.popleft()
            # Joined first: the thread's own references to the job must not be the last ones.
            thread = self._threads.pop(job, None)
            if thread is not None:
                thread.join()
            job.result = result
            if self._closing:
                continue
            if isinstance(result, Crashed):
                _log.error("Job %s crashed\n%s", job.name, result.text)
                self.crashed.emit(result.text)
            job.done(result)


def _outcome(job: Job) -> JobResult[Any]:
    try:
        return Done(job.work(job.control, job.counters))
    except Cancelled:
        return Stopped()
    except UserError as error:
        return Failed(error.with_traceback(None))
    except Exception:  # noqa: BLE001 - the one place where a bug in a job becomes a report
        return Crashed(traceback.format_exc())
