# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A bounded, closable queue between two stages of a job.

One or more threads put, one thread takes. Aborting wakes every waiter with `Cancelled`, so that no
stage can hang on a neighbour that died.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

from imgdupe.control import Cancelled

T = TypeVar("T")


class Channel(Generic[T]):
    """At most `capacity` items wait; `put` blocks beyond that."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._aborted = False

    def put(self, item: T) -> None:
        """Wait for room and append; raises `Cancelled` after `abort`."""
        with self._changed:
            self._changed.wait_for(lambda: self._aborted or len(self._items) < self._capacity)
            if self._aborted:
                raise Cancelled
            self._items.append(item)
            self._changed.notify_all()

    def close(self) -> None:
        """No more items will come; what waits is still delivered."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def abort(self) -> None:
        """Drop what waits and wake everyone with `Cancelled`."""
        with self._changed:
            self._aborted = True
            self._items.clear()
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        for batch in self.batches(1, 0.0):
            yield from batch

    def batches(self, size: int, seconds: float) -> Iterator[list[T]]:
        """Lists of up to `size` items; shorter when `seconds` passed or the channel closed."""
        while batch := self._take(size, seconds):
            yield batch

    def _take(self, size: int, seconds: float) -> list[T]:
        """The next batch, at least one item; empty when the channel is closed and drained."""
        with self._changed:
            self._changed.wait_for(self._ready)
            deadline = time.monotonic() + seconds
            while not self._aborted and not self._closed and len(self._items) < size:
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            if self._aborted:
                raise Cancelled
            batch = [self._items.popleft() for _ in range(min(size, len(self._items)))]
            self._changed.notify_all()
            return batch

    def _ready(self) -> bool:
        return self._aborted or self._closed or bool(self._items)
