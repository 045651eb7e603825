# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from imgdupe.gui.gc_guard import GcGuard


def test_cycles_of_qobjects_die_on_the_main_thread(qtbot: QtBot) -> None:
    gc.enable()
    guard = GcGuard()
    assert not gc.isenabled()
    died_on: list[threading.Thread] = []

    class Holder:
        """A reference cycle that owns a running timer."""

        def __init__(self) -> None:
            self.itself = self
            self.timer = QTimer()
            self.timer.start(1000)

    holder = Holder()
    weakref.finalize(holder, lambda: died_on.append(threading.current_thread()))
    del holder
    # A worker allocates, and keeps, far more than the automatic collector's threshold.
    kept: list[list[list[int]]] = []
    worker = threading.Thread(target=lambda: kept.extend([[]] for _ in range(20_000)))
    worker.start()
    worker.join()
    assert died_on == []
    collected = [guard.collect() for _ in range(40)]
    assert any(each is not None for each in collected)
    guard.stop()
    assert gc.isenabled()
    gc.collect()
    assert died_on == [threading.main_thread()]


def test_nothing_is_collected_when_nothing_is_due(qtbot: QtBot) -> None:
    guard = GcGuard()
    gc.collect()
    assert guard.collect() is None
    guard.stop()
