# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The keeper rules as a list to put in order and switch on and off. Main thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import explain, icons
from imgdupe.keeping import KeeperRule

_RULE = Qt.ItemDataRole.UserRole


class RuleList(QWidget):
    """Dragged with the mouse, or moved with the buttons; `changed` after each change."""

    changed = Signal()

    def __init__(self, order: Sequence[KeeperRule], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Keeper rules, the first one decides first"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setSpacing(3)
        self.up = self._button("up", self.tr("Up"), -1)
        self.down = self._button("down", self.tr("Down"), 1)
        self.reset = QPushButton(self.tr("Default order"))
        self.reset.setProperty("role", "link")
        self.reset.setAutoDefault(False)
        self.reset.clicked.connect(lambda: self.set_order(tuple(KeeperRule)))
        row = QHBoxLayout()
        for widget in (self.up, self.down, self.reset):
            row.addWidget(widget)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.set_order(order)
        self.list.currentRowChanged.connect(lambda _row: self._update_buttons())
        self.list.itemChanged.connect(lambda _item: self.changed.emit())
        self.list.model().rowsMoved.connect(self._on_moved)

    def order(self) -> tuple[KeeperRule, ...]:
        """The rules that are switched on, in their order."""
        items = [self.list.item(row) for row in range(self.list.count())]
        on = Qt.CheckState.Checked
        return tuple(KeeperRule(each.data(_RULE)) for each in items if each.checkState() == on)

    def set_order(self, order: Sequence[KeeperRule]) -> None:
        """These are on, in this order; the others are off, below them."""
        self.list.blockSignals(True)
        self.list.clear()
        for rule in dict.fromkeys([*order, *KeeperRule]):
            item = QListWidgetItem(explain.rule_name(rule))
            item.setData(_RULE, str(rule))
            flags = item.flags() | Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags & ~Qt.ItemFlag.ItemIsDropEnabled)
            item.setCheckState(Qt.CheckState.Checked if rule in order else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._update_buttons()
        self.changed.emit()

    def shift(self, by: int) -> None:
        """The current rule up or down."""
        row = self.list.currentRow()
        if not 0 <= row + by < self.list.count():
            return
        self.list.blockSignals(True)
        item = self.list.takeItem(row)
        self.list.insertItem(row + by, item)
        self.list.setCurrentRow(row + by)
        self.list.blockSignals(False)
        self._on_moved()

    def _on_moved(self) -> None:
        self._update_buttons()
        self.changed.emit()

    def _update_buttons(self) -> None:
        row = self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)

    def _button(self, icon: str, text: str, by: int) -> QPushButton:
        button = QPushButton(text)
        icons.put(button, icon)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.shift(by))
        return button
