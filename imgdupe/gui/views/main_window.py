# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The window: rail, messages, one page per view, the bar with the scan; drops land here.

Main thread. A shell that knows no library: it is on the screen before numpy is imported, and the
workspace fills it. It passes on what the user asks and remembers its own geometry.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QSettings, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import drops
from imgdupe.gui.actions import VIEWS, Actions
from imgdupe.gui.views.banners import BannerStack, Tone
from imgdupe.gui.views.empty import EmptyState
from imgdupe.gui.views.rail import Rail
from imgdupe.gui.views.scan_panel import ScanBar

_SIZE_PX = (1280, 800)


class MainWindow(QMainWindow):
    """`paths_dropped` brings a list of bytes paths, `picture_dropped` a QImage."""

    paths_dropped = Signal(object)
    picture_dropped = Signal(object)
    view_changed = Signal(str)
    closing = Signal()

    def __init__(self, geometry_file: Path) -> None:
        super().__init__()
        self.setWindowTitle("imgdupe")
        self.setAcceptDrops(True)
        self.setMinimumSize(820, 540)
        self.memory = QSettings(str(geometry_file), QSettings.Format.IniFormat)
        self.actions_ = Actions(self)
        menu = QMenu(self)
        self.actions_.fill(menu)
        self.rail = Rail(self.actions_.settings, menu)
        self.banners = BannerStack()
        self.pages = QStackedWidget()
        self.scan_bar = ScanBar()
        self._names: dict[str, QWidget] = {}
        self._preparing = EmptyState("picture", self.tr("Preparing…"), "")
        self.pages.addWidget(self._preparing)
        self._overlay = _DropOverlay(self)
        self._lay_out()
        self._connect()
        self._restore()

    # -- pages ------------------------------------------------------------------------------------

    def set_page(self, name: str, page: QWidget) -> None:
        """Give a view its page; the first one ends "Preparing…" if it is the view in front."""
        self._names[name] = page
        self.pages.addWidget(page)
        for key, splitter in self._splitters(name, page):
            state = self.memory.value(key)
            if isinstance(state, QByteArray):
                splitter.restoreState(state)
        if name == self.view:
            self.pages.setCurrentWidget(page)

    def show_view(self, name: str) -> None:
        """Bring a view to the front."""
        self.view = name
        self.rail.select(name)
        page = self._names.get(name, self._preparing)
        self.pages.setCurrentWidget(page)
        page.setFocus()
        self.view_changed.emit(name)

    def show_trouble(self, title: str, text: str, button: str, action: Callable[[], None]) -> None:
        """Instead of "Preparing…": why the library cannot be opened, and one way on."""
        self._preparing.set("problems", title, text, button)
        self._preparing.pressed.disconnect()
        self._preparing.pressed.connect(action)

    def notify(
        self,
        text: str,
        tone: Tone = "info",
        button: str = "",
        action: Callable[[], None] | None = None,
        key: str = "",
    ) -> None:
        """A message above the pages; the same key replaces it."""
        self.banners.show_message(text, tone, button, action, key)

    def raise_up(self) -> None:
        """A second start asked for this window."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    # -- look -------------------------------------------------------------------------------------

    def toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def toggle_panels(self) -> None:
        """Only the photographs: no rail and no bar, until pressed again."""
        hidden = self.rail.isVisibleTo(self)
        self.rail.setVisible(not hidden)
        self.scan_bar.setVisible(not hidden)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.banners)
        right.addWidget(self.pages, 1)
        right.addWidget(self.scan_bar)
        self._central = QWidget()
        self._central.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._central.setFocus()
        row = QHBoxLayout(self._central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.setCentralWidget(self._central)

    def _connect(self) -> None:
        actions = self.actions_
        self.rail.chosen.connect(self.show_view)
        self._preparing.pressed.connect(self.close)
        actions.full_screen.triggered.connect(self.toggle_full_screen)
        actions.panels.triggered.connect(self.toggle_panels)
        actions.quit.triggered.connect(self.close)
        for name, action in actions.views.items():
            action.triggered.connect(lambda _checked, each=name: self.show_view(each))

    # -- memory -----------------------------------------------------------------------------------

    def _restore(self) -> None:
        geometry = self.memory.value("geometry")
        if not isinstance(geometry, QByteArray) or not self.restoreGeometry(geometry):
            screen = QGuiApplication.primaryScreen().availableSize()
            self.resize(min(_SIZE_PX[0], screen.width()), min(_SIZE_PX[1], screen.height()))
        view = str(self.memory.value("view", "groups"))
        self.view = view if view in VIEWS else "groups"
        self.rail.select(self.view)

    def _remember(self) -> None:
        self.memory.setValue("geometry", self.saveGeometry())
        self.memory.setValue("view", self.view)
        for name, page in self._names.items():
            for key, splitter in self._splitters(name, page):
                self.memory.setValue(key, splitter.saveState())
        self.memory.sync()

    def _splitters(self, name: str, page: QWidget) -> list[tuple[str, QSplitter]]:
        """The splitters of a view, with the names under which they are remembered."""
        found = page.findChildren(QSplitter)
        return [(f"splitters/{name}{number}", each) for number, each in enumerate(found)]

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember()
        self.closing.emit()
        super().closeEvent(event)

    # -- drops ------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is None and drops.takes(event.mimeData()):
            event.acceptProposedAction()
            self._overlay.cover(self._central)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._overlay.hide()
        event.acceptProposedAction()
        self.take(event.mimeData())

    def paste(self) -> None:
        """Ctrl+V: what a drop of the clipboard would do."""
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, mime: QMimeData) -> None:
        """Files first, then a picture; an address on the network is not fetched."""
        paths = drops.paths_in(mime)
        picture = drops.picture_in(mime)
        if paths:
            self.paths_dropped.emit(paths)
        elif picture is not None:
            self.picture_dropped.emit(picture)
        elif drops.web_address_in(mime):
            self.notify(
                self.tr(
                    "imgdupe never uses the network. Copy the picture itself in the browser "
                    "(“Copy image”) and paste it here."
                ),
                key="take",
            )
        else:
            self.notify(self.tr("There is no picture or folder in it."), key="take")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._overlay.resize(self._central.size())


class _DropOverlay(QFrame):
    """Shown while something is dragged over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "drop")
        self.setProperty("over", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        title = QLabel(self.tr("Drop folders to scan them, pictures to find them"))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setProperty("role", "title")
        QVBoxLayout(self).addWidget(title)
        self.hide()

    def cover(self, widget: QWidget) -> None:
        self.setGeometry(widget.geometry())
        self.raise_()
        self.show()
