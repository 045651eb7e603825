# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S4: the photo that stays beside one that may go, at any size, with all that differs.

Main thread. Left stands the keeper, right a candidate; the keys act on the pane with the ring.
Marks and never removes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from imgdupe.engine.session import Session
from imgdupe.gui import explain
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.marks import Marks
from imgdupe.gui.pairs import member_of, placement, successors
from imgdupe.gui.pictures import Pictures
from imgdupe.gui.review_keys import Deed, decide, deed_of
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.compare_parts import CompareFoot, CompareHead
from imgdupe.gui.views.compare_words import CompareWords, FactsTable
from imgdupe.gui.views.overlay_pane import Mode, OverlayPane
from imgdupe.gui.views.pane_grid import MOST, PaneGrid, Placed
from imgdupe.gui.views.picture_pane import PicturePane
from imgdupe.gui.views.tips import photo_menu
from imgdupe.records import Group, Kind, Member, PhotoRecord

_MODES = {
    Deed.COMPARE: Mode.SIDE,
    Deed.SURVEY: Mode.SURVEY,
    Deed.WIPE: Mode.WIPE,
    Deed.DIFFERENCE: Mode.DIFFERENCE,
}
_BESIDE = {Mode.SIDE, Mode.SURVEY}


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
        self._pictures = Pictures(self)
        self.head = CompareHead()
        self.grid = PaneGrid(self._pictures, thumbs)
        self.left, self.right = self.grid.panes[:2]
        self.overlay = OverlayPane(self._pictures, thumbs)
        self.words = CompareWords()
        self.facts = FactsTable()
        self.foot = CompareFoot(marks, thumbs)
        self.film, self.message = self.foot.film, self.foot.message
        self._lay_out()
        self._connect()

    # -- which pair -------------------------------------------------------------------------------

    def show_group(self, groups: Sequence[Group], index: int) -> None:
        """Compare the photos of that group; the others are a key away."""
        self._groups = list(groups)
        self._open(min(max(index, 0), len(self._groups) - 1))
        self.setFocus()

    def follow(self, groups: Sequence[Group], parted: Sequence[Group]) -> None:
        """The library's groups are these now: a group that changed is shown as it is now."""
        current = self.current()
        if current is None:
            return
        now = parted if current.kind is Kind.DIFFERENT else groups
        self._groups = successors(self._groups, now)
        heirs = successors([current], now)
        if not self._groups or not heirs:
            self._open_or_close()
        elif heirs[0] != current:
            self._reopen(self._groups.index(heirs[0]))
        else:
            self._place = self._groups.index(current)
            self.head.show_group(self._place, len(self._groups), current)

    def current(self) -> Group | None:
        """The group that is compared."""
        return self._groups[self._place] if self._place < len(self._groups) else None

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
        self.grid.show_whole()
        self.film.model_.show(group)
        self._say("")
        self._left = self._marks.keeper(group)
        self._show_candidate(next((m for m in group.members if m is not self._left), None))
        self.grid.activate(self._right.photo if self._right is not None else None)
        self.head.show_group(place, len(self._groups), group)
        self._show_zoom()
        self._prefetch()

    def _reopen(self, place: int) -> None:
        """The same group after it changed; the candidate stays where it is still a member."""
        before = self._right
        self._open(place)
        if before is not None and before.photo in [each.photo for each in self._others()]:
            self._on_picked(before.photo)

    def _others(self) -> list[Member]:
        group = self.current()
        return [each for each in group.members if each is not self._left] if group else []

    def _show_candidate(self, candidate: Member | None) -> None:
        """Put it on the right; the left pane and its zoom stay."""
        group, left = self.current(), self._left
        if group is None or left is None:
            return
        self._right = candidate
        photo = candidate.photo if candidate is not None else None
        self._show_panes()
        if photo is not None:
            self.overlay.show_pair(left.photo, photo, placement(group, left.photo, photo))
        self.film.show_pair(left.photo, photo)
        self.facts.show_pair(left.photo, photo)
        self.words.show_words(group, left, candidate)
        self._show_decisions()
        self._show_zoom()

    def _show_panes(self) -> None:
        group, left = self.current(), self._left
        if group is None or left is None:
            return
        shown: list[Member | None] = [left, self._right]
        if self._mode is Mode.SURVEY:
            others = self._others()
            first = others.index(self._right) // (MOST - 1) * (MOST - 1) if self._right else 0
            shown = [left, *others[first : first + MOST - 1]]
        self.grid.show_photos(
            [
                Placed(each.photo, placement(group, left.photo, each.photo)) if each else None
                for each in shown
            ]
        )

    def _step_candidate(self, by: int) -> None:
        others = self._others()
        if others:
            now = others.index(self._right) if self._right in others else 0
            self._on_picked(others[(now + by) % len(others)].photo)

    def _on_picked(self, photo: PhotoRecord) -> None:
        """Clicked in the strip or on a picture: the keys act on it."""
        group, pair = self.current(), [each.photo if each else None for each in self.pair()]
        if group is not None and photo not in pair:
            self._show_candidate(member_of(group, photo))
        self.grid.activate(photo)
        self._show_zoom()

    def _prefetch(self) -> None:
        """What is looked at next, the most likely asked for last because that is read first."""
        wanted: list[PhotoRecord] = []
        for place in (self._place + 2, self._place - 1, self._place + 1):
            if 0 <= place < len(self._groups):
                wanted += self._first_pair(self._groups[place])
        wanted += [each.photo for each in self._others()[1:MOST]][::-1]
        wanted += [each.photo for each in (self._right, self._left) if each is not None]
        for photo in wanted:
            self._pictures.screen(photo)

    def _first_pair(self, group: Group) -> list[PhotoRecord]:
        """The candidate and the keeper with which a group will open."""
        keeper = self._marks.keeper(group)
        candidate = next((each for each in group.members if each is not keeper), keeper)
        return [candidate.photo, keeper.photo]

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
            Deed.HISTOGRAM: self.head.histogram.toggle,
            Deed.CLIPPING: self.head.clipping.toggle,
            Deed.LOUPE: self.head.loupe.toggle,
            Deed.INFO: lambda: self.facts.setVisible(self.facts.isHidden()),
            Deed.ONLY_DIFFERENCES: self.words.only_differences.toggle,
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
        group, photo = self.current(), self.grid.active().photo()
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
                del self._groups[self._place]
                self._open_or_close()
        elif deed is Deed.NEXT_KEEPER:
            self._marks.next_keeper(group)
            self._open(self._place)
        else:
            decide(self._marks, deed, group, [photo])

    def _on_cut(self, member: Member) -> None:
        group = self.current()
        if group is not None:
            self._marks.cut(group, member)
            name = explain.file_name(member.photo)
            self._say(self.tr("{0} no longer belongs to this group.").format(name))

    def _go_on(self) -> None:
        if self._place + 1 < len(self._groups):
            self._open(self._place + 1)
        else:
            self._say(self.tr("This was the last group."))

    def _open_or_close(self) -> None:
        """The group is no more; the next one takes its place."""
        if self._groups:
            self._open(min(self._place, len(self._groups) - 1))
        else:
            self.closed.emit()

    # -- looking ----------------------------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        """Side by side, all at once, or two in one place."""
        if self._right is None:
            mode = Mode.SIDE
        before, beside = self._mode in _BESIDE, mode in _BESIDE
        if before and not beside:
            self.overlay.set_gaze(self.left.gaze())
        elif beside and not before:
            self.left.set_gaze(self.overlay.gaze())
        self._mode = mode
        self.overlay.set_mode(mode)
        self.stage.setCurrentIndex(0 if beside else 1)
        self.words.set_captioned(mode is not Mode.SURVEY)
        self.head.show_mode(mode)
        self._show_panes()
        self.grid.follow(self.left)
        self.grid.activate(self._right.photo if self._right is not None else None)
        self._show_decisions()
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
        pane: PicturePane = self.overlay
        if self._mode in _BESIDE:
            pane = self.grid.under_pointer() or self.grid.active()
        pane.toggle_zoom(pane.pointer())

    # -- words ------------------------------------------------------------------------------------

    def _show_decisions(self) -> None:
        """Captions below two pictures, names and letters in many."""
        group = self.current()
        if group is None:
            return
        self.words.show_captions(group, self.pair(), self._marks)
        self.grid.show_states(group if self._mode is Mode.SURVEY else None, self._marks)

    def _say(self, text: str) -> None:
        """A short answer to what the user just did."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _show_zoom(self) -> None:
        pane = self.grid.active() if self._mode in _BESIDE else self.overlay
        self.head.show_zoom(whole=pane.gaze().whole, scale=pane.scale)

    def _on_aids(self) -> None:
        head = self.head
        self.grid.set_aids(
            histogram=head.histogram.isChecked(),
            clipping=head.clipping.isChecked(),
            loupe=head.loupe.isChecked(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.facts.limit_height(self.height() // 5)

    # -- menu -------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        photo = self.grid.active().photo()
        if photo is None:
            return
        menu = photo_menu(self, photo, lambda: self.similar_requested.emit(photo))
        menu.popup(event.globalPos())

    # -- building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.stage = QStackedWidget()
        self.stage.addWidget(self.grid)
        self.stage.addWidget(self.overlay)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.stage, 1)
        for widget in (self.words, self.facts, self.foot):
            column.addWidget(widget)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.head.show_mode(Mode.SIDE)

    def _connect(self) -> None:
        self.grid.gazed.connect(self._show_zoom)
        self.overlay.gazed.connect(lambda _gaze: self._show_zoom())
        self.grid.activated.connect(self._on_picked)
        self.head.asked.connect(self.do)
        self.head.mode_chosen.connect(self.set_mode)
        self.head.aids_changed.connect(self._on_aids)
        self.head.linked.toggled.connect(self.grid.set_linked)
        self.words.only_differences.toggled.connect(self.facts.show_only_differences)
        self.words.link_shown.connect(lambda member: self._on_picked(member.photo))
        self.words.link_cut.connect(self._on_cut)
        self.foot.bar.asked.connect(self.do)
        self.film.picked.connect(self._on_picked)
        self._marks.changed.connect(self._show_decisions)
        self._marks.refused.connect(self._say)
