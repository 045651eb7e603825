# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Pictures made beside the main thread, newest request first.

Main thread, but for `make` functions, which run in a few plain threads that own no QObject and
give a QImage (which any thread may hold). One signal brings a whole bunch of results home.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from imgdupe.errors import UserError
from imgdupe.library.decode import DecodeError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unloadable:
    """Why there is no picture, in words for people."""

    reason: str


Made = QImage | Unloadable


class Loader(QObject):
    """`loaded` carries a list of (key, QImage or Unloadable), on the main thread."""

    loaded = Signal(object)
    _arrived = Signal()

    def __init__(self, name: str, threads: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: OrderedDict[Hashable, Callable[[], QImage]] = OrderedDict()
        self._working: set[Hashable] = set()
        self._made: deque[tuple[Hashable, Made]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, key: Hashable, make: Callable[[], QImage]) -> None:
        """Make it soon; asking again for something that still waits brings it to the front."""
        with self._changed:
            if self._closed or key in self._working:
                return
            self._waiting[key] = make
            self._waiting.move_to_end(key)
            self._changed.notify()

    def keep_only(self, keys: Iterable[Hashable]) -> None:
        """Forget what waits and is not wanted any more."""
        wanted = set(keys)
        with self._changed:
            for key in [each for each in self._waiting if each not in wanted]:
                del self._waiting[key]

    def close(self) -> None:
        """Forget what waits and wait for the threads; before the session is closed."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        self._made.clear()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            key, make = task
            made = _outcome(make)
            del make, task
            with self._changed:
                self._working.discard(key)
                self._made.append((key, made))
                first = len(self._made) == 1
            if first:
                self._arrived.emit()

    def _next(self) -> tuple[Hashable, Callable[[], QImage]] | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            key, make = self._waiting.popitem(last=True)
            self._working.add(key)
            return key, make

    def _on_arrived(self) -> None:
        with self._changed:
            made = list(self._made)
            self._made.clear()
            if self._closed:
                return
        if made:
            self.loaded.emit(made)


def _outcome(make: Callable[[], QImage]) -> Made:
    try:
        image = make()
    except DecodeError as error:
        return Unloadable(error.detail)
    except OSError as error:
        return Unloadable(error.strerror or str(error))
    except UserError as error:
        return Unloadable(str(error))
    except Exception:  # noqa: BLE001 - a bug in one picture must not end the thread that shows the others
        _log.exception("A picture could not be made")
        return Unloadable("imgdupe could not show this picture; the log says more.")
    return image if not image.isNull() else Unloadable("The picture is empty.")
