# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Scans of folders that change, hold odd things, go away or cannot be written."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imgdupe.control import RunControl
from imgdupe.engine.scan import ScanReport
from imgdupe.engine.session import Session
from imgdupe.engine.workers import DecodePool
from imgdupe.fingerprint.hashes import file_hash
from imgdupe.library.walk import ScanRules, walk
from imgdupe.progress import Counters
from imgdupe.records import FoundFile, Problem, Verdict
from tests.helpers import children
from tests.helpers.photos import make_photo
from tests.reliability import auditor

Mount = Callable[..., Path]
SIZE = (96, 64)


def scan(session: Session, *folders: Path) -> ScanReport:
    return session.scan(list(map(os.fsencode, folders)), RunControl(), Counters(), workers=1)


def fill(folder: Path, numbers: range) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        make_photo(number, SIZE).save(folder / f"{number}.jpg")


def known(session: Session) -> dict[bytes, bytes]:
    """Path -> content of every photo in the catalog."""
    return {photo.path: photo.hashes.content for photo in session._catalog.photos()}


# -- row 21 ----------------------------------------------------------------------------------------


class Mutator:
    """Creates, changes, renames and deletes pictures, 200 times a second, until it is stopped."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._dice = random.Random(seed)
        self._bodies = [path.read_bytes() for path in sorted(folder.iterdir())]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._done.set()
            self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(0.005):
            self._one()

    def _one(self) -> None:
        dice, there = self._dice, sorted(self._folder.iterdir())
        path = dice.choice(there) if there else self._folder / "first.jpg"
        new = self._folder / f"{dice.randrange(60)}.jpg"
        kind = dice.randrange(4)
        if kind == 0 or not there:
            new.write_bytes(dice.choice(self._bodies))
        elif kind == 1:
            body = dice.choice(self._bodies)
            path.write_bytes(body[: len(body) // 2])  # half written for a moment
            path.write_bytes(body)
        elif kind == 2:
            path.rename(new)
        elif len(there) > 5:
            path.unlink()


@pytest.mark.parametrize("runs", [1, pytest.param(50, marks=pytest.mark.campaign)])
def test_files_that_change_while_they_are_scanned(
    tmp_path: Path, points: Callable[[int], None], runs: int
) -> None:
    library = tmp_path / "library"
    fill(library, range(30))
    with Session.open(tmp_path / "data") as session:
        for seed in range(runs):
            with Mutator(library, seed).at_work():
                report = scan(session, library)
            assert not report.stopped
            time.sleep(0.01)  # coarse clocks: a change in the same tick is told by nothing
            scan(session, library)
            truth = {os.fsencode(path): file_hash(os.fsencode(path)) for path in library.iterdir()}
            assert known(session) == truth
    points(runs)


# -- rows 17, 18 -----------------------------------------------------------------------------------


def test_a_very_full_folder(tmp_path: Path) -> None:
    for number in range(20_000):
        os.close(os.open(tmp_path / f"{number}.jpg", os.O_CREAT))
    found = [each for each in walk([os.fsencode(tmp_path)], ScanRules()) if _is_file(each)]
    assert len({each.path for each in found}) == len(found) == 20_000


def _is_file(each: FoundFile | Problem) -> bool:
    return isinstance(each, FoundFile)


def test_special_files_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "library", range(2))
    folder = tmp_path / "library"
    os.mkfifo(folder / "fifo.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(folder)  # a socket's path has to be short
        listener.bind("socket.jpg")
    if os.geteuid() == 0:
        os.mknod(folder / "device.jpg", 0o20666, os.makedev(1, 5))  # /dev/zero never ends
    (folder / "folder.jpg").mkdir()
    (folder / "loop.jpg").symlink_to("loop.jpg")
    (folder / "zero.jpg").symlink_to("/dev/zero")
    with Session.open(tmp_path / "data") as session:
        report = scan(session, folder)
    assert report.found == 2
    assert {os.path.basename(problem.path) for problem in report.problems} <= {
        b"device.jpg",
        b"fifo.jpg",
        b"socket.jpg",
    }


# -- rows 23, 24 -----------------------------------------------------------------------------------


@pytest.mark.needs_root
def test_a_drive_goes_comes_back_and_is_exchanged(tmp_path: Path, mount: Mount) -> None:
    """Twice away (unmounted, folder gone), once another in its place; decisions stay."""
    point, spare = tmp_path / "drive", tmp_path / "spare"
    fill(spare / "a", range(4))
    fill(spare / "b", range(50, 53))
    first = mount(point, "-t", "tmpfs", "tmpfs")
    _copy(spare / "a", first)
    with Session.open(tmp_path / "data") as session:
        scan(session, point)
        mine = known(session)
        photo = session._catalog.photo_at(os.fsencode(point / "0.jpg"))
        assert photo is not None
        session.set_verdicts({photo: Verdict.KEEP})
        subprocess.run(["umount", str(point)], check=True)
        assert scan(session, point).offline == 4  # an empty mount point is no deletion
        assert known(session) == mine
        point.rmdir()
        assert scan(session, point).offline == 4
        assert known(session) == mine
        _copy(spare / "b", mount(point, "-t", "tmpfs", "tmpfs"))
        assert scan(session, point).fingerprinted == 3
        assert set(known(session)) == {os.fsencode(point / f"{n}.jpg") for n in range(50, 53)}
        subprocess.run(["umount", str(point)], check=True)
        _copy(spare / "a", mount(point, "-t", "tmpfs", "tmpfs"))
        report = scan(session, point)
        assert (report.found, report.fingerprinted, report.offline) == (4, 0, 0)
        assert known(session) == mine
        assert session.verdicts() == {os.fsencode(point / "0.jpg"): Verdict.KEEP}


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)


@pytest.mark.needs_root
def test_a_read_only_medium_is_scanned(tmp_path: Path, mount: Mount) -> None:
    card = mount(tmp_path / "card", "-t", "tmpfs", "tmpfs")
    fill(card, range(3))
    subprocess.run(["mount", "-o", "remount,ro", str(card)], check=True)
    before = auditor.look(card, tmp_path / "data")
    with Session.open(tmp_path / "data") as session:
        report = scan(session, card)
    assert (report.fingerprinted, report.problems) == (3, ())
    assert auditor.look(card, tmp_path / "data") == before


# -- row 28 ----------------------------------------------------------------------------------------


@pytest.mark.campaign
def test_children_die_two_hundred_times(tmp_path: Path, points: Callable[[int], None]) -> None:
    fill(tmp_path, range(10))
    sound = sorted(map(os.fsencode, tmp_path.iterdir()))
    paths = list(sound)
    for number in range(200):
        name = ["crash", "killed", "once"][number % 3]
        path = tmp_path / f"{name}{number}.jpg"
        shutil.copyfile(os.fsdecode(sound[0]), path)
        paths.append(os.fsencode(path))
    with DecodePool(2, entry=children.serve) as pool:
        files = [children.found(path) for path in paths]
        results = {file.path: result for file, result in pool.fingerprint(files)}
    assert len(results) == len(paths)
    assert not any(isinstance(results[path], Problem) for path in sound)
    points(200)
