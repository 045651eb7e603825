# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The pool of decode children: any file may hang, explode or crash a codec, and costs only itself.

Used by one thread at a time. A child has two files at most: the one it works on and the next. One
past its time ends and its file is named; one that dies has its file tried once more, alone, and is
replaced. What counts is the child's own computing: on a busy machine a sound photo takes long, and
that is not its fault. Results come in the order in which they are ready.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self, cast

from imgdupe.control import RunControl
from imgdupe.engine import worker
from imgdupe.engine.worker import Limits
from imgdupe.records import Fingerprint, FoundFile, Problem, ProblemKind, Stage

Entry = Callable[[Connection, Limits], None]

_log = logging.getLogger(__name__)

_MISTAKE_TEXT = "imgdupe made a mistake with this file; the log has the details."
_LIMITS = Limits(cpu_s=10.0, bytes=1 << 30)
# A file that is not computed on is waited for: disks spin up, networks are slow. Where the system
# does not measure a child's computing (Windows), the time that passes has to stand for it.
_PATIENCE_S = 120.0 if worker.MEASURES_CPU else _LIMITS.cpu_s
_FILES_PER_CHILD = 2
_START_LIMIT_S = 60.0
_START_FAILURES = 3
_DEATH_S = 1.0
_LOOK_S = 0.1  # how often a cancelled job is noticed while all children are busy


@dataclass(slots=True)
class _Job:
    file: FoundFile
    again: bool = False


@dataclass(slots=True)
class _Child:
    process: SpawnProcess
    connection: Connection
    deadline: float
    ready: bool = False
    jobs: deque[_Job] = field(default_factory=deque)


class DecodePool:
    """`workers` children at most, started when there is work for them.

    `limits`: what one file may cost a child; `patience_s`: time that may pass until it is done.
    `entry` is the function that the children run.
    """

    def __init__(
        self,
        workers: int,
        limits: Limits = _LIMITS,
        patience_s: float = _PATIENCE_S,
        entry: Entry = worker.serve,
    ) -> None:
        self._workers = max(workers, 1)
        self._limits = limits
        self._patience_s = patience_s
        self._entry = entry
        self._children: list[_Child] = []
        self._retries: deque[_Job] = deque()
        self._start_failures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the children now, so that the first file need not wait for them."""
        while len(self._children) < self._workers:
            self._start()

    def close(self) -> None:
        """End all children now; what they were doing is lost."""
        for child in list(self._children):
            self._end(child)

    def fingerprint(
        self, files: Iterable[FoundFile], control: RunControl | None = None
    ) -> Iterator[tuple[FoundFile, Fingerprint | Problem]]:
        """Each file with its fingerprint, or the reason why it has none; not in order.

        Takes from `files` only what children can begin. Raises `Cancelled` between two files.
        """
        for file, answer in self._run("fingerprint", files, control):
            yield file, cast("Fingerprint | Problem", answer)

    def pixel_hash(
        self, files: Iterable[FoundFile], control: RunControl | None = None
    ) -> Iterator[tuple[FoundFile, bytes | Problem]]:
        """Each file with the hash of its full-size upright pixels, or the reason why not."""
        for file, answer in self._run("pixel_hash", files, control):
            yield file, cast("bytes | Problem", answer)

    def _run(
        self, task: str, files: Iterable[FoundFile], control: RunControl | None
    ) -> Iterator[tuple[FoundFile, worker.Answer]]:
        waiting = iter(files)
        try:
            while True:
                if control is not None:
                    control.checkpoint()
                self._hand_out(task, waiting)
                if not any(child.jobs for child in self._children):
                    return
                yield from self._collect()
        finally:
            self._retries.clear()
            for child in [each for each in self._children if each.jobs]:
                self._end(child)  # its answers would belong to nobody

    def _hand_out(self, task: str, waiting: Iterator[FoundFile]) -> None:
        """Give every child that has room its next file; start children while there is work."""
        while True:
            if self._retries:
                idle = self._roomy(1)
                if idle is None:
                    return
                self._send(idle, task, self._retries.popleft())
                continue
            child = self._roomy(_FILES_PER_CHILD, reserve=True)
            file = None if child is None else next(waiting, None)
            if child is None or file is None:
                return
            self._send(child, task, _Job(file))

    def _roomy(self, capacity: int, *, reserve: bool = False) -> _Child | None:
        """The least busy child with fewer than `capacity` files, a new one before a busy one.

        `reserve`: leave out children that try a file again, alone.
        """
        free = [
            child
            for child in self._children
            if len(child.jobs) < capacity and not (reserve and any(job.again for job in child.jobs))
        ]
        best = min(free, key=lambda child: len(child.jobs), default=None)
        if (best is None or best.jobs) and len(self._children) < self._workers:
            return self._start()
        return best

    def _start(self) -> _Child:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        arguments = (theirs, self._limits)
        process = context.Process(target=self._entry, args=arguments, daemon=True, name="decode")
        with _interrupts_held():  # the child inherits this until it ignores them itself
            process.start()
        theirs.close()
        child = _Child(process, ours, time.monotonic() + _START_LIMIT_S)
        self._children.append(child)
        return child

    def _send(self, child: _Child, task: str, job: _Job) -> None:
        if child.ready and not child.jobs:
            child.deadline = time.monotonic() + self._patience_s
        child.jobs.append(job)
        with suppress(OSError):  # it died; the next look at its connection says so
            child.connection.send((task, job.file))

    def _collect(self) -> Iterator[tuple[FoundFile, worker.Answer]]:
        """What is ready now, after a short wait for it; then who is late."""
        by_connection = {child.connection: child for child in self._children if child.jobs}
        nearest = min(child.deadline for child in by_connection.values()) - time.monotonic()
        for connection in wait(list(by_connection), min(max(nearest, 0.0), _LOOK_S)):
            yield from self._answer(by_connection.pop(cast("Connection", connection)))
        now = time.monotonic()
        for child in by_connection.values():
            if now > child.deadline:
                yield from self._overdue(child)

    def _answer(self, child: _Child) -> Iterator[tuple[FoundFile, worker.Answer]]:
        try:
            answer = child.connection.recv()
        except (EOFError, OSError):
            yield from self._died(child)
            return
        child.deadline = time.monotonic() + self._patience_s
        if not child.ready:
            child.ready = True
            self._start_failures = 0
            return
        job = child.jobs.popleft()
        if isinstance(answer, worker.Mistake):
            _log.error("decoding %r failed\n%s", job.file.path, answer.trace)
            yield _problem(job, ProblemKind.CRASHED, _MISTAKE_TEXT)
        else:
            yield job.file, answer

    def _overdue(self, child: _Child) -> Iterator[tuple[FoundFile, Problem]]:
        jobs, ready = child.jobs, child.ready
        self._end(child)
        if not ready:
            self._count_start_failure()
        else:
            text = (
                f"It was not read within {self._patience_s:g} seconds: "
                "its disk or network may be slow or gone. The next scan tries again."
            )
            yield _problem(jobs.popleft(), ProblemKind.TOO_SLOW, text)
        self._retries.extend(jobs)

    def _died(self, child: _Child) -> Iterator[tuple[FoundFile, Problem]]:
        jobs, ready = child.jobs, child.ready
        child.process.join(_DEATH_S)  # its pipe closes a little before it is gone
        exit_code = self._end(child)
        if not ready:
            self._count_start_failure()
        elif exit_code == worker.OUT_OF_TIME:
            text = f"Decoding it took more than {self._limits.cpu_s:g} seconds of computing."
            yield _problem(jobs.popleft(), ProblemKind.TOO_SLOW, text)
        elif jobs[0].again:
            yield _problem(jobs.popleft(), *_cause(exit_code))
        else:
            jobs[0].again = True
        self._retries.extend(jobs)

    def _count_start_failure(self) -> None:
        self._start_failures += 1
        if self._start_failures >= _START_FAILURES:
            raise RuntimeError("The decode processes do not start; see what they printed.")

    def _end(self, child: _Child) -> int | None:
        """Kill the child if it still runs; its exit code."""
        self._children.remove(child)
        child.connection.close()
        child.process.join(0)
        exit_code = child.process.exitcode
        child.process.kill()
        child.process.join()
        child.process.close()
        return exit_code


def _problem(job: _Job, kind: ProblemKind, text: str) -> tuple[FoundFile, Problem]:
    return job.file, Problem(job.file.path, Stage.DECODE, kind, text)


def _cause(exit_code: int | None) -> tuple[ProblemKind, str]:
    if hasattr(signal, "SIGKILL") and exit_code == -signal.SIGKILL:
        text = "The system ended the program that decoded it, most likely for lack of memory."
        return ProblemKind.TOO_LARGE, text
    return ProblemKind.CRASHED, "The decoder crashed on it, twice; the file is most likely damaged."


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl+C from a child that is still starting (POSIX)."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
