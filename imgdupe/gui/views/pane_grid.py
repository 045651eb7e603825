# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Two to eight pictures beside each other that look at the same place of the scene.

Main thread. Knows how each picture lies on the first; zoom, pan and loupe follow that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QGridLayout, QWidget

from imgdupe.gui import explain, measures
from imgdupe.gui.delegates.tile import LOOKS, Look, states_of
from imgdupe.gui.marks import Marks
from imgdupe.gui.pictures import Pictures
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.aids import Loupe, part_under, with_words
from imgdupe.gui.views.picture_pane import Gaze, PicturePane
from imgdupe.records import Group, PhotoRecord

MOST = 8
_COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4}
_GAP_PX = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """A photo, and where the first picture's unit square lies on its own."""

    photo: PhotoRecord
    from_first: QTransform


class PaneGrid(QWidget):
    """`gazed`: the zoom or the place changed; `activated` carries the photo that was clicked."""

    gazed = Signal()
    activated = Signal(object)

    def __init__(
        self, pictures: Pictures, thumbs: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.panes = [PicturePane(pictures, thumbs) for _ in range(MOST)]
        self._linked = True
        self._loupe = False
        self._maps = [QTransform() for _ in range(MOST)]
        self._count = 0
        self._active = 1
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP_PX)
        pictures.loaded.connect(lambda _ids: self._measure())
        for pane in self.panes:
            pane.hide()
            pane.gazed.connect(lambda _gaze, each=pane: self._on_gazed(each))
            pane.activated.connect(lambda each=pane: self._on_clicked(each))
            pane.hovered.connect(lambda point, each=pane: self._on_hovered(each, point))

    # -- what is shown ----------------------------------------------------------------------------

    def show_photos(self, placed: Sequence[Placed | None]) -> None:
        """Show at most `MOST`, each in its place; None leaves a pane empty.

        A photo that stays in its pane keeps its zoom, and the others follow the first.
        """
        self._arrange(len(placed))
        for pane, each in zip(self.panes, placed, strict=False):
            photo = each.photo if each is not None else None
            if photo is None or pane.photo() != photo:
                pane.show_photo(photo)
        self._maps = [each.from_first if each is not None else QTransform() for each in placed]
        if self.panes and not self.panes[0].gaze().whole:
            self.follow(self.panes[0])
        self._clear_loupes()

    def _arrange(self, count: int) -> None:
        if count == self._count:
            return
        self._count = count
        columns = _COLUMNS[count]
        for place, pane in enumerate(self.panes):
            self._layout.removeWidget(pane)
            if place < count:
                self._layout.addWidget(pane, place // columns, place % columns)
            pane.setVisible(place < count)

    def shown(self) -> list[PicturePane]:
        """The panes in use."""
        return self.panes[: self._count]

    def show_states(self, group: Group | None, marks: Marks) -> None:
        """Name and state over each picture; of no group: none, there are words elsewhere."""
        looks: dict[PhotoRecord, Look | None] = {}
        if group is not None:
            for member, state in zip(group.members, states_of(group, marks), strict=True):
                looks[member.photo] = LOOKS.get(state)
        for pane in self.panes:
            photo = pane.photo()
            named = photo is not None and photo in looks
            pane.aids.name = explain.file_name(photo) if named and photo else ""
            pane.aids.look = looks.get(photo) if photo is not None else None
            pane.update()

    def set_aids(self, *, histogram: bool, clipping: bool, loupe: bool) -> None:
        """Lay these over every picture."""
        self._loupe = loupe
        for pane in self.panes:
            pane.aids.histogram, pane.aids.clipping = histogram, clipping
            pane.update()
        if loupe:
            self._hover_first()
        else:
            self._clear_loupes()

    # -- which one the keys act on ----------------------------------------------------------------

    def active(self) -> PicturePane:
        return self.panes[self._active]

    def activate(self, photo: PhotoRecord | None) -> None:
        """Put the ring around the pane of that photo; where there is none, it stays."""
        for place, pane in enumerate(self.shown()):
            if photo is not None and pane.photo() == photo:
                self._active = place
        self._active = min(self._active, max(self._count - 1, 0))
        for place, pane in enumerate(self.panes):
            pane.set_active(place == self._active)

    def _on_clicked(self, pane: PicturePane) -> None:
        if pane.photo() is not None:
            self.activated.emit(pane.photo())

    # -- the same place of the scene --------------------------------------------------------------

    def under_pointer(self) -> PicturePane | None:
        """The pane that the pointer is over."""
        return next((each for each in self.shown() if each.pointer() is not None), None)

    def show_whole(self) -> None:
        """Every picture from edge to edge."""
        for pane in self.panes:
            pane.set_gaze(Gaze())

    def set_linked(self, linked: bool) -> None:
        """Whether zoom and place of one picture are those of all."""
        self._linked = linked

    def _on_gazed(self, pane: PicturePane) -> None:
        if self._linked:
            self.follow(pane)
        self.gazed.emit()

    def follow(self, leader: PicturePane) -> None:
        """The others look at the same place of the scene, as large as the leader shows it."""
        gaze = leader.gaze()
        for pane in self.shown():
            if pane is leader:
                continue
            if gaze.whole:
                pane.set_gaze(Gaze())
                continue
            centre, scale = self._there(leader, pane, gaze.centre, gaze.scale)
            pane.set_gaze(Gaze(whole=False, centre=centre, scale=scale))

    def _there(
        self, ours: PicturePane, theirs: PicturePane, spot: tuple[float, float], scale: float
    ) -> tuple[tuple[float, float], float]:
        """A place and a scale of one picture, as another shows the same of the scene."""
        back, possible = self._maps[self.panes.index(ours)].inverted()
        there = back * self._maps[self.panes.index(theirs)] if possible else QTransform()
        mine, other = ours.size_px, theirs.size_px
        area = other.width() * other.height() * abs(there.determinant())
        ratio = (mine.width() * mine.height() / max(area, 1e-9)) ** 0.5
        point = there.map(QPointF(*spot))
        return (point.x(), point.y()), scale * ratio

    # -- the loupe --------------------------------------------------------------------------------

    def _hover_first(self) -> None:
        """Before the pointer comes: the middle of the first picture."""
        pane = self.under_pointer() or self.panes[0]
        self._on_hovered(pane, pane.pointer() or QPointF(pane.rect().center()))

    def _on_hovered(self, pane: PicturePane, point: QPointF | None) -> None:
        if not self._loupe or pane not in self.shown():
            return
        if point is None:
            self._clear_loupes()
            return
        unit = pane.unit_at(point)
        spot, scale = (unit.x(), unit.y()), 1.0 if pane.scale < 1.0 else 2.0 * pane.scale
        for each in self.shown():
            where, larger = (spot, scale)
            if each is not pane:
                where, larger = self._there(pane, each, spot, scale)
            each.aids.loupe = Loupe(where, larger)
        self._measure()

    def _measure(self) -> None:
        """Say how much detail each loupe shows, against the best; only of all pixels."""
        found: list[tuple[PicturePane, float]] = []
        for pane in self.shown():
            photo, loupe = pane.photo(), pane.aids.loupe
            if photo is None or loupe is None:
                continue
            image = pane.image_of(photo, max(loupe.scale, 1.0))
            if image is not None and image.width() == pane.size_px.width():
                ratio = pane.devicePixelRatioF()
                part = part_under(loupe, pane.size_px, image.size(), ratio)
                found.append((pane, measures.detail(image, part)))
            pane.update()
        if len(found) == self._count:
            best = max(value for _, value in found) or 1.0
            for pane, value in found:
                words = self.tr("detail {0} %").format(round(100 * value / best))
                if pane.aids.loupe is not None:
                    pane.aids.loupe = with_words(pane.aids.loupe, words)

    def _clear_loupes(self) -> None:
        for pane in self.panes:
            if pane.aids.loupe is not None:
                pane.aids.loupe = None
                pane.update()
