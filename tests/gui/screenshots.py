# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Pictures of every screen and state, from the real window over a real scan.

`python -m tests.gui.screenshots --out DIR [--photos DIR] [--size 1280x800] [--scale 1 1.5 2]`
Several scales go into a folder each. With --photos the library is made of copies of those files;
else of made pictures. Nothing outside a temporary folder is touched. Works without a screen.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QDialog, QWidget

    from imgdupe.gui.workspace import Workspace
    from imgdupe.records import Group

_HOMES = {
    "HOME": "home",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_CACHE_HOME": "home/.cache",
}
_PATIENCE_S = 300.0
_STILL_S = 30.0


class Tour:
    """One window after the other over one library; each stop is a method."""

    def __init__(self, base: Path, out: Path, size: tuple[int, int]) -> None:
        self.base = base
        self.out = out
        self.size = size
        self.number = 0

    def open(self, data: str) -> None:
        """A fresh window over the library of that name."""
        from PySide6.QtGui import QCursor

        from imgdupe.gui.jobs import Jobs
        from imgdupe.gui.shell import Shell
        from imgdupe.gui.views.main_window import MainWindow

        self.window = MainWindow(self.base / f"{data}.ini")
        self.jobs = Jobs(self.window)
        self.jobs.crashed.connect(sys.exit)
        self.shell = Shell(self.window, self.jobs, self.base / data, [])
        self.window.resize(*self.size)
        QCursor.setPos(self.size[0] - 3, 3)
        self.window.show()
        self.shell.open()
        self.wait(lambda: self.shell.workspace is not None)
        self.wait(lambda: self.work.snapshot is not None)

    @property
    def work(self) -> Workspace:
        assert self.shell.workspace is not None
        return self.shell.workspace

    def wait(self, condition: Callable[[], bool]) -> None:
        from PySide6.QtTest import QTest

        end = time.monotonic() + _PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError
            QTest.qWait(20)

    def busy(self) -> bool:
        """Whether a job runs or a picture is being loaded."""
        from imgdupe.gui.loader import Loader

        owners = (self.window, self.work.thumbs)
        loaders = [loader for owner in owners for loader in owner.findChildren(Loader)]
        return self.jobs.busy or any(each._working or each._waiting for each in loaders)

    def still(self, widget: QWidget) -> QImage:
        """The widget's picture, once thumbnails and jobs have settled."""
        from PySide6.QtTest import QTest

        end = time.monotonic() + _STILL_S
        before, same = None, 0
        while True:
            QTest.qWait(400)
            now = widget.grab().toImage()
            same = same + 1 if now == before and not self.busy() else 0
            if same >= 2 or time.monotonic() > end:
                return now
            before = now

    def shoot(self, name: str, dialog: QDialog | None = None) -> None:
        """Save the window, with the dialog over it, when nothing changes any more."""
        from PySide6.QtCore import QPointF
        from PySide6.QtGui import QColor, QPainter

        over = self.still(dialog) if dialog is not None else None
        image = self.still(self.window)
        if over is not None:
            painter = QPainter(image)
            painter.fillRect(image.rect(), QColor(0, 0, 0, 110))
            room = image.deviceIndependentSize() - over.deviceIndependentSize()
            painter.drawImage(QPointF(room.width() / 2, room.height() / 2), over)
            painter.end()
        self.save(name, image)

    def save(self, name: str, image: QImage) -> None:
        """Write the next picture."""
        self.number += 1
        path = self.out / f"{self.number:02d}-{name}.png"
        image.save(str(path))
        print(path.name, f"{image.width()}x{image.height()}", flush=True)

    def settle(self) -> None:
        """Wait until no scan runs and the newest groups are shown."""
        work = self.work

        def done() -> bool:
            work.feed.refresh()
            stamp = (work.session.generation, work.session.settings)
            return work.feed.shown == stamp and not work.scans.running and not self.jobs.busy

        self.wait(done)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()

    # -- the stops --------------------------------------------------------------------------------

    def first_run_and_scan(self, folders: list[Path]) -> None:
        self.shoot("first-run")
        self.work.add_folders([os.fsencode(folder) for folder in folders])
        self.wait(lambda: self.work.scans.running)
        seen: list[Any] = []
        self.work.scans.progressed.connect(seen.append)
        with mock.patch.object(self.work.feed, "refresh"):  # as before the first group is found
            self.wait(lambda: bool(seen) and seen[-1].done > 0)
            self.save("scanning-first", self.window.grab().toImage())
        self.wait(lambda: bool(self.work.snapshot and self.work.snapshot.groups))
        self.shoot("scanning-with-groups")
        self.settle()

    def shelves(self, suffix: str = "") -> None:
        self.window.show_view("groups")
        names = ("identical", "same-picture", "similar-shots", "not-duplicates")
        for place, name in enumerate(names):
            self.work.groups.tabs.setCurrentIndex(place)
            self.shoot(f"groups-{name}{suffix}")
        self.work.groups.tabs.setCurrentIndex(1)

    def folder_pairs(self) -> None:
        """The order by folder pair, its one decision, the filters, several photos picked."""
        from PySide6.QtTest import QTest

        from imgdupe.gui.arrange import Order
        from imgdupe.gui.dialogs.folder_choice import FolderChoice

        view = self.work.groups
        view.tabs.setCurrentIndex(0)
        view.filters.set_order(Order.FOLDERS)
        view.filters.order_chosen.emit()
        self.shoot("groups-folder-pairs")
        view.filters.keep_folder.click()
        dialog = view.findChild(FolderChoice)
        assert dialog is not None
        self.shoot("folder-choice", dialog)
        dialog.reject()
        view.filters.set_order(Order.SIZE)
        view.filters.order_chosen.emit()
        view.filters.more.click()
        QTest.qWait(200)
        self.save("filters", view.filters.panel.grab().toImage())
        view.filters.panel.hide()
        groups = view.shown()
        view.grid.picks.add([each.members[-1].photo for each in groups[:2]])
        self.work.marks.not_duplicates(self.group(1) or groups[0])
        self.settle()
        self.shelves("-parted")
        self.work.marks.undo_stack.undo()
        self.settle()

    def group(self, shelf: int) -> Group | None:
        self.work.groups.tabs.setCurrentIndex(shelf)
        groups = self.work.groups.shown()
        return groups[0] if groups else None

    def comparison(self, suffix: str = "") -> None:
        from imgdupe.gui.views.overlay_pane import Mode

        group = self.group(1)
        if group is None:
            return
        self.work.groups.compare_requested.emit(group)
        self.shoot(f"compare-side{suffix}")
        for mode in (Mode.SURVEY, Mode.DIFFERENCE, Mode.WIPE):
            self.work.compare.set_mode(mode)
            self.shoot(f"compare-{mode.name.lower()}{suffix}")
        self.work.compare.set_mode(Mode.SIDE)
        head = self.work.compare.head
        for aids, name in (((head.histogram, head.clipping), "tones"), ((head.loupe,), "loupe")):
            for aid in aids:
                aid.setChecked(True)
            self.shoot(f"compare-{name}{suffix}")
            for aid in aids:
                aid.setChecked(False)
        self.work.compare.closed.emit()

    def selection(self) -> None:
        from imgdupe.gui.dialogs.autoselect import AutoSelectDialog

        self.group(1)
        self.work.select_by_rules()
        dialog = self.window.findChild(AutoSelectDialog)
        assert dialog is not None
        self.shoot("select-by-rules", dialog)
        dialog.reject()

    def removal(self) -> None:
        from imgdupe.gui.dialogs.remove import RemoveDialog

        self.group(0)
        self.work.groups.accept_page()
        self.shoot("groups-marked")
        self.work.removals.review()
        dialog = self.window.findChild(RemoveDialog)
        assert dialog is not None
        self.wait(dialog.remove_button.isEnabled)
        self.shoot("remove", dialog)
        removed: list[Any] = []
        dialog.removed.connect(removed.append)
        dialog.remove_button.click()
        self.wait(lambda: bool(removed))
        self.shoot("remove-done", dialog)
        self.wait(dialog.close)
        self.settle()
        self.shoot("after-removal")

    def other_views(self) -> None:
        for view in ("history", "problems", "library", "search"):
            self.window.show_view(view)
            self.shoot(view)
        group = self.group(1) or self.group(0)
        if group is not None:
            self.work.take_paths([group.members[0].photo.path])
            self.wait(lambda: self.window.view == "search" and not self.jobs.busy)
            self.shoot("search-hits")

    def dialogs(self) -> None:
        from imgdupe.gui.dialogs.crash import CrashDialog
        from imgdupe.gui.dialogs.keys import KeysDialog

        self.window.show_view("groups")
        settings = self.work.open_settings()
        for name in settings.names():
            settings.open_page(name)
            self.shoot(f"settings-{name}", settings)
        settings.close()
        text = "Traceback (most recent call last):\n  ...\nZeroDivisionError: division by zero"
        for name, dialog in (
            ("keys", KeysDialog(self.window)),
            ("crash", CrashDialog(text, self.base, self.window)),
        ):
            dialog.open()
            self.shoot(name, dialog)
            dialog.close()

    def light(self) -> None:
        from dataclasses import replace

        dark = self.work.session.settings
        self.work.library.save(replace(dark, theme="light"))
        self.shelves("-light")
        self.comparison("-light")
        self.window.show_view("library")
        self.shoot("library-light")
        self.work.library.save(dark)

    def offline(self, folder: Path) -> None:
        away = folder.with_name("unplugged")
        folder.rename(away)
        self.work.feed.look_at_roots()
        self.wait(lambda: self.work.scans.running)
        self.settle()
        self.window.show_view("groups")
        self.shoot("folder-offline")
        self.window.show_view("library")
        self.shoot("library-offline")
        away.rename(folder)

    def no_groups(self, folder: Path) -> None:
        self.work.add_folders([os.fsencode(folder)])
        self.settle()
        self.shoot("no-groups")


def _tour(base: Path, out: Path, size: tuple[int, int], photos: Path | None) -> None:
    from imgdupe.errors import ModelMissing
    from tests.gui import screenshot_library, screenshot_states, states
    from tests.helpers.photos import make_photo, save

    library = base / "home" / "photos"
    screenshot_library.build(library, photos)
    single = base / "home" / "single"
    save(make_photo(1), single / "IMG_0001.JPG")
    folders = [library / name for name in ("Pictures", "Downloads", "Exports", "Phone backup")]
    tour = Tour(base, out, size)
    tour.open("data")
    tour.first_run_and_scan([folder for folder in folders if folder.exists()])
    tour.shelves()
    tour.folder_pairs()
    tour.comparison()
    tour.selection()
    screenshot_states.troubles(tour)
    screenshot_states.changed_since_the_scan(tour, next((library / "Downloads").glob("*.JPG")))
    tour.removal()
    tour.other_views()
    tour.dialogs()
    tour.light()
    tour.offline(library / "Phone backup")
    tour.close()
    with mock.patch(
        "imgdupe.engine.session.load_card",
        side_effect=ModelMissing(
            "The network's file is missing. Copies are found by pHash alone; install imgdupe "
            "again to find similar pictures too."
        ),
    ):
        tour.open("other")
        screenshot_states.nothing_yet(tour)
        screenshot_states.no_photos(tour, base / "home" / "Documents")
        tour.no_groups(single)
        tour.close()
        states.damage_catalog(base / "other")
        tour.open("other")
        tour.shoot("catalog-damaged")
        tour.close()


def _each_scale(options: argparse.Namespace) -> int:
    """A process for each: Qt reads the scale once."""
    for scale in options.scale:
        command = [sys.executable, "-m", "tests.gui.screenshots", "--size", options.size]
        command += ["--out", str(options.out / f"scale-{scale}"), "--scale", scale]
        if options.photos:
            command += ["--photos", str(options.photos)]
        if status := subprocess.run(command, check=False).returncode:
            return status
    return 0


def main() -> int:
    """Parse, set the stage, go round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--scale", nargs="+", default=["1"])
    options = parser.parse_args()
    if len(options.scale) > 1:
        return _each_scale(options)
    options.out.mkdir(parents=True, exist_ok=True)
    width, height = map(int, options.size.split("x"))
    os.environ["QT_SCALE_FACTOR"] = options.scale[0]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for name, place in _HOMES.items():
            (base / place).mkdir(parents=True, exist_ok=True)
            os.environ[name] = str(base / place)
        for name in ("Pictures", "Downloads"):
            (base / "home" / name).mkdir()
        from imgdupe import app
        from imgdupe.gui import theme
        from imgdupe.gui.gc_guard import GcGuard

        application = app.make_application()
        theme.apply(application, "dark")
        guard = GcGuard()
        _tour(base, options.out, (width, height), options.photos)
        guard.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
