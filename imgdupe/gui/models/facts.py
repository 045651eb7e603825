# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What two photos say about themselves, side by side. Main thread; `show` is the only writer."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from imgdupe.gui import theme
from imgdupe.gui.explain import Fact, compare_facts
from imgdupe.records import PhotoRecord

Index = QModelIndex | QPersistentModelIndex
_MARK = "≠ "


class FactsModel(QAbstractTableModel):
    """Three columns: what, left, right. What differs is amber and carries a mark."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: list[Fact] = []

    def show(
        self, left: PhotoRecord, right: PhotoRecord | None, *, only_differences: bool = False
    ) -> None:
        """Compare these."""
        self.beginResetModel()
        facts = compare_facts(left, right)
        self._facts = [each for each in facts if each.differs or not only_differences]
        self.endResetModel()

    def facts(self) -> list[Fact]:
        """The lines that are shown."""
        return self._facts

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._facts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        fact, column = self._facts[index.row()], index.column()
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._text(fact, column)
        if role == Qt.ItemDataRole.ToolTipRole and column:
            return fact.left if column == 1 else fact.right
        if role == Qt.ItemDataRole.ForegroundRole:
            colours = theme.colours()
            if column == 0 or (column == 2 and not fact.differs):
                return QColor(colours.secondary)
            return QColor(colours.warning if fact.differs and column == 2 else colours.text)
        return None

    def _text(self, fact: Fact, column: int) -> str:
        if column == 0:
            return fact.label
        if column == 1:
            return fact.left or self.tr("(none)")
        if not fact.differs:
            return self.tr("same") if fact.right else ""
        return _MARK + (fact.right or self.tr("(none)"))
