# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Compares the thumbnails of pairs: a few in the caller, many in child processes.

Used by one thread at a time. The children see only thumbnails that imgdupe made itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Self

from imgdupe.library.thumbnails import thumbnail_pixels
from imgdupe.match.verify import Alignment, Prepared, compare, prepare

_FEW = 48
"""So many pairs are compared in the caller before a child process would have started."""
_AT_ONCE = 8
_KEPT = 512


@dataclass(frozen=True, slots=True)
class Task:
    """Two thumbnails (JPEG bytes) and the turn of `b` to try first."""

    a: bytes
    b: bytes
    turn: int


class Comparer:
    """A context manager: its children start when they are worth it and end with it."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def compare(self, tasks: Sequence[Task]) -> list[Alignment]:
        """One alignment a task, in their order."""
        if self._workers == 1 or (self._pool is None and len(tasks) <= _FEW):
            return [compare_thumbnails(task) for task in tasks]
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_prepare_child,
            )
        return list(self._pool.map(compare_thumbnails, tasks, chunksize=_AT_ONCE))


def compare_thumbnails(task: Task) -> Alignment:
    """Lay one thumbnail on the other."""
    return compare(_prepared(task.a), _prepared(task.b), task.turn)


@lru_cache(_KEPT)
def _prepared(thumbnail: bytes) -> Prepared:
    return prepare(thumbnail_pixels(thumbnail))


def _prepare_child() -> None:
    """Leave Ctrl+C to the parent, and do not outlive it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
