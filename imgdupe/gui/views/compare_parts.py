# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The bars and labels around the pictures that are compared. Main thread; they decide nothing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import explain, formatting, icons
from imgdupe.gui.marks import Marks
from imgdupe.gui.review_keys import Deed
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.filmstrip import Filmstrip
from imgdupe.gui.views.overlay_pane import Mode
from imgdupe.records import Group

_FACTS_HEIGHT_PX = 168
_LABEL_COLUMN_PX = 96
_NARROW_PX = 640


class CompareHead(QFrame):
    """Which group, how it is compared, how large. `mode_chosen` carries a Mode.

    `aids_changed`: histogram, clipping or magnifier was switched.
    """

    asked = Signal(object)
    mode_chosen = Signal(object)
    aids_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = QPushButton(self.tr("Groups"))
        self.back.setProperty("role", "quiet")
        self.back.setAccessibleName(self.tr("Groups"))
        self.back.setToolTip(self.tr("Back to the groups (G)"))
        icons.put(self.back, "grid")
        self.previous = self._tool("left", self.tr("Previous group (↑)"), Deed.PREVIOUS_GROUP)
        self.next = self._tool("right", self.tr("Next group (↓)"), Deed.NEXT_GROUP)
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.kind = QLabel()
        self.kind.setProperty("role", "key")
        self.linked = QCheckBox(self.tr("Linked"))
        self.linked.setChecked(True)
        self.linked.setToolTip(self.tr("Zoom and move both pictures together"))
        self.zoom = QPushButton()
        self.zoom.setToolTip(self.tr("Whole picture or 100 % (Z)"))
        icons.put(self.zoom, "zoom-in")
        self.histogram = self._switch("histogram", self.tr("Histogram (H)"))
        self.clipping = self._switch("clipping", self.tr("Clipped highlights and shadows (J)"))
        self.loupe = self._switch("loupe", self.tr("Magnifier with sharpness (M)"))
        self._modes = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        for widget in (self.back, self.previous, self.title, self.next, self.kind):
            row.addWidget(widget)
        row.addStretch(1)
        for mode, icon, text, tip in self._mode_rows():
            row.addWidget(self._mode_button(mode, icon, text, tip))
        row.addStretch(1)
        for switch in (self.histogram, self.clipping, self.loupe):
            row.addWidget(switch)
        row.addWidget(self.linked)
        row.addWidget(self.zoom)
        self.back.clicked.connect(lambda: self.asked.emit(Deed.GRID))
        self.zoom.clicked.connect(lambda: self.asked.emit(Deed.ZOOM))

    def minimumSizeHint(self) -> QSize:
        """Room for the icons; with more there are words beside them."""
        return QSize(_NARROW_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, icons speak for themselves; the kind is said below too."""
        super().resizeEvent(event)
        for words, all_words in ((True, True), (False, True), (False, False)):
            self._spell_out(modes=words, all_words=all_words)
            if super().minimumSizeHint().width() <= self.width():
                break

    def _spell_out(self, *, modes: bool, all_words: bool) -> None:
        style = Qt.ToolButtonStyle
        beside = style.ToolButtonTextBesideIcon if modes else style.ToolButtonIconOnly
        for button in self._modes.buttons():
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(beside)
        self.back.setText(self.tr("Groups") if all_words else "")
        self.kind.setVisible(all_words)

    def show_group(self, place: int, count: int, group: Group) -> None:
        """Title and kind."""
        text = self.tr("Group {0} of {1}")
        self.title.setText(text.format(formatting.number(place + 1), formatting.number(count)))
        self.previous.setEnabled(place > 0)
        self.next.setEnabled(place + 1 < count)
        self.kind.setText(explain.kind_badge(group.kind, group.probability))
        self.kind.setToolTip(explain.kind_meaning(group.kind))

    def show_mode(self, mode: Mode) -> None:
        """Press that button."""
        button = self._modes.button(mode.value)
        if button is not None:
            button.setChecked(True)
        beside = mode in {Mode.SIDE, Mode.SURVEY}
        for each in (self.linked, self.histogram, self.clipping, self.loupe):
            each.setEnabled(beside)

    def show_zoom(self, *, whole: bool, scale: float) -> None:
        """What a press on the zoom button would change, and how large it is now."""
        icons.put(self.zoom, "zoom-in" if whole else "zoom-fit")
        now = self.tr("Fit") if whole else f"{round(scale * 100)} %"
        self.zoom.setText(now)
        self.zoom.setAccessibleName(self.tr("Zoom: {0}").format(now))

    def _mode_rows(self) -> tuple[tuple[Mode, str, str, str], ...]:
        return (
            (Mode.SIDE, "compare", self.tr("Side by side"), self.tr("Side by side (C)")),
            (
                Mode.SURVEY,
                "survey",
                self.tr("Survey"),
                self.tr("All pictures of the group, up to eight at a time (N)"),
            ),
            (Mode.BLINK, "blink", self.tr("Blink"), self.tr("Both in turns (B, while held)")),
            (Mode.WIPE, "wipe", self.tr("Wipe"), self.tr("One beside the other (V)")),
            (
                Mode.DIFFERENCE,
                "difference",
                self.tr("Difference"),
                self.tr("What is not the same (D)"),
            ),
        )

    def _mode_button(self, mode: Mode, icon: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(16, 16))
        icons.put(button, icon)
        self._modes.addButton(button, mode.value)
        button.clicked.connect(lambda: self.mode_chosen.emit(mode))
        return button

    def _switch(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setIconSize(QSize(16, 16))
        icons.put(button, icon)
        button.toggled.connect(lambda _on: self.aids_changed.emit())
        return button

    def _tool(self, icon: str, tip: str, deed: Deed) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        icons.put(button, icon)
        button.clicked.connect(lambda: self.asked.emit(deed))
        return button


class DecisionBar(QFrame):
    """The buttons that the keys are for; `asked` carries a Deed."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        for text, key, icon, deed in (
            (self.tr("Keep"), "P", "keep", Deed.KEEP),
            (self.tr("Remove"), "X", "remove", Deed.REMOVE),
            (self.tr("Keep this, remove the rest"), "Shift+P", "check", Deed.KEEP_REST),
            (self.tr("Not duplicates"), "Shift+N", "not-duplicates", Deed.NOT_DUPLICATES),
        ):
            row.addWidget(self._button(text, key, icon, deed))

    def _button(self, text: str, key: str, icon: str, deed: Deed) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(f"{text} ({key})")
        button.setObjectName(deed.name.lower())
        icons.put(button, icon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.asked.emit(deed))
        return button


class CompareFoot(QWidget):
    """All photos of the group in a row, the buttons, and a short answer above them."""

    def __init__(self, marks: Marks, thumbs: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.film = Filmstrip(marks, thumbs)
        self.message = QLabel()
        self.message.setProperty("role", "warning")
        self.message.hide()
        self.bar = DecisionBar()
        right = QVBoxLayout()
        right.addStretch(1)
        right.addWidget(self.message, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self.bar)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(self.film, 1)
        row.addLayout(right)
