# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The photos of one group as rows. Main thread; `show` is the only writer."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from imgdupe.gui import explain
from imgdupe.gui.marks import Marks
from imgdupe.records import Group, Member

MEMBER = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class MemberListModel(QAbstractListModel):
    """Answers `MEMBER` with the record."""

    def __init__(self, marks: Marks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self._group: Group | None = None
        marks.changed.connect(self._on_marks)

    def show(self, group: Group | None) -> None:
        """Another group."""
        self.beginResetModel()
        self._group = group
        self.endResetModel()

    def group(self) -> Group | None:
        """What is shown."""
        return self._group

    def members(self) -> tuple[Member, ...]:
        """Its photos."""
        return self._group.members if self._group is not None else ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.members())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        member = self.members()[index.row()]
        if role == MEMBER:
            return member
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return explain.spoken_member(member, self._marks.verdict(member.photo))
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{explain.file_name(member.photo)}\n{explain.folder(member.photo)}"
        return None

    def _on_marks(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))
