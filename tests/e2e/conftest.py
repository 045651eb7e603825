# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the tests of the real window stand on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgdupe.gui import theme
from tests.helpers.library import Library, make_library
from tests.helpers.studio import Studio

SIZE = (480, 320)


@pytest.fixture
def main_thread_collector(qapp: QApplication) -> Iterator[None]:
    """As in the program: the collector on the main thread only, our theme, grouped numbers."""
    gc.disable()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    theme.apply(qapp, "dark")
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.unfreeze()
    gc.collect()
    gc.enable()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(tmp_path / "photos", photos=8, size=SIZE)


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path) -> Iterator[Studio]:
    (tmp_path / "photos").mkdir(exist_ok=True)
    studio = Studio(qtbot, tmp_path)
    yield studio
    studio.close()
