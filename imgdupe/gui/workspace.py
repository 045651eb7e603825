# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""An opened library in the window: builds the views and connects them with scan and session.

Main thread; made once, when the session is open. Decides nothing about photographs: it passes on
what the user asks, and shows what came of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from imgdupe.engine.scan import ScanReport
from imgdupe.engine.session import Session
from imgdupe.gui import desktop, drops, formatting, icons, theme
from imgdupe.gui.dialogs.settings import SettingsDialog
from imgdupe.gui.feed import Feed, Snapshot
from imgdupe.gui.jobs import Done, Failed, JobResult, Jobs
from imgdupe.gui.library import Library
from imgdupe.gui.marks import Marks
from imgdupe.gui.models.folders import Role
from imgdupe.gui.removals import Removals
from imgdupe.gui.reporting import Reporting
from imgdupe.gui.scanning import Scans
from imgdupe.gui.selecting import Selecting
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.compare import CompareView
from imgdupe.gui.views.folders import FoldersView
from imgdupe.gui.views.groups import GroupsView
from imgdupe.gui.views.groups_page import GroupsPage
from imgdupe.gui.views.history import HistoryView
from imgdupe.gui.views.main_window import MainWindow
from imgdupe.gui.views.problems import ProblemsView
from imgdupe.gui.views.scan_panel import Findings
from imgdupe.gui.views.search import SearchView
from imgdupe.library.formats import PICTURES, RAWS
from imgdupe.progress import Progress
from imgdupe.records import Group, PhotoRecord

_LONG_SCAN_S = 20.0
_HINT = "review"


class Workspace(QObject):
    """Everything that lives as long as the library is open."""

    def __init__(self, session: Session, jobs: Jobs, window: MainWindow) -> None:
        super().__init__(window)
        self.session = session
        self.jobs = jobs
        self.window = window
        self.snapshot: Snapshot | None = None
        self._offline: list[bytes] = []
        self.marks = Marks(session)
        self.thumbs = Thumbnails(session)
        self.scans = Scans(session, jobs, self)
        self.library = Library(session, jobs, self.scans, self)
        self.selecting = Selecting(self.library, self.marks, self.thumbs, window)
        self.feed = Feed(session, jobs, self)
        self._make_views()
        self.removals = Removals(session, jobs, self.thumbs, self.marks, window)
        self.reporting = Reporting(session, jobs, window)
        self.removals.changed.connect(self.feed.refresh)
        self.removals.failed.connect(self._complain)
        self._connect_views()
        self._connect_actions()
        self._connect_engine()
        self.groups.restore(window.memory)
        self.apply_theme()
        self._show_notices()
        scheme = QApplication.styleHints().colorSchemeChanged
        scheme.connect(lambda _scheme: self.apply_theme())
        self.feed.refresh()
        self.jobs.start("warm up", lambda *_: session.warm_up(), self._on_warm)

    def close(self) -> None:
        """Let go of the library, after every job has ended."""
        self.groups.remember(self.window.memory)
        self.feed.stop()
        self.compare.close_pictures()
        self.thumbs.close()
        self.session.close()

    # -- building ---------------------------------------------------------------------------------

    def _make_views(self) -> None:
        session, jobs = self.session, self.jobs
        self.groups = GroupsView(self.marks, self.thumbs)
        self.compare = CompareView(session, jobs, self.marks, self.thumbs)
        self.groups_page = GroupsPage(self.groups, self.compare)
        self.search = SearchView(session, jobs, self.thumbs)
        self.folders = FoldersView()
        self.history = HistoryView(session, jobs)
        self.problems = ProblemsView(session, jobs)
        self.window.set_page("groups", self.groups_page)
        self.window.set_page("search", self.search)
        self.window.set_page("library", self.folders)
        self.window.set_page("history", self.history)
        self.window.set_page("problems", self.problems)

    def _connect_views(self) -> None:
        self.groups_page.add_pressed.connect(self.choose_folder)
        self.groups_page.loosen_pressed.connect(lambda: self.open_settings("matching"))
        self.groups_page.first_run.folder_chosen.connect(lambda path: self.add_folders([path]))
        self.groups.compare_requested.connect(self._on_compare)
        self.groups.remove_requested.connect(self.removals.review)
        self.groups.similar_requested.connect(self._on_similar)
        self.groups.protect_requested.connect(self._on_protect)
        self.groups.hint.dismissed.connect(self._on_hint)
        self.groups.hint.keys_pressed.connect(self.window.actions_.keys.trigger)
        self.groups.hint.offer(_HINT not in self.session.settings.hints_seen)
        self.compare.closed.connect(self._on_compared)
        self.compare.similar_requested.connect(self._on_similar)
        self.folders.add_pressed.connect(self.choose_folder)
        self.folders.scan_requested.connect(self.scans.scan)
        self.folders.forget_requested.connect(self.library.forget)
        self.folders.role_chosen.connect(self.library.set_role)
        self.history.undone.connect(self.removals.on_back)
        self.history.failed.connect(self._complain)
        self.problems.retry_requested.connect(self.library.retry)

    def _connect_actions(self) -> None:
        window, actions = self.window, self.window.actions_
        actions.add_folder.triggered.connect(self.choose_folder)
        actions.scan.triggered.connect(self.library.scan_all)
        actions.paste.triggered.connect(window.paste)
        actions.remove.triggered.connect(self.removals.review)
        actions.autoselect.triggered.connect(self.select_by_rules)
        actions.settings.triggered.connect(lambda _checked: self.open_settings())
        actions.report.triggered.connect(self.reporting.ask)
        actions.filter.triggered.connect(self._on_filter)
        actions.undo.triggered.connect(self.removals.undoing.undo)
        actions.redo.triggered.connect(self.removals.undoing.redo)
        self.removals.undoing.changed.connect(self._show_steps)
        self._show_steps()
        window.paths_dropped.connect(self.take_paths)
        window.picture_dropped.connect(self._on_picture)
        window.view_changed.connect(self._on_view)
        window.scan_bar.scan_pressed.connect(self.library.scan_all)
        window.scan_bar.problems_pressed.connect(lambda: window.show_view("problems"))

    def _connect_engine(self) -> None:
        controls = self.window.scan_bar.controls
        controls.pause_pressed.connect(self.scans.pause)
        controls.stop_pressed.connect(self.scans.stop)
        self.scans.started.connect(self._on_scan_started)
        self.scans.progressed.connect(self._on_progress)
        self.scans.finished.connect(self._on_scanned)
        self.scans.failed.connect(self._on_scan_failed)
        self.feed.changed.connect(self._on_snapshot)
        self.feed.roots_changed.connect(self.scans.scan)
        self.feed.failed.connect(self._complain)
        self.library.changed.connect(self._on_library_changed)
        self.library.failed.connect(self._complain)

    # -- folders and scan -------------------------------------------------------------------------

    def choose_folder(self) -> None:
        """The file dialog for a folder."""
        dialog = QFileDialog(self.window, self.tr("Add a folder with photos"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.take_paths([os.fsencode(name)]))
        dialog.open()

    def add_folders(self, folders: Sequence[bytes]) -> None:
        """Put folders into the library and scan them; the groups come to the front."""
        self.library.add(folders)
        self.window.show_view("groups")

    def _on_scan_started(self) -> None:
        self.window.banners.clear("scan")
        self._show_library()

    def _on_progress(self, progress: Progress) -> None:
        paused = self.scans.paused
        self.window.scan_bar.show_progress(progress, paused, self._findings())
        self.groups_page.scan_page.show_progress(progress, paused)

    def _on_scanned(self, report: ScanReport | None) -> None:
        self.feed.refresh()
        self._show_library()
        self._show_model()
        if report is None or report.stopped:
            self.window.notify(
                self.tr("The scan was stopped. Everything it found so far stays."),
                button=self.tr("Go on"),
                action=self.library.scan_all,
                key="scan",
            )
        elif report.seconds > _LONG_SCAN_S and not self.window.isActiveWindow():
            found = self.tr("{0}, {1} without a result").format(
                formatting.photos(report.found), formatting.files(len(report.problems))
            )
            desktop.notify(self.window, self.tr("The scan has ended"), found)
        if self.window.view == "problems":
            self.problems.refresh()

    def _on_scan_failed(self, text: str) -> None:
        self._show_library()
        self.window.notify(text, "error", self.tr("Try again"), self.library.scan_all, "scan")

    # -- what the library holds -------------------------------------------------------------------

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.groups.set_groups(snapshot.groups, snapshot.parted)
        if self.groups_page.comparing:
            self.compare.follow(snapshot.groups, snapshot.parted)
        self._show_library()
        self._show_offline([root.path for root in snapshot.roots if not root.online])

    def _show_library(self) -> None:
        snapshot = self.snapshot
        self.groups_page.show_library(snapshot, self.scans.running)
        if snapshot is None:
            return
        self.folders.set_rows(snapshot.folders)
        self.window.rail.mark("problems", snapshot.counts.problems)
        if not self.scans.running:
            self._show_idle(snapshot)

    def _show_idle(self, snapshot: Snapshot) -> None:
        parts = [formatting.photos(snapshot.counts.photos)]
        if snapshot.groups:
            parts.append(formatting.groups(len(snapshot.groups)))
            size = formatting.size(snapshot.reclaimable_bytes)
            parts.append(self.tr("{0} in copies").format(size))
        text = "  ·  ".join(parts) if snapshot.roots else ""
        self.window.scan_bar.show_idle(text, snapshot.counts.problems, bool(snapshot.roots))

    def _findings(self) -> Findings:
        if self.snapshot is None:
            return Findings()
        return Findings(len(self.snapshot.groups), self.snapshot.reclaimable_bytes)

    def _show_offline(self, offline: list[bytes]) -> None:
        if offline == self._offline:
            return
        self._offline = offline
        self.window.banners.clear("offline")
        if offline:
            names = ", ".join(formatting.home_path(path) for path in offline)
            text = self.tr(
                "Not there now: {0}. Its photos stay in the library and come back by themselves; "
                "nothing can be removed there meanwhile."
            )
            text, look = text.format(names), self.feed.look_at_roots
            self.window.notify(text, "warning", self.tr("Look again"), look, "offline")

    # -- review and removal -----------------------------------------------------------------------

    def _on_compare(self, group: Group) -> None:
        groups = self.groups.shown()
        keys = [each.key for each in groups]
        if group.key in keys:
            self.compare.show_group(groups, keys.index(group.key))
        else:
            self.compare.show_group([group], 0)
        self.groups_page.compare()

    def _on_compared(self) -> None:
        group = self.compare.current()
        self.groups_page.leave()
        if group is not None:
            self.groups.show_group(group.key)
        self._show_library()

    def _on_hint(self) -> None:
        seen = self.session.settings.hints_seen
        self.library.save(replace(self.session.settings, hints_seen=(*seen, _HINT)))

    def _on_protect(self, folder: bytes, protect: bool) -> None:
        self.library.set_role([folder], Role.PROTECTED if protect else Role.NORMAL)
        text = self.tr("Protected: {0}. Nothing in it can be removed.")
        if not protect:
            text = self.tr("No longer protected: {0}")
        self.groups.toast.say(text.format(formatting.home_path(folder)))

    def _show_steps(self) -> None:
        """Say in the menu what Ctrl+Z and Ctrl+Shift+Z would do."""
        undoing, actions = self.removals.undoing, self.window.actions_
        for action, text, name in (
            (actions.undo, undoing.undo_text, self.tr("Undo")),
            (actions.redo, undoing.redo_text, self.tr("Redo")),
        ):
            action.setEnabled(text is not None)
            action.setText(name if text is None else f"{name}: {text}")

    def _on_filter(self) -> None:
        self.window.show_view("groups")
        if not self.groups_page.comparing:
            self.groups.focus_filter()

    def select_by_rules(self) -> None:
        """S5: mark in many groups at once."""
        self.window.show_view("groups")
        groups = self.snapshot.groups if self.snapshot is not None else []
        self.selecting.open(groups, self.groups.shown())

    # -- drops and search -------------------------------------------------------------------------

    def take_paths(self, paths: list[bytes]) -> None:
        """Dropped or handed over: folders are added, pictures are looked for."""
        suffixes = sorted(PICTURES | RAWS)
        self.jobs.start("drop", lambda *_: drops.sort_out(paths, suffixes), self._on_sorted)

    def _on_sorted(self, result: JobResult[drops.Dropped]) -> None:
        if not isinstance(result, Done):
            return
        dropped = result.value
        if dropped.folders:
            self.add_folders(dropped.folders)
        if dropped.pictures:
            self.window.show_view("search")
            self.search.search_paths(list(dropped.pictures))
        if dropped.others:
            name = formatting.home_path(dropped.others[0])
            text = self.tr("Neither a folder nor a picture: {0}").format(name)
            if len(dropped.others) > 1:
                more = formatting.files(len(dropped.others) - 1)
                text += " " + self.tr("and {0} more").format(more)
            self.window.notify(text, key="take")

    def _on_picture(self, picture: QImage) -> None:
        self.window.show_view("search")
        self.search.search_image(picture)

    def _on_similar(self, photo: PhotoRecord) -> None:
        self.window.show_view("search")
        self.search.search_photo(photo)

    # -- settings and messages --------------------------------------------------------------------

    def open_settings(self, page: str = "scanning") -> SettingsDialog:
        """S11."""
        dialog = SettingsDialog(self.session.settings, self.session.paths, self.window)
        dialog.open_page(page)
        dialog.look_for_examples(self.session, self.jobs)
        dialog.saved.connect(self.library.save)
        dialog.open()
        return dialog

    def _on_library_changed(self) -> None:
        self.apply_theme()
        self._show_library()
        self.feed.refresh()

    def apply_theme(self) -> None:
        """Show the theme of the settings, everywhere."""
        name = self.session.settings.theme
        app = QApplication.instance()
        if isinstance(app, QApplication) and theme.is_other(name):
            theme.apply(app, name)
            for window in app.topLevelWidgets():
                icons.retint(window)
        self.window.memory.setValue("theme", name)

    def _on_view(self, name: str) -> None:
        refresh: dict[str, Callable[[], None]] = {
            "history": self.history.refresh,
            "problems": self.problems.refresh,
        }
        if name in refresh:
            refresh[name]()

    def _show_notices(self) -> None:
        for text in self.session.notices:
            self.window.notify(text, "warning", self.tr("Scan again"), self.library.scan_all, text)

    def _on_warm(self, result: JobResult[None]) -> None:
        self._show_failure(result)
        self._show_model()

    def _show_model(self) -> None:
        if text := self.session.model_missing:
            button = self.tr("Choose a model…")
            self.window.notify(text, "warning", button, self._choose_model, "model")

    def _choose_model(self) -> None:
        self.open_settings("model")

    def _show_failure(self, result: JobResult[None]) -> None:
        if isinstance(result, Failed):
            self._complain(str(result.error))

    def _complain(self, text: str) -> None:
        self.window.notify(text, "error")
