# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What is said below the pictures that are compared: decisions, reasons, facts. Main thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableView,
    QWidget,
)

from imgdupe.gui import explain, icons
from imgdupe.gui.marks import Marks
from imgdupe.gui.models.facts import FactsModel
from imgdupe.gui.pairs import evidence_between, relation_between, weakest_link
from imgdupe.records import Group, Member, PhotoRecord, Verdict

_FACTS_HEIGHT_PX = 168
_LABEL_COLUMN_PX = 96


class CompareWords(QWidget):
    """Captions of both pictures, why they belong together, and the group's weakest link.

    `link_shown` and `link_cut` carry its Member.
    """

    link_shown = Signal(object)
    link_cut = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link: Member | None = None
        self.captions = (Caption(), Caption())
        self.why = QLabel(wordWrap=True)
        self.why.setProperty("role", "secondary")
        self.only_differences = QCheckBox(self.tr("Only what differs"))
        self.only_differences.setToolTip(self.tr("Leave out what both photos say alike (O)"))
        self.only_differences.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.weakest = QLabel()
        self.weakest.setProperty("role", "secondary")
        self.show_link = self._button(self.tr("Show"), "compare", self.link_shown)
        self.cut_link = self._button(self.tr("Cut"), "cut", self.link_cut)
        self.cut_link.setToolTip(
            self.tr("Not the same picture: take it out of this group and remember that")
        )
        self._lay_out()

    def show_words(self, group: Group, left: Member, right: Member | None) -> None:
        """Explain this pair of this group."""
        self.why.setText("")
        if right is not None:
            kind, probability = relation_between(group, left.photo, right.photo)
            words = explain.why(kind, evidence_between(group, left.photo, right.photo))
            badge = explain.kind_badge(kind, probability)
            self.why.setText(self.tr("Why: {0} — {1}").format(badge, words))
            self.why.setToolTip(explain.kind_meaning(kind))
        link = self._link = weakest_link(group)
        for each in (self.weakest, self.show_link, self.cut_link):
            each.setVisible(link is not None)
        if link is not None:
            badge = explain.kind_badge(link.kind, link.probability)
            name = explain.file_name(link.photo)
            self.weakest.setText(self.tr("Weakest link: {0}, {1}").format(name, badge))
            self.show_link.setAccessibleName(self.tr("Show {0}").format(name))
            self.cut_link.setAccessibleName(self.tr("Cut {0} off this group").format(name))

    def show_captions(
        self, group: Group, pair: tuple[Member | None, Member | None], marks: Marks
    ) -> None:
        """What is decided or suggested about both."""
        for caption, member in zip(self.captions, pair, strict=True):
            caption.show_member(member, marks, group)

    def set_captioned(self, captioned: bool) -> None:
        """Whether there are two pictures to put captions under."""
        for caption in self.captions:
            caption.setVisible(captioned)

    def _button(self, text: str, icon: str, signal: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "link")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.put(button, icon)
        button.clicked.connect(lambda: signal.emit(self._link))
        return button

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 6, 10, 4)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        for place, caption in enumerate(self.captions):
            grid.addWidget(caption, 0, place)
            grid.setColumnStretch(place, 1)
        reason = QHBoxLayout()
        reason.addWidget(self.why, 1)
        reason.addWidget(self.only_differences)
        grid.addLayout(reason, 1, 0, 1, 2)
        link = QHBoxLayout()
        for widget in (self.weakest, self.show_link, self.cut_link):
            link.addWidget(widget)
        link.addStretch(1)
        grid.addLayout(link, 2, 0, 1, 2)


class Caption(QLabel):
    """Under a picture: K or X, the decision in words, and the reason."""

    def show_member(self, member: Member | None, marks: Marks, group: Group) -> None:
        """Say what is decided or suggested."""
        if member is None:
            self.setText("")
            return
        verdict = marks.verdict(member.photo)
        note = explain.member_note(member)
        role, text = "secondary", note
        if verdict is Verdict.KEEP:
            role, text = "keep", self.tr("K  KEEP   {0}").format(note)
        elif verdict is Verdict.REMOVE:
            role, text = "remove", self.tr("X  REMOVE   {0}").format(note)
        elif member is marks.keeper(group):
            words = note if member.keeper else self.tr("chosen as keeper")
            role, text = "keep", words
        elif member in marks.suggested(group):
            role, text = "remove", self.tr("suggested to be removed: {0}").format(note)
        self.setProperty("role", role)
        self.style().polish(self)
        self.setText(text)
        self.setToolTip(text)


class FactsTable(QTableView):
    """The facts of both photos, differences first in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: tuple[PhotoRecord, PhotoRecord | None] | None = None
        self._only = False
        self.model_ = FactsModel()
        self.setModel(self.model_)
        self.setAccessibleName(self.tr("What the photos say about themselves"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.limit_height(_FACTS_HEIGHT_PX)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        header = self.verticalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(1)
        header.setDefaultSectionSize(self.fontMetrics().height() + 4)
        across = self.horizontalHeader()
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        across.setStretchLastSection(True)
        self.setColumnWidth(0, _LABEL_COLUMN_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pair(self, left: PhotoRecord, right: PhotoRecord | None) -> None:
        """Compare these."""
        self._pair = (left, right)
        self.model_.show(left, right, only_differences=self._only)

    def limit_height(self, most: int) -> None:
        """Leave room for the pictures."""
        self.setFixedHeight(min(most, _FACTS_HEIGHT_PX))

    def show_only_differences(self, only: bool) -> None:
        """Leave out what both say alike, or show everything."""
        self._only = only
        if self._pair is not None:
            self.show_pair(*self._pair)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The right photo's facts begin below the right picture."""
        super().resizeEvent(event)
        self.setColumnWidth(1, max(self.width() // 2 - _LABEL_COLUMN_PX - 6, 60))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
