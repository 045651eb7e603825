# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The groups of one shelf as rows. Main thread; `show` is the only writer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from imgdupe.gui import explain
from imgdupe.gui.arrange import Section, merged, sections_of
from imgdupe.gui.marks import Marks
from imgdupe.records import Group

GROUP = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class GroupListModel(QAbstractListModel):
    """Answers `GROUP` with the record, and the accessible roles with words."""

    def __init__(self, marks: Marks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self._groups: list[Group] = []
        self._rows: dict[str, int] = {}
        self._spans: list[int] = []
        self._by_folders = False
        self._sections: list[Section] = []
        self.version = 0
        """Counts the lists shown: the same number, the same groups in the same order."""
        marks.changed.connect(self._on_marks)

    def show(
        self, groups: Sequence[Group], *, in_place: bool = False, by_folders: bool = False
    ) -> None:
        """Show these. `in_place`: what is shown keeps its place, new groups come after it.

        `by_folders`: neighbours that lie in the same folders are a section.
        """
        same_sections = by_folders == self._by_folders
        self._by_folders = by_folders
        after = merged(self._groups, groups) if in_place else list(groups)
        before = self._groups
        same_places = len(after) >= len(before) and (in_place or after[: len(before)] == before)
        if before and same_places and same_sections and self._inherits(after):
            self._grow(after)
        else:
            self.beginResetModel()
            self._put(after)
            self.endResetModel()

    def groups(self) -> list[Group]:
        """What is shown, in order; not to be changed."""
        return self._groups

    def group(self, row: int) -> Group:
        return self._groups[row]

    def keys(self) -> Collection[str]:
        """The keys of what is shown."""
        return self._rows.keys()

    def sections(self) -> list[Section]:
        """Where sections begin, in order; none unless listed by folders."""
        return self._sections

    def row_of(self, key: str) -> int | None:
        """Where the group of that key is."""
        return self._rows.get(key)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._groups)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._groups):
            return None
        group = self._groups[index.row()]
        if role == GROUP:
            return group
        place = None
        if role == Qt.ItemDataRole.DisplayRole:
            place = self.tr("Group {0}").format(index.row() + 1)
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            place = self.tr("Group {0} of {1}").format(index.row() + 1, len(self._groups))
        if place is None:
            return None
        return explain.spoken_group(group, place, self._marks.verdicts())

    def _inherits(self, after: list[Group]) -> bool:
        """Whether every row shown now is, or grew into, the row in its place."""
        for old, new in zip(self._groups, after, strict=False):
            if old.key != new.key:
                paths = {each.photo.path for each in old.members}
                if not any(each.photo.path in paths for each in new.members):
                    return False
        return True

    def spans(self) -> list[int]:
        """How many photos each row has room for: a group that grew in its place keeps its room."""
        return self._spans

    def _grow(self, after: list[Group]) -> None:
        first, spans = len(self._groups), self._spans
        self._put(after[:first], spans)
        self.dataChanged.emit(self.index(0), self.index(first - 1))
        if len(after) > first:
            self.beginInsertRows(QModelIndex(), first, len(after) - 1)
            self._put(after, spans)
            self.endInsertRows()

    def _put(self, groups: list[Group], spans: Sequence[int] = ()) -> None:
        self._groups = groups
        self._spans = [*spans, *(len(each.members) for each in groups[len(spans) :])]
        self._sections = sections_of(groups) if self._by_folders else []
        self.version += 1
        self._rows = {group.key: row for row, group in enumerate(groups)}

    def _on_marks(self) -> None:
        if self._groups:
            spoken = [Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole]
            self.dataChanged.emit(self.index(0), self.index(len(self._groups) - 1), spoken)
