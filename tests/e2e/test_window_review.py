# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Reviewing in the real window over real files, from the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.helpers.library import Library
from tests.helpers.studio import Studio
from tests.helpers.windows import press

pytestmark = pytest.mark.usefixtures("main_thread_collector")
SHIFT = Qt.KeyboardModifier.ShiftModifier
_SAME_PICTURE, _NOT_DUPLICATES = 1, 3


def test_not_duplicates_are_remembered_and_can_be_taken_back(
    studio: Studio, library: Library
) -> None:
    studio.scan(library.folder)
    view = studio.workspace.groups
    view.tabs.setCurrentIndex(_SAME_PICTURE)
    before = [each.key for each in view.shown()]
    view.grid.select(0)
    wanted = view.shown()[0].content_ids
    press(view.grid, Qt.Key.Key_N, SHIFT)
    assert len(view.shown()) == len(before) - 1
    studio.close()

    studio.open()
    studio.settle()
    view = studio.workspace.groups
    assert wanted not in [each.content_ids for each in view.shown()]
    view.tabs.setCurrentIndex(_NOT_DUPLICATES)
    assert [each.content_ids for each in view.shown()] == [wanted]
    view.grid.select(0)
    press(view.grid, Qt.Key.Key_N, SHIFT)
    studio.settle()
    assert view.shown() == []
    view.tabs.setCurrentIndex(_SAME_PICTURE)
    assert sorted(each.key for each in view.shown()) == sorted(before)
    assert QApplication.focusWidget() is view.grid
