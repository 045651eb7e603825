# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The search shows answers, their kinds and scores, switches between queries and tells troubles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QImage, QPixmap
from pytestqt.qtbot import QtBot

from imgdupe.control import RunControl
from imgdupe.engine.search import SearchResult
from imgdupe.engine.session import Session
from imgdupe.errors import SearchQueryError
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.search import SearchView
from imgdupe.progress import Counters
from imgdupe.records import FoundFile, Hashes, Hit, Kind, Metadata, PhotoRecord
from tests.helpers.library import make_library


def photo(number: int) -> PhotoRecord:
    """A photo that is nowhere on this disk."""
    file = FoundFile(b"/photos/2024/IMG_%04d.JPG" % number, 9, 0, 1, number)
    hashes = Hashes(number.to_bytes(16, "big"), None, 0, (0,) * 8, bytes(32), 100)
    return PhotoRecord(number, number, file, (), Metadata(4, 3, "JPEG"), hashes)


HITS = (
    Hit(photo(1), 0.9998, Kind.IDENTICAL, 1.0),
    Hit(photo(2), 0.87, Kind.EDITED, 0.9),
    Hit(photo(3), 0.55, Kind.SIMILAR, 0.6),
    Hit(photo(4), -0.1, Kind.DIFFERENT, 0.9),
)


class FakeSession:
    """Answers every query with the same hits, but for names it cannot read."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.exact: tuple[PhotoRecord, ...] = (photo(1),)

    def find(self, path: bytes, _top: int) -> SearchResult:
        self.asked.append(path)
        if b"broken" in path:
            raise SearchQueryError(f"{os.fsdecode(path)}: the file is cut off")
        return SearchResult(path, self.exact, HITS)

    def find_picture(self, data: bytes, _top: int) -> SearchResult:
        self.asked.append(data)
        return SearchResult(b"/cache/x.png", (), HITS)


class FakeThumbnails(QObject):
    """Has a grey picture of everything."""

    arrived = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.grey = QPixmap(320, 213)
        self.grey.fill(QColor("#808080"))

    def pixmap(self, _photo: PhotoRecord) -> QPixmap:
        return self.grey


@pytest.fixture
def fake() -> FakeSession:
    return FakeSession()


@pytest.fixture
def view(fake: FakeSession, jobs: Jobs, qtbot: QtBot) -> SearchView:
    thumbs = FakeThumbnails()
    widget = SearchView(cast("Session", fake), jobs, cast("Thumbnails", thumbs))
    thumbs.setParent(widget)
    qtbot.addWidget(widget)
    widget.resize(1000, 700)
    widget.show()
    return widget


def search(view: SearchView, jobs: Jobs, qtbot: QtBot, *paths: bytes) -> None:
    view.search_paths(list(paths))
    qtbot.waitUntil(lambda: not jobs.busy)


def test_without_a_query_it_says_how_to_begin(view: SearchView) -> None:
    assert not view.grid.isVisible()
    assert not view.panel.isVisible()


def test_answers_and_the_exact_file(view: SearchView, jobs: Jobs, qtbot: QtBot) -> None:
    search(view, jobs, qtbot, b"/card/query.jpg")
    assert view.panel.name.text() == "query.jpg"
    assert "Exactly this file is in the library as:\n/photos/2024/IMG_0001.JPG" in (
        view.panel.exact.text()
    )
    assert view.grid.isVisible()
    view.slider.setValue(0)
    assert view.model.rows() == HITS
    spoken = view.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "IMG_0002.JPG, 87 %, edited, /photos/2024"
    view.slider.setValue(100)
    assert view.model.rows() == HITS[:1]
    assert "100 %" in view.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_slider_leaves_out_what_is_less_similar(
    view: SearchView, jobs: Jobs, qtbot: QtBot
) -> None:
    search(view, jobs, qtbot, b"/photos/2024/IMG_0001.JPG")
    view.slider.setValue(80)
    assert [hit.score for hit in view.model.rows()] == [0.87], "the query itself is no answer"
    view.slider.setValue(90)
    assert view.message.isVisible()
    assert not view.grid.isVisible()
    view.slider.setValue(50)
    assert len(view.model.rows()) == 2


def test_several_queries_can_be_switched(
    view: SearchView, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    search(view, jobs, qtbot, b"/card/a.jpg", b"/card/broken.jpg", b"/card/c.jpg")
    assert fake.asked == [b"/card/a.jpg", b"/card/broken.jpg", b"/card/c.jpg"]
    assert view.panel.list.count() == 3
    view.panel.list.setCurrentRow(1)
    assert view.panel.name.text() == "broken.jpg"
    assert view.message.isVisible()
    assert "the file is cut off" in view.panel.list.item(1).toolTip()
    view.panel.list.setCurrentRow(2)
    assert view.grid.isVisible()
    search(view, jobs, qtbot, b"/card/a.jpg")
    assert [view.panel.list.item(row).text() for row in range(3)] == [
        "a.jpg",
        "broken.jpg",
        "c.jpg",
    ]
    view.panel.clear.click()
    assert not view.panel.isVisible()


def test_a_pasted_picture(view: SearchView, fake: FakeSession, jobs: Jobs, qtbot: QtBot) -> None:
    image = QImage(1200, 800, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    view.search_image(image)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert QImage.fromData(fake.asked[0]).size() == image.size()
    assert view.panel.exact.text() == "No photo of the library is exactly this file."
    assert view.panel.picture.pixmap().width() == 240 * view.devicePixelRatioF()


def test_what_can_be_done_with_an_answer(
    view: SearchView, fake: FakeSession, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    search(view, jobs, qtbot, b"/card/a.jpg")
    assert not view.grid.open.isEnabled()
    view.grid.setCurrentIndex(view.model.index(1))
    view.grid.open.trigger()
    view.grid.doubleClicked.emit(view.model.index(1))
    assert [url.toLocalFile() for url in opened] == ["/photos/2024/IMG_0002.JPG"] * 2
    view.grid.copy.trigger()
    assert QGuiApplication.clipboard().text() == "/photos/2024/IMG_0002.JPG"
    view.grid.more.trigger()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert fake.asked[-1] == b"/photos/2024/IMG_0002.JPG"
    assert view.panel.exact.text().startswith("Exactly this file is in the library")


def test_it_paints_every_tile(view: SearchView, jobs: Jobs, qtbot: QtBot, dark: None) -> None:
    search(view, jobs, qtbot, b"/card/a.jpg")
    view.slider.setValue(0)
    picture = view.grid.grab().toImage()
    rect = view.grid.visualRect(view.model.index(3))
    ratio = picture.devicePixelRatio()
    middle = picture.pixelColor(round(rect.center().x() * ratio), round((rect.y() + 80) * ratio))
    assert middle == QColor("#808080")


def test_with_a_real_library(tmp_path: Path, jobs: Jobs, qtbot: QtBot) -> None:
    made = make_library(tmp_path / "photos", photos=4, size=(320, 240))
    (pair,) = made.of_kind("identical")
    with Session.open(tmp_path / "data") as session:
        session.scan([bytes(made.folder)], RunControl(), Counters(), workers=1)
        thumbs = Thumbnails(session)
        view = SearchView(session, jobs, thumbs)
        qtbot.addWidget(view)
        view.show()
        view.search_paths([bytes(pair.copy)])
        qtbot.waitUntil(lambda: bool(view.model.rows()), timeout=20_000)
        best = view.model.rows()[0]
        assert best.photo.path == bytes(pair.original)
        assert best.kind is Kind.IDENTICAL
        assert "This photo is in the library." in view.panel.exact.text()
        assert pair.original.name in view.panel.exact.text()
        qtbot.waitUntil(lambda: thumbs.pixmap(best.photo) is not None)
        thumbs.close()
