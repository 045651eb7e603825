# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S5: marks by rule in many groups at once, after a look at what that would mean.

Main thread. Marks as one step that can be undone; removes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import explain, formatting
from imgdupe.gui.autoselect import GOING_KINDS, Proposal, propose
from imgdupe.gui.dialogs.going import Going, GoingList
from imgdupe.gui.dialogs.remove_review import Expander
from imgdupe.gui.dialogs.rule_list import RuleList
from imgdupe.gui.marks import Marks
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.keeping import KeeperRules
from imgdupe.records import Group, Kind
from imgdupe.removal.plan import Refusal

_SIZE_PX = (1010, 660)
_RULES_PX = 320
_DELAY_MS = 120
_EXAMPLES = 30
_ASKED_FOR = frozenset({Kind.EDITED})


@dataclass(frozen=True, slots=True)
class Scope:
    """Groups that may be chosen to be marked, by name."""

    name: str
    groups: Sequence[Group]


class AutoSelectDialog(QDialog):
    """`marked` brings how many photos were marked, `order_chosen` the order of the rules."""

    marked = Signal(int)
    order_chosen = Signal(object)

    def __init__(
        self,
        marks: Marks,
        thumbs: Thumbnails,
        rules: KeeperRules,
        scopes: Sequence[Scope],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._marks = marks
        self._rules = rules
        self._scopes = scopes
        self.proposal = Proposal()
        self.setWindowTitle(self.tr("Select by rules"))
        self.resize(*_SIZE_PX)
        self.rules = RuleList(rules.order)
        self.scope = QButtonGroup(self)
        self.kinds = {kind: QCheckBox(explain.kind_plural(kind)) for kind in GOING_KINDS}
        self.title = QLabel(wordWrap=True)
        self.title.setProperty("role", "title")
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("role", "secondary")
        self.examples = GoingList(thumbs, self.tr("Examples: what would go, and what would stay"))
        self.conflicts, self.ties = Expander(), Expander()
        self.cancel = QPushButton(self.tr("Cancel"))
        self.mark = QPushButton()
        self._timer = QTimer(self, interval=_DELAY_MS, singleShot=True)
        self._timer.timeout.connect(self.preview)
        self._lay_out()
        self._connect()
        self.preview()

    def preview(self) -> None:
        """Work out what would be marked now, and show it."""
        rules = replace(self._rules, order=self.rules.order())
        kinds = {kind for kind, box in self.kinds.items() if box.isChecked()}
        scope = self._scopes[self.scope.checkedId()]
        proposal = self.proposal = propose(scope.groups, self._marks, rules, kinds)
        count = len(proposal.pairs)
        self.title.setText(
            self.tr("Would mark {0}, {1}").format(
                formatting.photos(count), formatting.size(proposal.bytes)
            )
            if count
            else self.tr("Would mark nothing")
        )
        self.examples.show_going(
            [Going(going, staying) for going, staying in proposal.pairs[:_EXAMPLES]], columns=2
        )
        self.examples.setVisible(bool(count))
        self.conflicts.show_refusals(
            self.tr("Conflicts: {0} stay").format(formatting.photos(len(proposal.conflicts))),
            proposal.conflicts,
        )
        self.ties.show_refusals(
            self.tr("Undecided: {0} in which no rule tells the photos apart").format(
                formatting.groups(len(proposal.ties))
            ),
            [_tie(group, self.tr("as good as the others")) for group in proposal.ties],
        )
        self.mark.setText(self.tr("Mark {0}, remove nothing yet").format(formatting.number(count)))
        self.mark.setEnabled(bool(count))

    def _on_mark(self) -> None:
        self.preview()
        if self._marks.set(self.proposal.changes, self.tr("select by rules")):
            self.order_chosen.emit(self.rules.order())
            self.marked.emit(len(self.proposal.pairs))
            self.accept()

    # -- building ---------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.rules.changed.connect(self._timer.start)
        self.scope.idToggled.connect(lambda _id, _on: self._timer.start())
        for box in self.kinds.values():
            box.toggled.connect(lambda _on: self._timer.start())
        self.cancel.clicked.connect(self.reject)
        self.mark.clicked.connect(self._on_mark)

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addWidget(self._choices())
        columns.addLayout(self._outlook(), 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.mark.setProperty("role", "primary")
        self.mark.setAutoDefault(False)
        self.cancel.setDefault(True)
        for button in (self.cancel, self.mark):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addLayout(columns, 1)
        column.addLayout(buttons)

    def _choices(self) -> QWidget:
        """At the left: rules, scope, kinds."""
        side = QWidget()
        side.setFixedWidth(_RULES_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(_heading(self.tr("Keep the photo that… (drag to order)")))
        column.addWidget(self.rules, 1)
        column.addWidget(_heading(self.tr("In which groups")))
        for number, scope in enumerate(self._scopes):
            text = f"{scope.name}: {formatting.groups(len(scope.groups))}"
            button = QRadioButton(text)
            button.setChecked(number == 0)
            self.scope.addButton(button, number)
            column.addWidget(button)
        column.addWidget(_heading(self.tr("What may go")))
        for kind, box in self.kinds.items():
            box.setChecked(kind not in _ASKED_FOR)
            column.addWidget(box)
        return side

    def _outlook(self) -> QVBoxLayout:
        """At the right: what it would come to."""
        self.note.setText(
            self.tr(
                "What you decided yourself stays. Other frames and look-alikes are never marked by "
                "rule, nor a photo that has something its copy lacks."
            )
        )
        column = QVBoxLayout()
        column.setSpacing(10)
        for widget in (self.title, self.note, self.examples, self.ties, self.conflicts):
            column.addWidget(widget)
        column.addStretch(1)
        return column


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _tie(group: Group, reason: str) -> Refusal:
    return Refusal(group.members[0].photo.path, reason)
