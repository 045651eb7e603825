# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S4: the photo that stays beside one that may go, at any size, with all that differs.

Main thread. Left stands the keeper, right a candidate; the keys act on the pane with the ring.
Marks and never removes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QTransform
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgdupe.engine.session import Session
from imgdupe.gui import explain
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.marks import Marks
from imgdupe.gui.pairs import evidence_between, member_of, placement, relation_between
from imgdupe.gui.pictures import Pictures
from imgdupe.gui.review_keys import Deed, decide, deed_of
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.compare_parts import Caption, CompareHead, DecisionBar, FactsTable
from imgdupe.gui.views.filmstrip import Filmstrip
from imgdupe.gui.views.overlay_pane import Mode, OverlayPane
from imgdupe.gui.views.picture_pane import Gaze, PicturePane
from imgdupe.gui.views.tips import photo_menu
from imgdupe.records import Group, Member, PhotoRecord

_MODES = {
    Deed.COMPARE: Mode.SIDE,
    Deed.WIPE: Mode.WIPE,
    Deed.DIFFERENCE: Mode.DIFFERENCE,
}


class CompareView(QWidget):
    """`closed` when the user goes back; `similar_requested` carries a PhotoRecord."""

    closed = Signal()
    similar_requested = Signal(object)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        marks: Marks,
        thumbs: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._marks = marks
        self._groups: list[Group] = []
        self._place = 0
        self._left: Member | None = None
        self._right: Member | None = None
        self._mode = Mode.SIDE
        self._map = QTransform()
        self._pictures = Pictures(self)
        self.head = CompareHead()
        self.left = PicturePane(self._pictures, thumbs)
        self.right = PicturePane(self._pictures, thumbs)
        self.overlay = OverlayPane(self._pictures, thumbs)
        self._active = self.right
        self.captions = (Caption(), Caption())
        self.why = QLabel()
        self.message = QLabel()
        self.facts = FactsTable()
        self.film = Filmstrip(marks, thumbs)
        self.bar = DecisionBar()
        self._lay_out()
        self._connect()

    # -- which pair -------------------------------------------------------------------------------

    def show_group(self, groups: Sequence[Group], index: int) -> None:
        """Compare the photos of that group; the others are a key away."""
        self._groups = list(groups)
        self._open(min(max(index, 0), len(self._groups) - 1))
        self.setFocus()

    def current(self) -> Group | None:
        """The group that is compared."""
        return self._groups[self._place] if self._groups else None

    def pair(self) -> tuple[Member | None, Member | None]:
        """The members on the left and on the right."""
        return self._left, self._right

    def close_pictures(self) -> None:
        """Stop the threads; before the program ends."""
        self._pictures.close()
        self.overlay.close_loader()

    def _open(self, place: int) -> None:
        if not 0 <= place < len(self._groups):
            return
        self._place = place
        group = self._groups[place]
        self._pictures.begin()
        self.film.model_.show(group)
        self._say("")
        self._left = self._marks.keeper(group)
        self.left.show_photo(self._left.photo)
        self._activate(self.right)
        self._show_candidate(next((m for m in group.members if m is not self._left), None))
        self.head.show_group(place, len(self._groups), group)
        self._prefetch()

    def _show_candidate(self, candidate: Member | None) -> None:
        """Put it on the right; the left pane and its zoom stay."""
        group, left = self.current(), self._left
        if group is None or left is None:
            return
        self._right = candidate
        self.right.show_photo(candidate.photo if candidate is not None else None)
        self._map = QTransform()
        if candidate is not None:
            self._map = placement(group, left.photo, candidate.photo)
            self.overlay.show_pair(left.photo, candidate.photo, self._map)
        self.film.show_pair(left.photo, candidate.photo if candidate is not None else None)
        self.facts.show_pair(left.photo, candidate.photo if candidate is not None else None)
        self._explain()
        self._show_captions()
        if not self.left.gaze().whole:
            self._follow(self.left, self.right)
        self._show_zoom()

    def _step_candidate(self, by: int) -> None:
        group = self.current()
        if group is None:
            return
        others = [each for each in group.members if each is not self._left]
        if not others:
            return
        now = others.index(self._right) if self._right in others else 0
        self._show_candidate(others[(now + by) % len(others)])

    def _on_picked(self, photo: PhotoRecord) -> None:
        group = self.current()
        if group is not None and self._left is not None and photo != self._left.photo:
            self._show_candidate(member_of(group, photo))
            self._activate(self.right)
        else:
            self._activate(self.left)

    def _prefetch(self) -> None:
        """The other candidates, then what the next and the previous group begin with."""
        for place in (self._place - 1, self._place + 1):
            if 0 <= place < len(self._groups):
                for member in self._groups[place].members[1::-1]:
                    self._pictures.screen(member.photo)
        for each in (self._right, self._left):
            if each is not None:
                self._pictures.screen(each.photo)

    # -- deciding ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = deed_of(event)
        if deed is None:
            event.ignore()
            return
        event.accept()
        if event.isAutoRepeat() and deed in {Deed.BLINK, Deed.ACCEPT, Deed.KEEP_REST}:
            return
        self.do(deed)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        blink = event.key() == Qt.Key.Key_B and not event.isAutoRepeat()
        if blink and self._mode is Mode.BLINK:
            self.set_mode(Mode.SIDE)
        else:
            super().keyReleaseEvent(event)

    def do(self, deed: Deed) -> None:
        """What a key or a button asks for."""
        looks: dict[Deed, Callable[[], object]] = {
            Deed.NEXT_PHOTO: lambda: self._step_candidate(1),
            Deed.PREVIOUS_PHOTO: lambda: self._step_candidate(-1),
            Deed.NEXT_GROUP: lambda: self._open(self._place + 1),
            Deed.PREVIOUS_GROUP: lambda: self._open(self._place - 1),
            Deed.NEXT_PAGE: lambda: self._open(self._place + 1),
            Deed.PREVIOUS_PAGE: lambda: self._open(self._place - 1),
            Deed.FIRST_GROUP: lambda: self._open(0),
            Deed.LAST_GROUP: lambda: self._open(len(self._groups) - 1),
            Deed.GRID: self.closed.emit,
            Deed.ZOOM: self._toggle_zoom,
            Deed.BLINK: lambda: self.set_mode(Mode.BLINK),
            Deed.INFO: lambda: self.facts.setVisible(self.facts.isHidden()),
            Deed.LIGHTS: lambda: self._show_around(shown=self.head.isHidden()),
        }
        if deed in looks:
            looks[deed]()
        elif deed in _MODES:
            again = self._mode is _MODES[deed]
            self.set_mode(Mode.SIDE if again else _MODES[deed])
        else:
            self._decide(deed)

    def _decide(self, deed: Deed) -> None:
        group, photo = self.current(), self._active.photo()
        if group is None or photo is None:
            return
        self._say("")
        if deed is Deed.ACCEPT:
            self._marks.accept([group])
            self._go_on()
        elif deed is Deed.KEEP_REST:
            if self._marks.keep_this_remove_rest(group, photo):
                self._go_on()
        elif deed is Deed.NOT_DUPLICATES:
            if self._marks.not_duplicates(group):
                self._drop_current()
        elif deed is Deed.NEXT_KEEPER:
            self._marks.next_keeper(group)
            self._open(self._place)
        else:
            decide(self._marks, deed, group, photo)

    def _go_on(self) -> None:
        if self._place + 1 < len(self._groups):
            self._open(self._place + 1)
        else:
            self._say(self.tr("This was the last group."))

    def _drop_current(self) -> None:
        """The group is no more; the next one takes its place."""
        del self._groups[self._place]
        if self._groups:
            self._open(min(self._place, len(self._groups) - 1))
        else:
            self.closed.emit()

    # -- looking ----------------------------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        """Side by side, or both in one place."""
        if self._right is None:
            mode = Mode.SIDE
        if self._mode is Mode.SIDE and mode is not Mode.SIDE:
            self.overlay.set_gaze(self.left.gaze())
        elif self._mode is not Mode.SIDE and mode is Mode.SIDE:
            self.left.set_gaze(self.overlay.gaze())
            self._follow(self.left, self.right)
        self._mode = mode
        self.overlay.set_mode(mode)
        self.stage.setCurrentIndex(0 if mode is Mode.SIDE else 1)
        self.head.show_mode(mode)
        self._show_zoom()

    def _show_around(self, *, shown: bool) -> None:
        """Lights out: nothing but the pictures."""
        for each in (self.head, self.words, self.facts, self.foot):
            each.setVisible(shown)

    @property
    def mode(self) -> Mode:
        return self._mode

    def _toggle_zoom(self) -> None:
        """About the pointer if it is over a picture."""
        panes = (self.left, self.right) if self._mode is Mode.SIDE else (self.overlay,)
        under = next((each for each in panes if each.pointer() is not None), None)
        pane = under or (self._active if self._mode is Mode.SIDE else self.overlay)
        pane.toggle_zoom(pane.pointer())

    def _on_gazed(self, pane: PicturePane) -> None:
        if pane is not self.overlay and self.head.linked.isChecked():
            self._follow(pane, self.right if pane is self.left else self.left)
        self._show_zoom()

    def _follow(self, leader: PicturePane, follower: PicturePane) -> None:
        """Look at the same place of the scene, as large as the leader shows it."""
        gaze = leader.gaze()
        there, possible = self._map, True
        if leader is not self.left:
            there, possible = self._map.inverted()
        if gaze.whole or not possible:
            follower.set_gaze(Gaze())
            return
        ours, theirs = leader.size_px, follower.size_px
        area = theirs.width() * theirs.height() * abs(there.determinant())
        ratio = (ours.width() * ours.height() / max(area, 1e-9)) ** 0.5
        spot = there.map(QPointF(*gaze.centre))
        centre = (spot.x(), spot.y())
        follower.set_gaze(Gaze(whole=False, centre=centre, scale=gaze.scale * ratio))

    def _activate(self, pane: PicturePane) -> None:
        self._active = pane
        for each in (self.left, self.right):
            each.set_active(each is pane)
        self._show_zoom()

    # -- words ------------------------------------------------------------------------------------

    def _explain(self) -> None:
        group, left, right = self.current(), self._left, self._right
        if group is None or left is None or right is None:
            self.why.setText("")
            return
        kind, probability = relation_between(group, left.photo, right.photo)
        words = explain.why(kind, evidence_between(group, left.photo, right.photo))
        badge = explain.kind_badge(kind, probability)
        self.why.setText(self.tr("Why: {0} — {1}").format(badge, words))
        self.why.setToolTip(explain.kind_meaning(kind))

    def _show_captions(self) -> None:
        group = self.current()
        if group is not None:
            for caption, member in zip(self.captions, self.pair(), strict=True):
                caption.show_member(member, self._marks, group)

    def _say(self, text: str) -> None:
        """A short answer to what the user just did."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _show_zoom(self) -> None:
        pane = self._active if self._mode is Mode.SIDE else self.overlay
        self.head.show_zoom(whole=pane.gaze().whole, scale=pane.scale)

    # -- menu -------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        photo = self._active.photo()
        if photo is None:
            return
        menu = photo_menu(self, photo, lambda: self.similar_requested.emit(photo))
        menu.popup(event.globalPos())

    # -- building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        side = QWidget()
        panes = QHBoxLayout(side)
        panes.setContentsMargins(0, 0, 0, 0)
        panes.setSpacing(4)
        panes.addWidget(self.left)
        panes.addWidget(self.right)
        self.stage = QStackedWidget()
        self.stage.addWidget(side)
        self.stage.addWidget(self.overlay)
        self.words, self.foot = QWidget(), QWidget()
        words = QGridLayout(self.words)
        words.setContentsMargins(10, 6, 10, 4)
        words.setHorizontalSpacing(14)
        words.setVerticalSpacing(4)
        for place, caption in enumerate(self.captions):
            words.addWidget(caption, 0, place)
            words.setColumnStretch(place, 1)
        self.why.setProperty("role", "secondary")
        self.why.setWordWrap(True)
        words.addWidget(self.why, 1, 0, 1, 2)
        self.message.setProperty("role", "warning")
        self.message.hide()
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(0, 4, 0, 4)
        foot.addWidget(self.film, 1)
        right = QVBoxLayout()
        right.addStretch(1)
        right.addWidget(self.message, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self.bar)
        right.addStretch(1)
        foot.addLayout(right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.stage, 1)
        column.addWidget(self.words)
        column.addWidget(self.facts)
        column.addWidget(self.foot)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.head.show_mode(Mode.SIDE)

    def _connect(self) -> None:
        for pane in (self.left, self.right, self.overlay):
            pane.gazed.connect(lambda _gaze, each=pane: self._on_gazed(each))
        for pane in (self.left, self.right):
            pane.activated.connect(lambda each=pane: self._activate(each))
        self.head.asked.connect(self.do)
        self.head.mode_chosen.connect(self.set_mode)
        self.bar.asked.connect(self.do)
        self.film.picked.connect(self._on_picked)
        self._marks.changed.connect(self._show_captions)
        self._marks.refused.connect(self._say)
