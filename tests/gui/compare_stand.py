# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The comparison on its own, over a played session and real files."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imgdupe.engine.session import Session
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.marks import Marks
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.compare import CompareView
from imgdupe.gui.views.picture_pane import PicturePane
from imgdupe.records import Group, PhotoRecord
from tests.helpers.groups import PlayedSession, photo
from tests.helpers.photos import make_photo


def on_disk(folder: Path, name: str, number: int, image: Image.Image) -> PhotoRecord:
    path = folder / name
    image.save(path, quality=92)
    return photo(str(path), number, width=image.width, height=image.height)


def four_files(folder: Path) -> list[PhotoRecord]:
    """One picture of 1200 x 800, a smaller copy, its quarter turn and a crop."""
    whole = make_photo(7, (1200, 800))
    return [
        on_disk(folder, "whole.jpg", 1, whole),
        on_disk(folder, "small.jpg", 2, whole.resize((600, 400))),
        on_disk(folder, "turned.jpg", 3, whole.transpose(Image.Transpose.ROTATE_90)),
        on_disk(folder, "crop.jpg", 4, whole.crop((300, 200, 900, 600))),
    ]


class Stand:
    """The view and what it stands on."""

    def __init__(self, qtbot: QtBot, jobs: Jobs) -> None:
        self.session = PlayedSession()
        session = cast("Session", self.session)
        self.marks = Marks(session)
        self.thumbs = Thumbnails(session)
        self.view = CompareView(session, jobs, self.marks, self.thumbs)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 800)
        self.view.show()

    def open(self, groups: list[Group], index: int = 0) -> None:
        self.marks.set_groups(groups)
        self.view.show_group(groups, index)

    def press(self, *keys: Qt.Key, shift: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for key in keys:
            QTest.keyClick(self.view, key, modifier)

    @property
    def names(self) -> tuple[str, str]:
        return tuple(  # type: ignore[return-value]
            each.photo.path.decode().rsplit("/", 1)[1] if each else "" for each in self.view.pair()
        )

    def close(self) -> None:
        self.view.close_pictures()
        self.thumbs.close()


def grab(pane: PicturePane) -> QImage:
    """What the pane shows now."""
    return pane.grab().toImage()
