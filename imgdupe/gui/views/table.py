# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A sortable table over a `TableModel`, as the lists of folders, problems and removals use it.

Main thread.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from imgdupe.gui.models.tables import ROW, SORT, TableModel

R = TypeVar("R")
_ROW_PX = 30


class Table(QTableView, Generic[R]):
    """Whole rows are selected; `selected` gives their records in the order shown."""

    def __init__(self, model: TableModel[R], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(model)
        self._proxy.setSortRole(SORT)
        self._proxy.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        model.setParent(self)
        self.setModel(self._proxy)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.horizontalHeader().setHighlightSections(False)

    def size_columns(self, widths: list[int], stretched: int) -> None:
        """Widths in pixels; the column `stretched` takes what is left."""
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)

    def selected(self) -> list[R]:
        indexes = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [self._proxy.data(index, ROW) for index in indexes]

    def shown(self) -> list[R]:
        """All records in the order shown."""
        count = self._proxy.rowCount()
        return [self._proxy.data(self._proxy.index(row, 0), ROW) for row in range(count)]
