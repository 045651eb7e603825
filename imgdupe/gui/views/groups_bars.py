# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The bars above and below the groups: order and filter, page and what is marked. Main thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from imgdupe.gui import formatting, icons
from imgdupe.gui.arrange import Order
from imgdupe.gui.group_filter import Filter
from imgdupe.gui.views.filter_panel import FilterButton, FilterPanel, asked

_FILTER_WIDTH_PX = 240
_TEXT_LEAST_PX = 96
_FOLDER_WIDTH_PX = 280


class FilterBar(QFrame):
    """`order_chosen` and `filter_changed` tell of the user's choices.

    `folders_wanted`: the list of folders is about to be opened; fill it.
    """

    order_chosen = Signal()
    filter_changed = Signal()
    folders_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sort = QComboBox()
        self.sort.setAccessibleName(self.tr("Sort by"))
        for order, text in (
            (Order.SIZE, self.tr("Most space first")),
            (Order.FOLDERS, self.tr("Folder pair")),
            (Order.DATE, self.tr("By date taken")),
            (Order.PROBABILITY, self.tr("Surest first")),
            (Order.COUNT, self.tr("Most copies first")),
        ):
            self.sort.addItem(text, order)
        self.folder = _FolderBox()
        self.folder.setAccessibleName(self.tr("Folder"))
        self.folder.setMinimumContentsLength(11)
        self.folder.setMaximumWidth(_FOLDER_WIDTH_PX)
        self.folder.addItem(self.tr("All folders"), None)
        self.panel = FilterPanel(self)
        self.more = FilterButton(self.panel)
        self.keep_folder = QPushButton(self.tr("Choose folder to keep…"))
        self.keep_folder.hide()
        self.text = _FilterText()
        self.text.setPlaceholderText(self.tr("Filter by name or folder"))
        self.text.setAccessibleName(self.tr("Filter by name or folder"))
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(_TEXT_LEAST_PX)
        self.text.setMaximumWidth(_FILTER_WIDTH_PX)
        self.text.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 6)
        row.setSpacing(8)
        for widget in (self.sort, self.folder, self.more, self.keep_folder):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.text, 1000)
        self.folder.opening.connect(self.folders_wanted)
        self.sort.activated.connect(lambda _place: self.order_chosen.emit())
        self.folder.activated.connect(lambda _place: self._on_filter())
        self.text.textChanged.connect(lambda _text: self._on_filter())
        self.panel.changed.connect(self._on_filter)

    def order(self) -> Order:
        """The chosen order."""
        return Order(self.sort.currentData())

    def set_order(self, order: Order) -> None:
        """Show an order, without a word."""
        self.sort.setCurrentIndex(self.sort.findData(order))

    def filter(self) -> Filter:
        """What is to be listed."""
        return self.panel.filter(Filter(self.text.text().strip(), self.folder.currentData()))

    def set_filter(self, wanted: Filter) -> None:
        """Show a filter, without a word."""
        self.text.blockSignals(True)
        self.text.setText(wanted.text)
        self.text.blockSignals(False)
        if wanted.folder is not None and self.folder.findData(wanted.folder) < 0:
            self.folder.addItem(formatting.home_path(wanted.folder), wanted.folder)
        self.folder.setCurrentIndex(max(self.folder.findData(wanted.folder), 0))
        self.panel.set_filter(wanted)
        self.more.show_asked(asked(wanted))

    def clear(self) -> None:
        """List everything again."""
        self.set_filter(Filter())
        self.filter_changed.emit()

    def _on_filter(self) -> None:
        self.more.show_asked(asked(self.filter()))
        self.filter_changed.emit()

    def set_folders(self, folders: Sequence[tuple[bytes, int]]) -> None:
        """Offer these folders; the chosen one stays chosen, also when it has nothing now."""
        chosen = self.folder.currentData()
        paths = [path for path, _ in folders]
        if chosen is not None and chosen not in paths:
            paths.append(chosen)
        if paths == [self.folder.itemData(place) for place in range(1, self.folder.count())]:
            return
        while self.folder.count() > 1:
            self.folder.removeItem(1)
        for path in paths:
            self.folder.addItem(formatting.home_path(path), path)
        self.folder.setCurrentIndex(paths.index(chosen) + 1 if chosen is not None else 0)


class _FolderBox(QComboBox):
    """Asks for its folders when it is opened: counting them in a large library takes a while."""

    opening = Signal()

    def showPopup(self) -> None:
        self.opening.emit()
        super().showPopup()


class _FilterText(QLineEdit):
    """Escape gives the keys back to the groups."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.focusNextChild()
            return
        super().keyPressEvent(event)


class FootBar(QFrame):
    """`accept` marks the page's suggestions, `review` opens the removal.

    `rejoin` makes the current group duplicates again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._page = QLabel()
        self._page.setProperty("role", "secondary")
        self._marked = QLabel()
        self.accept = QPushButton(self.tr("Accept page"))
        icons.put(self.accept, "check")
        self.accept.setToolTip(
            self.tr("Marks what is suggested in view (Shift+Enter). Nothing is removed yet.")
        )
        self.rejoin = QPushButton(self.tr("Duplicates again"))
        icons.put(self.rejoin, "undo")
        self.rejoin.setToolTip(self.tr("Lets the photos of this group belong together (Shift+N)"))
        self.review = QPushButton(self.tr("Review and remove…"))
        self.review.setToolTip(self.tr("Shows everything that is marked (Ctrl+Shift+Del)"))
        icons.put(self.review, "trash")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 8, 7)
        row.setSpacing(10)
        row.addWidget(self._page)
        row.addWidget(self.accept)
        row.addWidget(self.rejoin)
        row.addStretch(1)
        row.addWidget(self._marked)
        row.addWidget(self.review)

    def show_page(self, on_page: int, listed: int, suggested: int) -> None:
        """How many groups are in view, of how many, and how many photos are suggested there."""
        text = self.tr("{0} of {1} in view").format(
            formatting.number(on_page), formatting.groups(listed)
        )
        self._page.setText(text)
        self.accept.setEnabled(suggested > 0)
        self.accept.setText(
            self.tr("Accept page: {0}").format(formatting.photos(suggested))
            if suggested
            else self.tr("Accept page")
        )

    def show_parted(self, parted: bool, any_shown: bool) -> None:
        """On the shelf of what are not duplicates, that can be taken back, and nothing accepted."""
        self.accept.setVisible(not parted)
        self.rejoin.setVisible(parted)
        self.rejoin.setEnabled(any_shown)

    def show_marked(self, count: int, size: int) -> None:
        """What is marked in all shelves."""
        text = self.tr("Marked: {0}, {1}").format(formatting.photos(count), formatting.size(size))
        self._marked.setText(text if count else self.tr("Nothing marked"))
        self._marked.setProperty("role", "" if count else "secondary")
        self._marked.style().polish(self._marked)
        self.review.setEnabled(count > 0)
