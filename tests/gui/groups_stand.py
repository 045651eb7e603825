# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The list of groups over a played session, driven by keys and clicks."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imgdupe.engine.session import Session
from imgdupe.gui.marks import Marks
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.groups import GroupsView
from tests.helpers.groups import PlayedSession


class GroupsStand:
    """The view and what it stands on."""

    def __init__(self, qtbot: QtBot) -> None:
        self.session = PlayedSession()
        session = cast("Session", self.session)
        self.marks = Marks(session)
        self.thumbs = Thumbnails(session)
        self.view = GroupsView(self.marks, self.thumbs)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 700)
        self.view.show()

    def press(self, *keys: Qt.Key, shift: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for key in keys:
            QTest.keyClick(self.view.grid, key, modifier)

    def spot(self, row: int, place: int) -> QPoint:
        grid = self.view.grid
        card = grid.visualRect(grid.model_.index(row))
        return card.topLeft() + QPoint(40 + place * grid.layout_.sizes.column, card.height() // 2)

    def click(
        self,
        row: int,
        place: int,
        *,
        double: bool = False,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        press = QTest.mouseDClick if double else QTest.mouseClick
        viewport, spot = self.view.grid.viewport(), self.spot(row, place)
        press(viewport, Qt.MouseButton.LeftButton, modifier, spot)

    @property
    def current(self) -> tuple[bytes, bytes]:
        found, chosen = self.view.grid.group(), self.view.grid.photo()
        assert found is not None
        assert chosen is not None
        return found.members[0].photo.path, chosen.path
