# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Every trouble says what happened and what is safe, and offers a way on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imgdupe.control import RunControl
from imgdupe.engine.session import Session
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.shell import Shell
from imgdupe.gui.views.main_window import MainWindow
from imgdupe.gui.workspace import Workspace
from imgdupe.progress import Counters
from tests.gui import states
from tests.helpers.library import make_library

Open = Callable[[Path], Shell]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, dark: None) -> Iterator[Open]:
    """A window over the library in a folder."""
    made: list[Shell] = []

    def make(data: Path) -> Shell:
        window = MainWindow(tmp_path / "window.ini")
        shell = Shell(window, Jobs(window), data, [])
        made.append(shell)
        window.show()
        shell.open()
        qtbot.waitUntil(lambda: not shell._jobs.busy, timeout=60_000)
        return shell

    yield make
    for shell in made:
        shell._window.close()
        shell._window.deleteLater()


@pytest.fixture
def work(opened: Open, tmp_path: Path, qtbot: QtBot) -> Workspace:
    shell = opened(tmp_path / "data")
    assert shell.workspace is not None
    workspace = shell.workspace
    qtbot.waitUntil(lambda: workspace.snapshot is not None)
    return workspace


def banner(work: Workspace, key: str) -> tuple[str, list[str]]:
    """What a message says, and its buttons."""
    (found,) = [each for each in work.window.banners.banners() if each.objectName() == key]
    texts = " ".join(each.text() for each in found.findChildren(QLabel))
    return texts, [each.text() for each in found.findChildren(QPushButton) if each.text()]


def texts(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def test_a_full_disk(work: Workspace, qtbot: QtBot) -> None:
    states.disk_full(work, qtbot.waitUntil)
    text, buttons = banner(work, "scan")
    assert "is full" in text
    assert "stored before is safe" in text
    assert buttons == ["Try again"]


def test_a_crash_last_time(work: Workspace, qtbot: QtBot) -> None:
    states.crashed_last_time(work, qtbot.waitUntil)
    text, buttons = banner(work, "crash")
    assert "ended unexpectedly last time" in text
    assert "No photo was harmed" in text
    assert buttons == ["Show the log"]


def test_files_that_may_not_be_read(work: Workspace, qtbot: QtBot) -> None:
    states.no_permission(work, qtbot.waitUntil)
    assert "4 files without a result" in texts(work.problems)
    assert "left alone and stop nothing" in texts(work.problems)
    assert work.problems.retry.isVisible()


def test_a_library_in_use(opened: Open, tmp_path: Path) -> None:
    with Session.open(tmp_path / "data"):
        shell = opened(tmp_path / "data")
        assert shell.workspace is None
        assert "Another imgdupe is using this library" in texts(shell._window)


def test_a_trash_that_takes_nothing_and_a_file_that_changed(
    opened: Open, tmp_path: Path, qtbot: QtBot
) -> None:
    made = make_library(tmp_path / "photos", photos=1, size=(320, 240))
    data = tmp_path / "data"
    with Session.open(data) as session:
        session.scan([os.fsencode(made.folder)], RunControl(), Counters(), workers=1)
    work = opened(data).workspace
    assert work is not None
    qtbot.waitUntil(lambda: work.snapshot is not None)
    assert work.snapshot is not None
    (pair,) = made.of_kind("identical")
    wanted = os.fsencode(pair.copy)
    group = next(g for g in work.snapshot.groups if any(m.photo.path == wanted for m in g.members))
    dialog = states.trash_failed(work, group, qtbot.waitUntil)
    assert dialog.summary.title.text() == "Nothing was removed"
    assert "the rest was left alone" in dialog.summary.note.text()
    assert "cannot be written" in dialog.summary.kept.list.item(0).text()
    dialog.accept()
    assert pair.copy.exists()


def test_a_damaged_catalog(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_library(tmp_path / "photos", photos=1, size=(320, 240))
    data = tmp_path / "data"
    with Session.open(data) as session:
        session.scan([os.fsencode(made.folder)], RunControl(), Counters(), workers=1)
    states.damage_catalog(data)
    work = opened(data).workspace
    assert work is not None
    said = [banner(work, each.objectName()) for each in work.window.banners.banners()]
    shown = " ".join(text for text, _ in said)
    assert "catalog was damaged" in shown
    assert "your photos are not touched" in shown
    assert any(
        "Scan again" in banner(work, e.objectName())[1] for e in work.window.banners.banners()
    )
