# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Every GUI test runs as the program does: the collector on the main thread only, our theme."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgdupe.gui import theme
from imgdupe.gui.jobs import Jobs
from imgdupe.records import PhotoRecord
from tests.gui.compare_stand import Stand, four_files
from tests.gui.groups_stand import GroupsStand


@pytest.fixture(autouse=True)
def main_thread_collector(qapp: QApplication) -> Iterator[None]:
    """QObjects must not die in a job's thread."""
    gc.disable()
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.unfreeze()
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def english_numbers() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


@pytest.fixture
def dark(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    hub = Jobs()
    yield hub
    assert hub.shutdown()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[PhotoRecord]:
    """One picture of 1200 x 800, a smaller copy, its quarter turn and a crop."""
    return four_files(tmp_path_factory.mktemp("pictures"))


@pytest.fixture
def stand(qtbot: QtBot, jobs: Jobs, dark: None) -> Iterator[Stand]:
    """The comparison in a window."""
    made = Stand(qtbot, jobs)
    yield made
    made.close()


@pytest.fixture
def groups_stand(qtbot: QtBot, dark: None) -> Iterator[GroupsStand]:
    made = GroupsStand(qtbot)
    yield made
    made.thumbs.close()
