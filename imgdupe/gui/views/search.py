# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S8: pictures go in, the most similar photos of the library come out.

Main thread; each query runs in a job, one after the other, the one in front first. Drops reach it
through the window. Changes nothing on disk.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgdupe.engine.search import SearchResult
from imgdupe.engine.session import Session
from imgdupe.gui import formatting
from imgdupe.gui.jobs import Done, Failed, JobResult, Jobs
from imgdupe.gui.models.hits import HitsModel
from imgdupe.gui.pictures import to_image
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.elided import ElidedLabel
from imgdupe.gui.views.empty import EmptyState
from imgdupe.gui.views.hit_grid import HitGrid
from imgdupe.gui.views.search_query import PICTURE_PX, Query, QueryPanel, name_of
from imgdupe.library.decode import load_view
from imgdupe.library.refusals import DecodeError
from imgdupe.records import PhotoRecord

_TOP = 60
_LEAST_PERCENT = 40
_SHARP = 2
"""The query's picture is read this much larger than it is shown, for dense displays."""
_FAST_PNG = 80
_Answer = tuple[SearchResult, QImage | None]


class SearchView(QWidget):
    """`search_paths` and `search_image` bring the queries."""

    def __init__(
        self, session: Session, jobs: Jobs, thumbs: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._thumbs = thumbs
        self._queries: list[Query] = []
        self._current: Query | None = None
        self._running: Query | None = None
        self.model = HitsModel()
        self.grid = HitGrid(self.model, thumbs)
        self.grid.more_like.connect(self.search_photo)
        self.panel = QueryPanel()
        self.panel.chosen.connect(self._on_chosen)
        self.panel.cleared.connect(self._on_cleared)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setAccessibleName(self.tr("At least this similar, in percent"))
        self.slider.valueChanged.connect(self._on_least)
        self.message = EmptyState("search", "", "")
        thumbs.arrived.connect(self._on_thumbnail)
        self._lay_out()
        self.slider.setValue(_LEAST_PERCENT)

    # -- queries ----------------------------------------------------------------------------------

    def search_paths(self, paths: list[bytes]) -> None:
        """Look for these pictures; the first one comes to the front."""
        again = set(paths)
        self._queries = [query for query in self._queries if query.path not in again]
        self._begin([Query(path, name_of(path)) for path in dict.fromkeys(paths)])

    def search_photo(self, photo: PhotoRecord) -> None:
        """More like a photo of the library."""
        self.search_paths([photo.path])

    def search_image(self, image: QImage) -> None:
        """Look for a picture that is in no file."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG", _FAST_PNG)  # type: ignore[call-overload]
        small = image.scaled(
            PICTURE_PX * _SHARP,
            PICTURE_PX * _SHARP,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        data = bytes(buffer.data().data())
        self._begin([Query(None, self.tr("Pasted picture"), data, small)])

    def _begin(self, new: Sequence[Query]) -> None:
        if new:
            self._queries = [*new, *self._queries]
            self._current = new[0]
            self.panel.set_queries(self._queries, 0)
            self._show()
            self._run_next()

    def _run_next(self) -> None:
        """One at a time: the library answers one query at a time anyway."""
        waiting = [query for query in self._queries if query.waits]
        if self._running is not None or not waiting:
            return
        query = next((each for each in waiting if each is self._current), waiting[0])
        self._running = query
        session, path, data, picture = self._session, query.path, query.data, query.picture
        self._jobs.start(
            "search",
            lambda *_: _answer(session, path, data, picture),
            lambda result: self._on_answer(query, result),
        )

    def _on_answer(self, query: Query, result: JobResult[_Answer]) -> None:
        self._running = None
        if isinstance(result, Done):
            query.result, query.picture = result.value
        elif isinstance(result, Failed):
            query.error = str(result.error)
        else:
            query.error = self.tr("The search broke off.")
        query.data = b""
        if query in self._queries:
            self.panel.update_query(self._queries.index(query), query)
            if query is self._current:
                self._show()
        self._run_next()

    def _on_chosen(self, row: int) -> None:
        self._current = self._queries[row]
        self._show()

    def _on_cleared(self) -> None:
        self._queries = []
        self._current = None
        self.panel.set_queries([], -1)
        self._show()

    # -- what is shown ----------------------------------------------------------------------------

    def _show(self) -> None:
        query = self._current
        self._pages.setCurrentIndex(0 if query is None else 1)
        hits = query.result.hits if query is not None and query.result is not None else ()
        # The picture itself is no answer.
        self.model.set_hits([hit for hit in hits if query and hit.photo.path != query.path])
        if query is not None:
            self._show_query(query)
            self._show_message(query)

    def _show_query(self, query: Query) -> None:
        exact = query.result.exact if query.result is not None else ()
        needed = query.picture is None and bool(exact)
        self.panel.show_query(query, self._thumbs.pixmap(exact[0]) if needed else None)

    def _show_message(self, query: Query) -> None:
        """What stands in the place of the grid when that is empty."""
        shown, total = len(self.model.rows()), self.model.total()
        self._results.setCurrentIndex(0 if shown else 1)
        self._filter.setEnabled(total > 0)
        self._count.setText(
            self.tr("{0} of {1}").format(formatting.number(shown), formatting.photos(total))
            if total
            else ""
        )
        if query.error is not None:
            title = self.tr("{0} could not be looked for").format(query.name)
            self.message.set("problems", title, query.error)
        elif query.waits:
            text = self.tr("The library is compared with {0}.").format(query.name)
            self.message.set("search", self.tr("Searching…"), text)
        elif total:
            title = self.tr("Nothing is that similar")
            best = formatting.percent(self.model.best())
            text = self.tr("The most similar photo reaches {0}. Move the slider to the left.")
            self.message.set("filter", title, text.format(best))
        else:
            text = self.tr("Add a folder with photos, then look for this picture again.")
            self.message.set("search", self.tr("The library has nothing to compare"), text)

    def _on_least(self, percent: int) -> None:
        self.model.set_least(percent / 100)
        self._least.setText(
            self.tr("At least {0} similar").format(formatting.percent(percent / 100))
        )
        if self._current is not None:
            self._show_message(self._current)

    def _on_thumbnail(self, content_id: int) -> None:
        query = self._current
        if query is not None and query.picture is None and query.result is not None:
            exact = query.result.exact
            if exact and exact[0].content_id == content_id:
                self._show_query(query)

    # -- layout -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        empty = EmptyState(
            "drop",
            self.tr("Drop a picture here"),
            self.tr(
                "Or paste one with Ctrl+V. The most similar photos of the library appear, and "
                "whether exactly this file is there already. Nothing leaves this computer."
            ),
            self.tr("Choose pictures…"),
        )
        empty.pressed.connect(self._on_choose)
        found = QWidget()
        row = QHBoxLayout(found)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel)
        row.addWidget(self._answers(), 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(found)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    def _answers(self) -> QWidget:
        title = ElidedLabel(self.tr("Most similar in the library"))
        title.setProperty("role", "title")
        self._count = QLabel()
        self._count.setProperty("role", "secondary")
        self._least = QLabel()
        self._least.setBuddy(self.slider)
        self.slider.setMinimumWidth(90)
        self.slider.setMaximumWidth(180)
        self._filter = QWidget()
        narrow = QHBoxLayout(self._filter)
        narrow.setContentsMargins(0, 0, 0, 0)
        narrow.addWidget(self._least)
        narrow.addWidget(self.slider)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self._count, 1)
        head.addWidget(self._filter)
        self._results = QStackedWidget()
        self._results.addWidget(self.grid)
        self._results.addWidget(self.message)
        answers = QWidget()
        column = QVBoxLayout(answers)
        column.setContentsMargins(12, 16, 12, 12)
        column.setSpacing(10)
        column.addWidget(title)
        column.addLayout(head)
        column.addWidget(self._results, 1)
        return answers

    def _on_choose(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Choose pictures to look for"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.search_paths(list(map(os.fsencode, names))))
        dialog.open()


def _answer(session: Session, path: bytes | None, data: bytes, picture: QImage | None) -> _Answer:
    """In the job's thread: the answer and a small picture of the query, if one can be had."""
    if path is None:
        return session.find_picture(data, _TOP), picture
    result = session.find(path, _TOP)
    try:
        return result, to_image(load_view(path, PICTURE_PX * _SHARP))
    except (DecodeError, OSError):
        return result, None
