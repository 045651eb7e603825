# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Moving never replaces, in one step or in two."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from imgdupe.removal import moves


@pytest.fixture(params=["one step", "link and unlink"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "link and unlink":

        def refuse(source: bytes, target: bytes, **_flags: int) -> None:
            raise OSError(errno.EINVAL, "no flags here", source, None, target)

        monkeypatch.setattr(moves, "_rename_in_one_step", refuse)
    return str(request.param)


def test_two_files_change_names(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    one.write_bytes(b"a")
    other.write_bytes(b"b")
    moves.exchange(os.fsencode(one), os.fsencode(other))
    assert (one.read_bytes(), other.read_bytes()) == (b"b", b"a")
    other.unlink()
    with pytest.raises(FileNotFoundError):
        moves.exchange(os.fsencode(one), os.fsencode(other))


def test_a_file_gets_its_new_name(tmp_path: Path, way: str) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"a")
    inode = source.stat().st_ino
    moves.rename_noreplace(os.fsencode(source), os.fsencode(target))
    assert os.listdir(tmp_path) == ["b"]
    assert (target.stat().st_ino, target.stat().st_nlink) == (inode, 1)


@pytest.mark.parametrize("kind", ["file", "folder", "broken link"])
def test_what_has_the_name_stays(tmp_path: Path, way: str, kind: str) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"a")
    if kind == "file":
        target.write_bytes(b"b")
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        moves.rename_noreplace(os.fsencode(source), os.fsencode(target))
    assert source.read_bytes() == b"a"
    assert kind != "file" or target.read_bytes() == b"b"


def test_nothing_is_copied_to_another_volume(tmp_path: Path, way: str) -> None:
    other = Path("/dev/shm")
    if not os.access(other, os.W_OK) or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs a second volume")
    source = tmp_path / "a"
    source.write_bytes(b"a")
    target = other / f"imgdupe-test-{os.getpid()}"
    with pytest.raises(OSError, match="cross-device"):
        moves.rename_noreplace(os.fsencode(source), os.fsencode(target))
    assert source.exists()
    assert not target.exists()


def test_a_file_that_was_saved_meanwhile_is_not_unlinked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between link and unlink another program saves over the name: the new file stays."""
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"old")
    link = os.link

    def link_and_save(old: bytes, new: bytes, *, follow_symlinks: bool) -> None:
        link(old, new, follow_symlinks=follow_symlinks)
        fresh = tmp_path / "fresh"
        fresh.write_bytes(b"new")
        fresh.replace(source)

    monkeypatch.setattr(os, "link", link_and_save)
    with pytest.raises(OSError, match="replaced"):
        moves._link_and_unlink(os.fsencode(source), os.fsencode(target))
    assert source.read_bytes() == b"new"
    assert target.read_bytes() == b"old"


def test_only_a_second_name_is_dropped(tmp_path: Path) -> None:
    one, other = os.fsencode(tmp_path / "one"), os.fsencode(tmp_path / "other")
    for path in (one, other):
        Path(os.fsdecode(path)).write_bytes(b"same")
    assert not moves.is_second_name(one, other)
    assert not moves.is_second_name(one, one)
    with pytest.raises(OSError, match="replaced"):
        moves.drop_second_name(one, other)
    os.unlink(other)
    os.link(one, other)
    moves.drop_second_name(one, other)
    assert os.listdir(tmp_path) == ["other"]


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    moves.make_folders(os.fsencode(tmp_path / "a" / "b" / "c"), 0o700)
    assert (tmp_path / "a" / "b" / "c").is_dir()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700
    moves.make_folders(os.fsencode(tmp_path / "a" / "b" / "c"))
