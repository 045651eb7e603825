# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What is asked of the desktop, heard on a session bus of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imgdupe.gui import desktop
from tests.helpers.source import REPOSITORY

_AWAKE = """
from PySide6.QtCore import QCoreApplication, QTimer
from imgdupe.gui.desktop import StayAwake
app = QCoreApplication([])
awake = StayAwake()
awake.set(True)
awake.set(True)
QTimer.singleShot(500, lambda: (awake.set(False), app.quit()))
app.exec()
"""


@pytest.fixture
def bus() -> Iterator[str]:
    """The address of a bus on which nobody but the test is."""
    if (
        sys.platform != "linux"
        or not shutil.which("dbus-daemon")
        or not shutil.which("dbus-monitor")
    ):
        pytest.skip("no dbus-daemon here")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


def test_sleep_is_inhibited_once_while_scanning(bus: str) -> None:
    rule = "interface='org.freedesktop.ScreenSaver'"
    monitor = subprocess.Popen(
        ["dbus-monitor", "--address", bus, rule], stdout=subprocess.PIPE, text=True
    )
    assert monitor.stdout is not None
    monitor.stdout.readline()  # it listens now
    done = subprocess.run(
        [sys.executable, "-c", _AWAKE],
        env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus},
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        timeout=60,
    )
    monitor.terminate()
    heard = monitor.stdout.read()
    monitor.wait()
    monitor.stdout.close()
    assert done.stderr == b""
    assert heard.count("member=Inhibit") == 1
    assert 'string "imgdupe"' in heard
    assert 'string "Scanning photographs"' in heard


def test_without_a_bus_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _AWAKE],
        env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/at/all"},
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == b""


def test_the_end_of_a_scan_is_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    sender = tmp_path / "notify-send"
    sender.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {said}.part && mv {said}.part {said}\n')
    sender.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    window = QWidget()
    qtbot.addWidget(window)
    desktop.notify(window, "The scan has ended", "-3 photos")
    qtbot.waitUntil(said.exists)
    assert said.read_text().splitlines()[-3:] == ["--", "The scan has ended", "-3 photos"]


def test_without_any_notifications_only_the_task_bar_is_marked(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    window = QWidget()
    qtbot.addWidget(window)
    desktop.notify(window, "title", "text")
