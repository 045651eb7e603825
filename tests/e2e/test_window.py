# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The real window over real files: the real engine, the real network, a trash in a made home."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from imgdupe.catalog.lock import LibraryLock
from imgdupe.errors import ModelMissing
from imgdupe.gui import single_instance
from imgdupe.gui.dialogs.remove import RemoveDialog
from imgdupe.records import Group, Kind, PhotoRecord
from tests.helpers.library import Library
from tests.helpers.source import REPOSITORY
from tests.helpers.studio import LONG_MS, Studio
from tests.helpers.windows import child, click

pytestmark = pytest.mark.usefixtures("main_thread_collector")


def _photos(groups: list[Group]) -> dict[bytes, PhotoRecord]:
    return {member.photo.path: member.photo for group in groups for member in group.members}


def _group_of(groups: list[Group], path: Path) -> Group:
    wanted = os.fsencode(path)
    return next(
        group for group in groups if any(each.photo.path == wanted for each in group.members)
    )


def test_the_main_job(studio: Studio, library: Library, own_home: Path) -> None:
    groups = studio.scan(library.folder)
    workspace = studio.workspace
    assert workspace.groups_page.currentWidget() is workspace.groups
    copy = library.of_kind("identical")[0]
    group = _group_of(groups, copy.copy)
    assert group.kind is Kind.IDENTICAL
    assert {each.photo.path for each in group.members} == {
        os.fsencode(copy.copy),
        os.fsencode(copy.original),
    }

    workspace.groups.compare_requested.emit(group)
    assert workspace.groups_page.currentWidget() is workspace.compare
    workspace.compare.closed.emit()
    assert workspace.groups_page.currentWidget() is workspace.groups

    assert workspace.marks.remove([_photos(groups)[os.fsencode(copy.copy)]])
    workspace.removals.review()
    dialog = child(studio.window, RemoveDialog)
    studio.wait(dialog.remove_button.isEnabled)
    assert copy.copy.exists()
    with studio.qtbot.waitSignal(dialog.removed, timeout=LONG_MS) as removed:
        click(dialog.remove_button)
    assert [os.fsdecode(moved.path) for moved in removed.args[0].moved] == [str(copy.copy)]
    studio.wait(dialog.close)
    assert not copy.copy.exists()
    assert copy.original.exists()
    trashed = list((own_home / ".local/share/Trash/files").iterdir())
    assert [path.read_bytes() for path in trashed] == [copy.original.read_bytes()]
    groups = studio.settle()
    assert os.fsencode(copy.copy) not in _photos(groups)

    studio.window.show_view("history")
    history = workspace.history
    studio.wait(history.undo_all.isEnabled)
    with studio.qtbot.waitSignal(history.undone, timeout=LONG_MS):
        click(history.undo_all)
    assert copy.copy.read_bytes() == copy.original.read_bytes()
    assert os.fsencode(copy.copy) in _photos(studio.settle())


def test_a_dropped_picture_is_looked_for(studio: Studio, library: Library, tmp_path: Path) -> None:
    studio.scan(library.folder)
    elsewhere = tmp_path / "elsewhere.jpg"
    shutil.copy(library.of_kind("resized")[0].copy, elsewhere)
    studio.drop(elsewhere)
    workspace = studio.workspace
    studio.wait(lambda: studio.window.view == "search")
    studio.wait(lambda: not studio.jobs.busy)
    assert studio.window.pages.currentWidget() is workspace.search


def test_nothing_is_computed_twice(studio: Studio, library: Library) -> None:
    first = studio.scan(library.folder)
    studio.close()
    studio.open()
    workspace = studio.workspace
    again = studio.settle()
    assert [group.key for group in again] == [group.key for group in first]
    workspace.scans.finished.connect(studio.reports.append)
    workspace.library.scan_all()
    studio.wait(lambda: len(studio.reports) == 2)
    assert studio.report.fingerprinted == 0
    assert studio.report.unchanged == studio.report.found > len(library.originals)


def test_closing_during_a_scan_is_quick_and_loses_nothing(
    qtbot: QtBot, studio: Studio, library: Library
) -> None:
    studio.drop(library.folder)
    workspace = studio.workspace
    with qtbot.waitSignal(workspace.scans.progressed, timeout=LONG_MS):
        pass
    assert studio.close() < 6
    studio.open()
    groups = studio.scan(library.folder)
    assert len(_photos(groups)) >= 2 * len(library.of_kind("identical"))
    assert studio.workspace.session.counts().photos >= len(library.originals)


def test_a_scan_is_paused_gone_on_with_and_stopped(studio: Studio, library: Library) -> None:
    studio.drop(library.folder)
    workspace = studio.workspace
    studio.wait(lambda: workspace.scans.running)
    controls = studio.window.scan_bar.controls
    states = []
    for _ in range(2):
        controls.pause.click()
        states.append(workspace.scans.paused)
    assert states == [True, False]
    controls.stop.click()
    studio.wait(lambda: len(studio.reports) == 1)
    assert studio.reports[0] is None or studio.reports[0].stopped
    texts = [banner.label.text() for banner in studio.window.banners.banners()]
    assert any("Everything it found so far stays" in text for text in texts)


def test_an_unplugged_folder_is_offline_and_comes_back(
    studio: Studio, library: Library, tmp_path: Path
) -> None:
    groups = studio.scan(library.folder)
    away = tmp_path / "unplugged"
    library.folder.rename(away)
    studio.workspace.feed.look_at_roots()
    studio.wait(lambda: len(studio.reports) == 2)
    kept = studio.settle()
    assert [group.key for group in kept] == [group.key for group in groups]
    assert all(photo.offline for photo in _photos(kept).values())
    texts = [banner.label.text() for banner in studio.window.banners.banners()]
    assert any(text.startswith("Not there now") for text in texts)
    away.rename(library.folder)
    studio.workspace.feed.look_at_roots()
    studio.wait(lambda: len(studio.reports) == 3)
    assert not any(photo.offline for photo in _photos(studio.settle()).values())
    assert studio.window.banners.banners() == []


def test_files_without_a_result_are_listed(studio: Studio, library: Library) -> None:
    broken = library.folder / os.fsdecode(b"caf\xe9.jpg")
    broken.write_bytes(b"\xff\xd8\xff\xe0 and nothing more")
    studio.scan(library.folder)
    studio.window.show_view("problems")
    table = studio.workspace.problems.table
    studio.wait(lambda: bool(table.shown()))
    assert [problem.path for problem in table.shown()] == [os.fsencode(broken)]
    shutil.copy(library.originals[0], broken)
    studio.workspace.problems.retry.click()
    studio.wait(lambda: table.shown() == [] and not studio.workspace.scans.running)


def test_odd_and_hostile_files_come_to_an_end(studio: Studio, shared: Path, tmp_path: Path) -> None:
    corpus = shared / "corpora" / "odd-images"
    files = sorted(path for path in corpus.rglob("*") if path.is_file())[::15]
    for number, path in enumerate(files):
        shutil.copy(path, tmp_path / "photos" / f"{number:03d}-{path.name}")
    studio.scan(tmp_path / "photos")
    assert not studio.report.stopped
    counts = studio.workspace.session.counts()
    assert counts.photos > 20
    assert counts.problems > 10


@pytest.mark.campaign
def test_the_whole_collection_of_odd_files_comes_to_an_end(studio: Studio, shared: Path) -> None:
    studio.drop(shared / "corpora" / "odd-images")
    studio.qtbot.waitUntil(lambda: bool(studio.reports), timeout=15 * LONG_MS)
    assert not studio.report.stopped


def test_a_missing_model_is_a_message_and_no_crash(
    qtbot: QtBot, tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_folder: object) -> None:
        raise ModelMissing("The network is missing. pHash still works.")

    monkeypatch.setattr("imgdupe.engine.session.load_card", missing)
    studio = Studio(qtbot, tmp_path)
    groups = studio.scan(library.folder)
    copy = library.of_kind("identical")[0]
    assert _group_of(groups, copy.copy).kind is Kind.IDENTICAL
    texts = [banner.label.text() for banner in studio.window.banners.banners()]
    assert texts == ["The network is missing. pHash still works."]
    studio.close()


def test_a_busy_library_is_said_and_opened_later(qtbot: QtBot, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    lock = LibraryLock(data)
    lock.acquire()
    studio = Studio(qtbot, tmp_path)
    preparing = studio.window._preparing
    studio.wait(lambda: "Another imgdupe" in preparing._title.text())
    lock.release()
    preparing.button.click()
    assert studio.workspace.session.counts().photos == 0
    studio.close()


def test_the_window_needs_no_numpy_to_appear() -> None:
    code = "import sys, imgdupe.app; print(*sys.modules.keys() & {'numpy', 'onnxruntime', 'PIL'})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_a_second_start_hands_over_and_a_polite_kill_ends_it_well(
    qtbot: QtBot, tmp_path: Path, library: Library
) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "imgdupe", "--data-dir", str(data)]
    first = subprocess.Popen([*command, str(library.folder)], cwd=REPOSITORY)
    name = single_instance.name_for(data)
    qtbot.waitUntil(lambda: single_instance.hand_over(name, []), timeout=LONG_MS)
    second = subprocess.run(
        [*command, str(library.folder)], cwd=REPOSITORY, timeout=60, check=False
    )
    assert second.returncode == 0
    assert first.poll() is None
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=30) == 0
    log = (data / "log" / "imgdupe.log").read_text()
    assert "CRITICAL" not in log
    assert (data / "log" / "crash.log").read_text() == ""
