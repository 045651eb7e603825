# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Keeps Python's cyclic garbage collector on the main thread.

The collector runs on whatever thread happens to allocate, and would destroy QObjects there
("Timers cannot be stopped from another thread", then a crash). So it is switched off and called
from a timer of the main thread. Made once, by the application's start, on the main thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000


def spare_records() -> None:
    """Leave what lives now out of later collections; call when a library's groups were taken over.

    A million records of photographs, which hold no cycles and die by themselves, would make each
    full collection stop the window for a second.
    """
    gc.freeze()


class GcGuard(QObject):
    """Collects like the automatic collector would have, by the same thresholds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_EVERY_MS)

    def collect(self) -> int | None:
        """Collect the oldest generation that is due; returns which, or None if none is."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation] > 0:
                gc.collect(generation)
                return generation
        return None

    def stop(self) -> None:
        """Hand collecting back to Python, at the end of the program."""
        self._timer.stop()
        gc.enable()
