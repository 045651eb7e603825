# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The button that opens what groups can be filtered by, beside name and folder. Main thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from imgdupe.gui import formatting, icons
from imgdupe.gui.group_filter import Choices, Filter

_SIZES = (1_000_000, 5_000_000, 10_000_000, 25_000_000, 100_000_000)
_DATE = "(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_ASKED_HERE = ("camera", "format", "keyword", "since", "until", "least_bytes", "rating", "reviewed")


def asked(wanted: Filter) -> int:
    """How many of the questions of the panel a filter asks."""
    return sum(getattr(wanted, name) != getattr(Filter(), name) for name in _ASKED_HERE)


class FilterPanel(QFrame):
    """`changed`: the user asks something else. `wanted`: it opens; offer the choices."""

    changed = Signal()
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "card")
        self.camera, self.format, self.keyword = QComboBox(), QComboBox(), QComboBox()
        self.size_, self.rating, self.reviewed = QComboBox(), QComboBox(), QComboBox()
        self.since, self.until = _date(self.tr("Taken from")), _date(self.tr("Taken until"))
        self.clear_ = QPushButton(self.tr("Clear these filters"))
        self.clear_.clicked.connect(lambda _checked: self._on_clear())
        self._fill_fixed()
        self._lay_out()
        for box in self._boxes():
            box.activated.connect(lambda _place: self.changed.emit())
        for edit in (self.since, self.until):
            edit.textChanged.connect(self._on_date)

    def filter(self, base: Filter) -> Filter:
        """`base` with what is asked here."""
        return replace(
            base,
            camera=self.camera.currentData(),
            format=self.format.currentData(),
            keyword=self.keyword.currentData(),
            since=self.since.text() if self.since.hasAcceptableInput() else "",
            until=self.until.text() if self.until.hasAcceptableInput() else "",
            least_bytes=self.size_.currentData(),
            rating=self.rating.currentData(),
            reviewed=self.reviewed.currentData(),
        )

    def set_filter(self, wanted: Filter) -> None:
        """Show a filter, without a word."""
        for edit, text in ((self.since, wanted.since), (self.until, wanted.until)):
            edit.blockSignals(True)
            edit.setText(text)
            edit.blockSignals(False)
        for box, value in (
            (self.camera, wanted.camera),
            (self.format, wanted.format),
            (self.keyword, wanted.keyword),
            (self.size_, wanted.least_bytes),
            (self.rating, wanted.rating),
            (self.reviewed, wanted.reviewed),
        ):
            _choose(box, value)

    def offer(self, choices: Choices) -> None:
        """What the groups have; what is chosen stays chosen."""
        _offer(self.camera, self.tr("Any camera"), choices.cameras)
        _offer(self.format, self.tr("Any format"), choices.formats)
        _offer(self.keyword, self.tr("Any keyword"), choices.keywords)

    def open_below(self, button: QWidget) -> None:
        """Show it at the button."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(0, button.height() + 2))
        window = button.window().frameGeometry()
        corner.setX(min(corner.x(), window.right() - self.width() - 8))
        self.move(corner)
        self.show()
        self.reviewed.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        self.wanted.emit()
        super().showEvent(event)

    def _boxes(self) -> tuple[QComboBox, ...]:
        return self.reviewed, self.camera, self.format, self.keyword, self.size_, self.rating

    def _on_date(self, text: str) -> None:
        edit = self.since if self.sender() is self.since else self.until
        if not text or edit.hasAcceptableInput():
            self.changed.emit()

    def _on_clear(self) -> None:
        self.set_filter(Filter())
        self.changed.emit()

    def _fill_fixed(self) -> None:
        self.offer(Choices([], [], []))
        self.size_.addItem(self.tr("Any size"), 0)
        for size in _SIZES:
            self.size_.addItem(self.tr("{0} or more").format(formatting.size(size)), size)
        self.rating.addItem(self.tr("Any rating"), 0)
        for stars in range(1, 6):
            self.rating.addItem(self.tr("{0} or more").format("★" * stars), stars)
        self.reviewed.addItem(self.tr("Reviewed or not"), None)
        self.reviewed.addItem(self.tr("Not yet reviewed"), False)
        self.reviewed.addItem(self.tr("Reviewed"), True)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(16, 14, 16, 14)
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(14)
        dates = QHBoxLayout()
        dates.addWidget(self.since)
        dates.addWidget(QLabel("–"))
        dates.addWidget(self.until)
        rows: tuple[tuple[str, QWidget | QHBoxLayout], ...] = (
            (self.tr("Review"), self.reviewed),
            (self.tr("Taken"), dates),
            (self.tr("Camera"), self.camera),
            (self.tr("Format"), self.format),
            (self.tr("Keyword"), self.keyword),
            (self.tr("File size"), self.size_),
            (self.tr("Rating"), self.rating),
        )
        for text, field in rows:
            if isinstance(field, QWidget):
                field.setMinimumWidth(230)
                field.setAccessibleName(text)
            label = QLabel(text)
            label.setMinimumHeight(self.camera.sizeHint().height())
            if isinstance(field, QWidget):
                label.setBuddy(field)
            form.addRow(label, field)
        note = QLabel(
            self.tr("A group is listed if one of its photos has all of it."), wordWrap=True
        )
        note.setProperty("role", "secondary")
        form.addRow(note)
        form.addRow(self.clear_)


class FilterButton(QPushButton):
    """Says how much is asked, and opens the panel."""

    def __init__(self, panel: FilterPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        icons.put(self, "filter")
        self.clicked.connect(lambda _checked: panel.open_below(self))
        self.show_asked(0)

    def show_asked(self, count: int) -> None:
        """How many questions are asked in the panel."""
        text = self.tr("Filters")
        self.setText(f"{text}: {formatting.number(count)}" if count else f"{text}…")
        self.setProperty("role", "active" if count else "")
        self.style().polish(self)


def _date(name: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText("2024-05")
    edit.setAccessibleName(name)
    edit.setValidator(QRegularExpressionValidator(QRegularExpression(_DATE), edit))
    edit.setMinimumWidth(80)
    return edit


def _choose(box: QComboBox, value: object) -> None:
    place = next((n for n in range(box.count()) if box.itemData(n) == value), -1)
    if place < 0:
        box.addItem(str(value), value)
        place = box.count() - 1
    box.setCurrentIndex(place)


def _offer(box: QComboBox, any_text: str, values: Sequence[str]) -> None:
    chosen = box.currentData() or ""
    box.clear()
    box.addItem(any_text, "")
    for value in values:
        box.addItem(value, value)
    _choose(box, chosen)
