# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The freedesktop.org trash, on bytes: what is written, which name is taken, which folder used."""

from __future__ import annotations

import os
import urllib.parse
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgdupe.removal import trash
from imgdupe.removal.litter import Litter
from imgdupe.removal.trash import FolderTrash, Slot, _slot_name, is_in_trash, release

names = st.binary(min_size=1, max_size=255).filter(
    lambda name: not set(name) & {0, ord("/")} and name not in {b".", b".."}
)


@given(names, st.integers(0, 3))
def test_slot_names_fit_beside_their_info_file(name: bytes, attempt: int) -> None:
    made = _slot_name(name, attempt)
    assert 0 < len(made) <= 255 - len(b".trashinfo")
    assert b"/" not in made
    assert attempt or len(name) > 245 or made == name


def test_a_long_name_is_cut_between_characters() -> None:
    assert _slot_name("é".encode() * 125 + b".jpg", 0).decode().endswith("é.jpg")


def test_the_info_file_says_where_it_was(tmp_path: Path) -> None:
    place = FolderTrash(os.fsencode(tmp_path / "Trash"), None)
    path = os.fsencode(tmp_path) + b"/caf\xe9 %41\n.jpg"
    slot = place.reserve(path, Litter(tmp_path / "litter"))
    assert slot.info is not None
    head, where, date, end = Path(os.fsdecode(slot.info)).read_bytes().split(b"\n")
    assert (head, end) == (b"[Trash Info]", b"")
    assert where.endswith(b"/caf%E9%20%2541%0A.jpg")
    assert urllib.parse.unquote_to_bytes(where.removeprefix(b"Path=")) == path
    assert date.startswith(b"DeletionDate=2")
    assert os.stat(slot.info).st_mode & 0o777 == 0o600
    assert (tmp_path / "Trash").stat().st_mode & 0o777 == 0o700


def test_a_taken_name_gets_another(tmp_path: Path) -> None:
    place = FolderTrash(os.fsencode(tmp_path), None)
    litter = Litter(tmp_path / "litter")
    path = os.fsencode(tmp_path / "a.jpg")
    slots = {place.reserve(path, litter) for _ in range(5)}
    assert len(slots) == 5
    (tmp_path / "files" / "b.jpg").write_bytes(b"a file without an info file")
    other = place.reserve(os.fsencode(tmp_path / "b.jpg"), litter)
    assert other.path != os.fsencode(tmp_path / "files" / "b.jpg")


def test_a_slot_is_released_only_if_empty(tmp_path: Path) -> None:
    place = FolderTrash(os.fsencode(tmp_path), None)
    slot = place.reserve(os.fsencode(tmp_path / "a.jpg"), Litter(tmp_path / "litter"))
    assert slot.path is not None
    assert slot.info is not None
    Path(os.fsdecode(slot.path)).write_bytes(b"a photo")
    release(slot)
    assert os.path.exists(slot.info)
    os.unlink(slot.path)
    release(slot)
    release(slot)
    assert not os.path.exists(slot.info)
    release(Slot(None, None))


def test_a_trash_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "Trash").mkdir()
    (tmp_path / "Trash" / "files").symlink_to(tmp_path / "elsewhere")
    place = FolderTrash(os.fsencode(tmp_path / "Trash"), None)
    with pytest.raises(OSError, match="is a link"):
        place.reserve(os.fsencode(tmp_path / "a.jpg"), Litter(tmp_path / "litter"))


def test_the_home_trash_follows_the_base_directories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    found = trash.find(os.fsencode(tmp_path), fallback=False)
    assert found.folder == os.fsencode(tmp_path / "home" / ".local" / "share" / "Trash")
    assert not (tmp_path / "home").exists()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    found = trash.find(os.fsencode(tmp_path), fallback=False)
    assert found.folder == os.fsencode(tmp_path / "data" / "Trash")
    assert found.refusal(b"/x", 1 << 60) is None


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        (b"/media/card/.Trash-1000/files/a.jpg", True),
        (b"/media/card/.Trash/1000/files/a.jpg", True),
        (b"/media/card/_imgdupe_removed/files/a.jpg", True),
        (b"/Volumes/card/.Trashes/501/a.jpg", True),
        (b"C/$Recycle.Bin/S-1/a.jpg", True),
        (b"/photos/Trash the dress/a.jpg", False),
        (b"/photos/a.jpg", False),
        (b"/photos/.Trash-x.jpg", False),
    ],
)
def test_paths_in_a_trash_are_known(path: bytes, inside: bool) -> None:
    assert is_in_trash(path) is inside


def test_the_own_home_trash_is_a_trash(stage: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/home/x/.local/share")
    assert is_in_trash(b"/home/x/.local/share/Trash/files/a.jpg")
