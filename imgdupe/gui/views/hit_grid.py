# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The answers of a search as a grid of pictures, and what can be done with one of them.

Main thread. Opens and shows files, changes none.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from imgdupe.gui import drags, icons
from imgdupe.gui.delegates.hit import TILE_PX, HitDelegate
from imgdupe.gui.desktop import open_file, reveal
from imgdupe.gui.models.hits import HitsModel
from imgdupe.gui.models.tables import ROW
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.records import Hit, PhotoRecord


class HitGrid(QListView):
    """`more_like` brings the `PhotoRecord` to search for."""

    more_like = Signal(object)

    def __init__(self, model: HitsModel, thumbs: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbs = thumbs
        model.setParent(self)
        self.setModel(model)
        self.setItemDelegate(HitDelegate(thumbs, self))
        self.setAccessibleName(self.tr("Photos that look like it, the most similar first"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setDragEnabled(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(TILE_PX)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.doubleClicked.connect(self._on_double_clicked)
        thumbs.arrived.connect(self.viewport().update)
        self.open = self._add("open", self.tr("Open"), "Return")
        self.open.triggered.connect(lambda: self._with_photo(lambda photo: open_file(photo.path)))
        self.reveal = self._add("reveal", self.tr("Show in file manager"))
        self.reveal.triggered.connect(lambda: self._with_photo(lambda photo: reveal(photo.path)))
        self.copy = self._add("copy", self.tr("Copy path"), "Ctrl+C")
        self.copy.triggered.connect(
            lambda: self._with_photo(lambda photo: drags.copy_path(photo.path))
        )
        self.more = self._add("search", self.tr("More like this"))
        self.more.triggered.connect(lambda: self._with_photo(self.more_like.emit))
        self.selectionModel().currentChanged.connect(self._update_actions)
        model.modelReset.connect(self._update_actions)
        self._update_actions()

    def current(self) -> Hit | None:
        """The chosen answer."""
        index = self.currentIndex()
        return index.data(ROW) if index.isValid() else None

    def _add(self, icon: str, text: str, shortcut: str = "") -> QAction:
        action = QAction(text, self)
        icons.put(action, icon)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(action)
        return action

    def _with_photo(self, act: Callable[[PhotoRecord], object]) -> None:
        hit = self.current()
        if hit is not None:
            act(hit.photo)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        hit: Hit = index.data(ROW)
        open_file(hit.photo.path)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        hit = self.current()
        if hit is not None and not hit.photo.offline:
            drags.start(self, [hit.photo.path], self._thumbs.pixmap(hit.photo))

    def _update_actions(self) -> None:
        for action in self.actions():
            action.setEnabled(self.current() is not None)
