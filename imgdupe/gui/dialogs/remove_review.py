# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the removal dialog shows before anything moves, and what it asks.

Main thread. Knows plans only: it plans nothing, removes nothing and reads no file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QListWidget,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import explain, formatting, icons, theme
from imgdupe.gui.dialogs.going import Going, GoingList
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.match.keeper import lacks_of
from imgdupe.records import PhotoRecord
from imgdupe.removal.merge_metadata import Merge
from imgdupe.removal.plan import Plan, PlannedItem, Refusal, RemovalRequest, VolumeSummary

_LIST_PX = 150


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user agreed to: volumes whose photos go into our folder, whole groups, the size.

    merge: what only the photos that go say is written into the copies that stay.
    """

    fallback: frozenset[bytes] = frozenset()
    whole: bool = False
    large: bool = False
    merge: bool = False


class ReviewPage(QScrollArea):
    """`changed`: the choices may be others now, so the plan has to be made again."""

    changed = Signal()

    def __init__(self, requests: Sequence[RemovalRequest], thumbs: Thumbnails) -> None:
        super().__init__()
        emptied = tuple({r.victim.path: r.victim for r in requests if r.keeper is None}.values())
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._emptied = {photo.path for photo in emptied}
        self._volumes: dict[bytes, VolumeRow] = {}
        self._questions: list[_Question] = []
        self._asked_for: tuple[frozenset[bytes], bool] | None = None
        self.title = QLabel(self.tr("Checking what may go…"), wordWrap=True)
        self.title.setProperty("role", "title")
        self.companions = QLabel(wordWrap=True)
        self.companions.setProperty("role", "secondary")
        self.going = GoingList(thumbs, self.tr("What goes, each beside what stays"))
        self.emptied = EmptiedBox(emptied, thumbs)
        self.emptied.agreed.toggled.connect(self.changed)
        self.merge = MergeBox(requests)
        self.merge.box.toggled.connect(self.changed)
        self.emptied.setVisible(bool(emptied))
        self.refused = Expander()
        self._lay_out()

    def _lay_out(self) -> None:
        inner = QWidget()
        self._volume_column = QVBoxLayout()
        self._volume_column.setSpacing(8)
        self._question_column = QVBoxLayout()
        self._question_column.setSpacing(8)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addLayout(self._volume_column)
        column.addWidget(self.companions)
        column.addWidget(self.emptied)
        column.addWidget(self.merge)
        column.addWidget(self.going)
        column.addLayout(self._question_column)
        column.addWidget(self.refused)
        column.addStretch(1)
        self.setWidget(inner)

    # -- the choices ------------------------------------------------------------------------------

    def choices(self) -> Choices:
        """As the page stands. The size is agreed to only for the very set it was asked about."""
        chosen = (row for row in self._volumes.values() if row.falls_back)
        fallback = frozenset(row.root for row in chosen)
        whole = self.emptied.agreed.isChecked()
        asked = bool(self._questions) and self._asked_for == (fallback, whole)
        large = asked and all(question.box.isChecked() for question in self._questions)
        return Choices(fallback, whole, large, self.merge.box.isChecked())

    def ask_again(self) -> None:
        """The set is not the one that was asked about: what was agreed to is void."""
        self._asked_for = None
        self._set_questions(())

    def questions(self) -> list[QCheckBox]:
        """The boxes that must be ticked."""
        return [question.box for question in self._questions]

    # -- the plan ---------------------------------------------------------------------------------

    def show_plan(self, plan: Plan, choices: Choices) -> None:
        """Show what was planned for these choices."""
        self.title.setText(self._headline(plan))
        pairs = [Going(item.victim, item.keeper) for item in plan.items if item.keeper]
        self.going.show_going(pairs, columns=2)
        self.going.setVisible(bool(pairs))
        self.merge.show_plan(plan)
        self._show_volumes(plan)
        self.companions.setVisible(plan.companions > 0)
        self.companions.setText(
            self.tr("Moving with their photos: {0} (sidecars, RAW files, movies)").format(
                formatting.files(plan.companions)
            )
        )
        if not choices.large:
            self._asked_for = (choices.fallback, choices.whole)
            self._set_questions(plan.needs_confirmation)
        waiting = set() if choices.whole else self._emptied
        stay = [each for each in plan.refused if each.path not in waiting]
        title = self.tr("{0} cannot go and will stay").format(formatting.photos(len(stay)))
        self.refused.show_refusals(title, stay)

    def _headline(self, plan: Plan) -> str:
        if not plan.items:
            return self.tr("Nothing of this can be removed now")
        count = formatting.photos(len(plan.items))
        size = formatting.size(sum(item.victim.bytes_total for item in plan.items))
        if any(item.fallback for item in plan.items):
            return self.tr("Move {0} ({1}) away").format(count, size)
        return self.tr("Move {0} ({1}) to the trash").format(count, size)

    def _show_volumes(self, plan: Plan) -> None:
        there = {volume.root for volume in plan.volumes}
        for root in self._volumes.keys() - there:
            row = self._volumes.pop(root)
            row.hide()
            row.deleteLater()
        for volume in plan.volumes:
            if volume.root not in self._volumes:
                row = self._volumes[volume.root] = VolumeRow(volume)
                row.changed.connect(self.changed)
                self._volume_column.addWidget(row)
            moving = [item for item in plan.items if item.volume == volume.root]
            self._volumes[volume.root].show_volume(volume, moving)

    def volume(self, root: bytes) -> VolumeRow:
        """The row of a volume of the plan."""
        return self._volumes[root]

    def _set_questions(self, texts: Sequence[str]) -> None:
        """A sentence that was agreed to word by word stays agreed to."""
        if [question.text for question in self._questions] == list(texts):
            return
        ticked = {each.text for each in self._questions if each.box.isChecked()}
        for question in self._questions:
            question.hide()
            question.deleteLater()
        self._questions = [_Question(text, text in ticked) for text in texts]
        for question in self._questions:
            question.box.toggled.connect(self.changed)
            self._question_column.addWidget(question)


class VolumeRow(QFrame):
    """One volume: what lies there, where it goes, and the choice if it has no trash."""

    changed = Signal()

    def __init__(self, volume: VolumeSummary) -> None:
        super().__init__()
        self.root = volume.root
        self.setProperty("role", "card")
        name = formatting.path(volume.root)
        self._title = QLabel(wordWrap=True)
        self._title.setProperty("role", "heading")
        self._where = QLabel(wordWrap=True)
        self._where.setProperty("role", "secondary" if volume.has_trash else "warning")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._where)
        self.fall_back = QRadioButton()
        self.skip = QRadioButton(self.tr("Leave them where they are"))
        self.skip.setAccessibleName(self.tr("Leave the photos on {0}").format(name))
        self.skip.setChecked(True)
        if not volume.has_trash and volume.destination is not None:
            place = formatting.home_path(volume.destination)
            self.fall_back.setText(self.tr("Move them to {0}").format(place))
            self.fall_back.setAccessibleName(self.fall_back.text())
            self.fall_back.toggled.connect(self.changed)
            column.addWidget(self.fall_back)
            column.addWidget(self.skip)

    @property
    def falls_back(self) -> bool:
        """Whether its photos are to go into our folder there."""
        return self.fall_back.isChecked()

    def show_volume(self, volume: VolumeSummary, moving: Sequence[PlannedItem]) -> None:
        """`moving`: the photos of the plan that lie on it."""
        count, size = volume.photos, volume.bytes
        if moving:
            count, size = len(moving), sum(item.victim.bytes_total for item in moving)
        self._title.setText(
            self.tr("On {0}: {1}, {2}").format(
                formatting.path(volume.root), formatting.photos(count), formatting.size(size)
            )
        )
        self._where.setText(self._destination(volume))

    def _destination(self, volume: VolumeSummary) -> str:
        place = "" if volume.destination is None else formatting.home_path(volume.destination)
        if volume.has_trash:
            return self.tr("To the trash: {0}").format(place) if place else self.tr("To the trash")
        text = self.tr("No trash there: {0}.").format(volume.reason)
        return text if place else text + " " + self.tr("They stay where they are.")


class _Question(QWidget):
    """A sentence to agree to. Its box is apart, because a box does not wrap its text."""

    def __init__(self, text: str, ticked: bool) -> None:
        super().__init__()
        self.text = text
        label = QLabel(text, wordWrap=True)
        label.setProperty("role", "warning")
        self.box = QCheckBox(self.tr("Yes, that is what I want"))
        self.box.setAccessibleName(f"{self.box.text()}: {text}")
        self.box.setChecked(ticked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(label)
        column.addWidget(self.box)


class EmptiedBox(QFrame):
    """Red: every picture of which no copy would stay, and the box to agree to that."""

    def __init__(self, photos: Sequence[PhotoRecord], thumbs: Thumbnails) -> None:
        super().__init__()
        title = QLabel(
            self.tr("Of these {0} no copy would stay").format(formatting.photos(len(photos)))
        )
        title.setProperty("role", "remove")
        self.pictures = GoingList(thumbs, title.text(), alone=True)
        self.pictures.show_going([Going(photo, None) for photo in photos], columns=4)
        self.agreed = QCheckBox(self.tr("I want to remove every copy"))
        self.agreed.setAccessibleName(f"{self.agreed.text()}: {title.text()}")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for widget in (title, self.pictures, self.agreed):
            column.addWidget(widget)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.colours().remove), 2))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)


class MergeBox(QWidget):
    """Whether what only the photos that go say is written into those that stay, and what.

    On from the start where the catalog knows that something would be lost.
    """

    def __init__(self, requests: Sequence[RemovalRequest]) -> None:
        super().__init__()
        losing = sum(bool(r.keeper and _lost(r.keeper, r.victim)) for r in requests)
        self.box = QCheckBox(self.tr("Merge ratings, keywords, titles and places"))
        self.box.setChecked(losing > 0)
        hint = self.tr("Into the copies that stay, where they lack them; an undo takes it back.")
        if losing:
            hint += " " + self.tr("{0} would lose some otherwise.").format(
                formatting.photos(losing)
            )
        self._hint = QLabel(hint, wordWrap=True)
        self._hint.setProperty("role", "secondary")
        self._hint.setIndent(28)
        self.box.setAccessibleDescription(hint)
        self.fields = Expander()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for widget in (self.box, self._hint, self.fields):
            column.addWidget(widget)

    def show_plan(self, plan: Plan) -> None:
        """Field by field, what each copy that stays will say."""
        merges = [item.merge for item in plan.items if item.merge is not None]
        counts = Counter(explain.field_name(f.name) for each in merges for f in each.fields)
        parts = [f"{name} {formatting.number(count)}" for name, count in counts.items()]
        self.fields.show_refusals(
            self.tr("To be merged: {0}").format(", ".join(parts)),
            [Refusal(each.keeper, _fields(each)) for each in merges],
        )


def _lost(keeper: PhotoRecord, victim: PhotoRecord) -> set[str]:
    """Of what can be merged."""
    return set(lacks_of(keeper, victim)) & {"rating", "keywords", "title", "place"}


def _fields(merge: Merge) -> str:
    lines = []
    for each in merge.fields:
        name = explain.field_name(each.name)
        after = f"{each.before} → {each.after}" if each.before else each.after
        lines.append(f"{name}: {after}")
    if merge.target != merge.keeper:
        lines.append(formatting.home_path(merge.target))
    return "\n".join(lines)


class Expander(QWidget):
    """A line that opens into a list of files with their reasons; hidden without any."""

    def __init__(self) -> None:
        super().__init__()
        self.button = QPushButton()
        self.button.setProperty("role", "link")
        self.button.setAutoDefault(False)
        self.button.setCheckable(True)
        self.button.toggled.connect(self._on_toggled)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setFixedHeight(_LIST_PX)
        self.list.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.list)
        self._on_toggled(False)
        self.hide()

    def show_refusals(self, title: str, refusals: Sequence[Refusal]) -> None:
        """Show these under that title."""
        self.button.setText(title)
        self.list.setAccessibleName(title)
        self.list.clear()
        self.list.addItems(
            [f"{formatting.home_path(each.path)}\n{each.reason}" for each in refusals]
        )
        self.setVisible(bool(refusals))

    def _on_toggled(self, opened: bool) -> None:
        icons.put(self.button, "up" if opened else "down")
        self.list.setVisible(opened)
