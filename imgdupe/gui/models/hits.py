# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The answers of one search as a list, those below a similarity left out.

Main thread. `set_hits` and `set_least` are the only writers.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from imgdupe.gui import formatting
from imgdupe.gui.explain import kind_name
from imgdupe.gui.models.tables import ROW
from imgdupe.records import Hit, Kind

Index = QModelIndex | QPersistentModelIndex


class HitsModel(QAbstractListModel):
    """`ROW` gives the `Hit`; the order is the search's, best first."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Hit, ...] = ()
        self._shown: tuple[Hit, ...] = ()
        self._least = 0.0

    def set_hits(self, hits: Sequence[Hit]) -> None:
        """Show another answer."""
        self._all = tuple(hits)
        self._select()

    def set_least(self, score: float) -> None:
        """Leave out what is less alike, 0-1."""
        self._least = score
        self._select()

    def total(self) -> int:
        """How many hits there are with those left out."""
        return len(self._all)

    def best(self) -> float:
        """How alike the most similar of all is, 0-1."""
        return max(map(likeness, self._all), default=0.0)

    def rows(self) -> tuple[Hit, ...]:
        """What is shown."""
        return self._shown

    def _select(self) -> None:
        shown = tuple(hit for hit in self._all if likeness(hit) >= self._least)
        if shown != self._shown:
            self.beginResetModel()
            self._shown = shown
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        hit = self._shown[index.row()]
        if role == ROW:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return file_name(hit)
        if role == Qt.ItemDataRole.ToolTipRole:
            return formatting.path(hit.photo.path)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((file_name(hit), score(hit), kind_name(hit.kind), folder(hit)))
        return None


def file_name(hit: Hit) -> str:
    """The name of its file."""
    return formatting.path(os.path.basename(hit.photo.path))


def folder(hit: Hit) -> str:
    """The folder it lies in, the home folder as ~."""
    return formatting.home_path(os.path.dirname(hit.photo.path))


def likeness(hit: Hit) -> float:
    """The score as a share, 0-1. The very same file is wholly alike, whatever rounding lost."""
    return 1.0 if hit.kind is Kind.IDENTICAL else min(max(hit.score, 0.0), 1.0)


def score(hit: Hit) -> str:
    """Such as "98 %"."""
    return formatting.percent(likeness(hit))
