# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The trash of Windows and macOS, played by fakes that misbehave: the program notices."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from imgdupe.removal import platform_trash, trash
from imgdupe.removal.entries import State
from imgdupe.removal.execute import BatchResult
from imgdupe.removal.platform_trash import PlatformTrash, qt_move, windows_refusal
from imgdupe.removal.undo import undo
from tests.reliability.scenes import Stage, record, request

BODY = b"the picture"
Move = Callable[[bytes], bytes | None]


class Bin:
    """A system trash below the stage, and its ways to behave."""

    def __init__(self, stage: Stage) -> None:
        self.folder = stage.root / "bin"
        self.folder.mkdir()
        self.stage = stage

    def _take(self, path: bytes) -> bytes:
        where = os.path.join(os.fsencode(self.folder), b"$R" + os.path.basename(path))
        os.rename(path, where)
        return where

    def honest(self, path: bytes) -> bytes | None:
        return self._take(path)

    def silent(self, path: bytes) -> bytes | None:
        self._take(path)
        return None

    def wrong_about_the_place(self, path: bytes) -> bytes | None:
        return self._take(path) + b"-not-here"

    def deletes_for_good(self, path: bytes) -> bytes | None:
        os.unlink(path)
        return None

    def does_nothing(self, _path: bytes) -> bytes | None:
        return None

    def takes_the_neighbour(self, path: bytes) -> bytes | None:
        return self._take(os.path.join(os.path.dirname(path), b"neighbour.jpg"))

    def refuses(self, path: bytes) -> bytes | None:
        raise OSError(13, "the system's trash: no", path)

    def changes_it(self, path: bytes) -> bytes | None:
        where = self._take(path)
        Path(os.fsdecode(where)).write_bytes(b"no picture.")
        return where


@pytest.fixture
def bin_(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Bin:
    made = Bin(stage)
    monkeypatch.setattr(trash, "_SYSTEM_CHOOSES", True)
    monkeypatch.setattr(platform_trash, "bins_of", lambda _folder: (os.fsencode(made.folder),))
    return made


def removal(stage: Stage, bin_: Bin, move: Move, monkeypatch: pytest.MonkeyPatch) -> BatchResult:
    """Two photos are to go through this move; a neighbour lies beside them."""
    folder = os.fsencode(bin_.folder)
    fake = PlatformTrash(folder, move, lambda _path, _size: None, (folder,))
    monkeypatch.setattr(platform_trash, "find", lambda _folder: fake)
    pairs = [stage.pair(f"{n}.jpg", b"%d" % n + BODY) for n in range(2)]
    stage.add("copies/neighbour.jpg", b"neighbour")
    return stage.remove(*[request(record(victim), record(keeper)) for victim, keeper in pairs])


def left(stage: Stage) -> list[str]:
    return sorted(os.listdir(stage.lib / "copies"))


ALL = ["0.jpg", "1.jpg", "neighbour.jpg"]


@pytest.mark.parametrize("how", ["honest", "silent", "wrong_about_the_place"])
def test_what_went_is_found_and_comes_back(
    stage: Stage, bin_: Bin, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    result = removal(stage, bin_, getattr(bin_, how), monkeypatch)
    assert len(result.moved) == 2
    assert result.moved[0].trash_path == os.fsencode(bin_.folder / "$R0.jpg")
    assert left(stage) == ["neighbour.jpg"]
    assert len(undo(stage.journal, None, None).restored) == 2
    assert left(stage) == ALL


def test_deleting_for_good_stops_the_batch_and_is_said(
    stage: Stage, bin_: Bin, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = removal(stage, bin_, bin_.deletes_for_good, monkeypatch)
    assert result.moved == ()
    assert "look for it in the trash" in (result.stopped or "")
    assert left(stage) == ["1.jpg", "neighbour.jpg"]
    assert stage.journal.history()[0].items[0].state is State.NEEDS_USER
    assert (stage.lib / "originals" / "0.jpg").read_bytes() == b"0" + BODY


def test_doing_nothing_is_no_success(
    stage: Stage, bin_: Bin, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = removal(stage, bin_, bin_.does_nothing, monkeypatch)
    assert result.moved == ()
    assert "did not take it" in (result.stopped or "")
    assert left(stage) == ALL
    stage.hold_the_law()


def test_a_neighbour_that_was_taken_comes_back(
    stage: Stage, bin_: Bin, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = removal(stage, bin_, bin_.takes_the_neighbour, monkeypatch)
    assert result.moved == ()
    assert result.stopped
    assert left(stage) == ALL
    stage.hold_the_law()


def test_a_refusal_keeps_the_file(stage: Stage, bin_: Bin, monkeypatch: pytest.MonkeyPatch) -> None:
    result = removal(stage, bin_, bin_.refuses, monkeypatch)
    assert len(result.refused) == 2
    assert left(stage) == ALL
    stage.hold_the_law()


def test_a_file_that_changed_on_the_way_comes_back(
    stage: Stage, bin_: Bin, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = removal(stage, bin_, bin_.changes_it, monkeypatch)
    assert result.moved == ()
    assert left(stage) == ALL


def test_a_kill_after_the_move_is_recovered_by_size_and_content(
    stage: Stage, bin_: Bin, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bin_.folder / "other").write_bytes(b"0" + BODY[::-1])

    def die(path: bytes) -> bytes | None:
        bin_.silent(path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("imgdupe.removal.execute.take_back", lambda entry, _reason: entry)
        with pytest.raises(KeyboardInterrupt):
            removal(stage, bin_, die, monkeypatch)
    assert stage.journal.open_entries()[0].files[0].slot is None
    assert left(stage) == ["1.jpg", "neighbour.jpg"]
    stage.restart()
    assert left(stage) == ALL


def test_names_that_qt_could_take_for_another_are_refused(stage: Stage, bin_: Bin) -> None:
    fake = PlatformTrash(b"bin", bin_.honest, lambda _path, _size: None, ())
    assert "not Unicode" in (fake.refusal(b"/a/caf\xe9.jpg", 1) or "")
    assert fake.refusal("/a/café.jpg".encode(), 1) is None


def test_the_real_thing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt's own move, into the home of this test."""
    pytest.importorskip("PySide6.QtCore")
    monkeypatch.setenv("HOME", str(stage.root / "home"))
    path = stage.add("a.jpg", BODY)
    where = qt_move(path)
    assert where is not None
    assert Path(os.fsdecode(where)).read_bytes() == BODY
    assert not os.path.exists(path)
    with pytest.raises(OSError, match="the system's trash"):
        qt_move(path)


@dataclass(frozen=True)
class Facts:
    kind: int = 3
    off: bool = False
    limit: int | None = 1_000

    def drive_type(self, _root: str) -> int:
        return self.kind

    def is_bin_off(self, _root: str) -> bool:
        return self.off

    def bin_limit_bytes(self, _root: str) -> int | None:
        return self.limit


@pytest.mark.parametrize(
    ("path", "size", "facts", "reason"),
    [
        (r"C:\Photos\a.jpg", 10, Facts(), None),
        (r"C:\Photos\.hidden\a b.jpg", 1_000, Facts(), None),
        (r"C:\Photos\console.jpg", 10, Facts(), None),
        (r"\\server\share\a.jpg", 10, Facts(kind=4), "fixed drives"),
        (r"E:\a.jpg", 10, Facts(kind=2), "fixed drives"),
        (r"C:\a.jpg", 10, Facts(off=True), "switched off"),
        (r"C:\a.jpg", 10, Facts(limit=None), "not known"),
        (r"C:\a.jpg", 1_001, Facts(), "larger than the recycle bin"),
        ("C:\\" + "x" * 257, 10, Facts(), "longer than 259"),
        (r"C:\Photos\foo.", 10, Facts(), "ends in a dot"),
        (r"C:\Photos \a.jpg", 10, Facts(), "ends in a dot or a space"),
        (r"C:\Photos\nul.jpg", 10, Facts(), "a device"),
        (r"C:\AUX\a.jpg", 10, Facts(), "a device"),
        (r"C:\Photos\COM1.jpg", 10, Facts(), "a device"),
    ],
)
def test_when_windows_would_delete_for_good(
    path: str, size: int, facts: Facts, reason: str | None
) -> None:
    answer = windows_refusal(path, size, facts)
    assert answer is None if reason is None else reason in (answer or "")
