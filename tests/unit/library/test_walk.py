# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from imgdupe.library import walk as walk_module
from imgdupe.library.walk import ScanRules, is_online_only, walk
from imgdupe.records import FoundFile, Problem, ProblemKind

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)


def touch(*parts: Path | str, content: bytes = b"x") -> Path:
    path = Path(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(root: Path, rules: ScanRules | None = None) -> list[str]:
    """Paths of the files found, relative to the root, in the order of the walk."""
    entries = walk([os.fsencode(root)], rules or ScanRules())
    paths = [entry.path for entry in entries if isinstance(entry, FoundFile)]
    return [os.fsdecode(os.path.relpath(path, os.fsencode(root))) for path in paths]


def problems(root: Path) -> list[Problem]:
    return [e for e in walk([os.fsencode(root)], ScanRules()) if isinstance(e, Problem)]


def test_finds_pictures_raws_and_companions_folder_by_folder(tmp_path: Path) -> None:
    for name in ("b/2.NEF", "b/2.xmp", "a/1.JPG", "3.heic", "notes.txt", "a/z/4.jxl", "b/2.MOV"):
        touch(tmp_path, name)
    assert found(tmp_path) == ["3.heic", "a/1.JPG", "a/z/4.jxl", "b/2.MOV", "b/2.NEF", "b/2.xmp"]


def test_a_found_file_is_what_stat_says(tmp_path: Path) -> None:
    path = touch(tmp_path, "1.jpg", content=b"12345")
    os.link(path, tmp_path / "2.jpg")
    first, second = walk([os.fsencode(tmp_path)], ScanRules())
    status = path.stat()
    assert first == FoundFile(
        os.fsencode(path), 5, status.st_mtime_ns, status.st_dev, status.st_ino, 2
    )
    assert isinstance(second, FoundFile)
    assert (second.inode, second.links) == (status.st_ino, 2)


def test_trash_servers_thumbnails_and_bundles_are_left_out(tmp_path: Path) -> None:
    for folder in (
        *(".Trash-1000/files", "$RECYCLE.BIN", ".Trashes", "_imgdupe_removed", "@eaDir"),
        *("#recycle", "Fotos.photoslibrary/originals", "Cat Previews.lrdata", ".git"),
        *(".local/share/Trash/files", "Thumbs"),
    ):
        touch(tmp_path, folder, "1.jpg")
    touch(tmp_path, "kept/1.jpg")
    assert found(tmp_path) == ["kept/1.jpg"]
    assert found(tmp_path, ScanRules(include_hidden=True)) == ["kept/1.jpg"]


def test_hidden_names_only_on_request(tmp_path: Path) -> None:
    touch(tmp_path, ".hidden/1.jpg")
    touch(tmp_path, "._2.jpg")
    assert found(tmp_path) == []
    assert found(tmp_path, ScanRules(include_hidden=True)) == ["._2.jpg", ".hidden/1.jpg"]


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("*.png", ["a/1.jpg", "b/c/1.jpg"]),
        ("c", ["a/1.jpg", "a/2.png"]),
        ("*/b/*", ["a/1.jpg", "a/2.png"]),
        ("{root}/b", ["a/1.jpg", "a/2.png"]),
        ("{root}/b/", ["a/1.jpg", "a/2.png"]),
        ("[", ["a/1.jpg", "a/2.png", "b/c/1.jpg"]),
    ],
)
def test_excludes(tmp_path: Path, glob: str, left: list[str]) -> None:
    for name in ("a/1.jpg", "a/2.png", "b/c/1.jpg"):
        touch(tmp_path, name)
    rules = ScanRules(excludes=(glob.format(root=tmp_path), "nothing*"))
    assert found(tmp_path, rules) == left


def test_each_folder_once_however_roots_and_links_lie(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "a/2.jpg").symlink_to(tmp_path / "a/1.jpg")
    alias = tmp_path / "alias"
    alias.symlink_to(tmp_path / "a")
    roots = [os.fsencode(each) for each in (tmp_path, tmp_path / "a", alias, tmp_path)]
    assert [entry.path for entry in walk(roots, ScanRules())] == [os.fsencode(tmp_path / "a/1.jpg")]


def test_a_root_may_be_a_link(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg")
    (tmp_path / "alias").symlink_to(tmp_path / "a")
    assert found(tmp_path / "alias") == ["1.jpg"]


def test_names_that_are_no_text(tmp_path: Path) -> None:
    names = [b"caf\xe9.jpg", b"caf\xef\xbf\xbd.jpg", b"a\nb.jpg", "é".encode() + b".jpg"]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(name)
    entries = list(walk([os.fsencode(tmp_path)], ScanRules(excludes=("none*",))))
    assert sorted(os.path.basename(entry.path) for entry in entries) == sorted(names)


def test_every_awkward_name_of_the_corpus(tmp_path: Path, shared: Path) -> None:
    lines = (shared / "corpora/odd-images/names.tsv").read_text(encoding="utf-8").splitlines()[1:]
    made = set()
    for line in lines:
        name = bytes.fromhex(line.split("\t")[0])
        with contextlib.suppress(OSError), open(os.path.join(os.fsencode(tmp_path), name), "xb"):
            made.add(name)
    entries = walk([os.fsencode(tmp_path)], ScanRules(include_hidden=True))
    seen = {os.path.basename(entry.path) for entry in entries}
    assert len(made) > 40
    pictures = {name for name in made if name.lower().endswith(b".jpg")} - {b".jpg"}
    assert pictures <= seen <= made


def test_pipes_sockets_and_folders_with_picture_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # socket names must be short
    os.mkfifo("pipe.jpg")
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("door.jpg")
        touch(tmp_path, "folder.jpg/1.jpg")
        entries = list(walk([os.fsencode(tmp_path)], ScanRules()))
    kinds = {os.path.basename(e.path): e.kind for e in entries if isinstance(e, Problem)}
    assert kinds == dict.fromkeys((b"pipe.jpg", b"pipe", b"door.jpg"), ProblemKind.NOT_AN_IMAGE)
    assert found(tmp_path) == ["folder.jpg/1.jpg"]


def test_a_name_without_suffix_counts_if_it_begins_like_a_picture(tmp_path: Path) -> None:
    touch(tmp_path, "picture", content=PNG)
    touch(tmp_path, "letter", content=b"Dear reader")
    assert found(tmp_path) == ["picture"]


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder for trees so deep that pytest's own clearing away would fail on them."""
    folder = tmp_path / "deep"
    folder.mkdir()
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_deep_trees_end(deep: Path) -> None:
    """2,000 levels: what is short enough is walked, what is not is named."""
    here = os.open(deep, os.O_RDONLY)
    for level in range(2000):
        os.mkdir(b"d", dir_fd=here)
        below = os.open(b"d", os.O_RDONLY, dir_fd=here)
        if level % 500 == 0:
            os.close(os.open(b"1.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=below))
        os.close(here)
        here = below
    os.close(here)
    files = found(deep)
    assert len(files) + len(problems(deep)) >= 4
    assert len(files) >= 3


def test_a_path_too_long_is_named(deep: Path) -> None:
    name = b"n" * 200
    here = os.open(deep, os.O_RDONLY)
    for _ in range(25):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    (problem,) = problems(deep)
    assert "too long" in problem.detail


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "closed/1.jpg")
    touch(tmp_path, "open/2.jpg")
    (tmp_path / "closed").chmod(0)
    try:
        (problem,) = problems(tmp_path)
        assert found(tmp_path) == ["open/2.jpg"]
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert problem.kind is ProblemKind.NO_ACCESS
    assert problem.path == os.fsencode(tmp_path / "closed")


def test_an_unreadable_folder_is_named_and_the_walk_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "closed/1.jpg")
    touch(tmp_path, "open/2.jpg")
    listing = walk_module._entries

    def entries(folder: bytes) -> list[os.DirEntry[bytes]]:
        if folder.endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return listing(folder)

    monkeypatch.setattr(walk_module, "_entries", entries)
    (problem,) = problems(tmp_path)
    assert problem.kind is ProblemKind.NO_ACCESS
    assert found(tmp_path) == ["open/2.jpg"]


def test_missing_roots_and_roots_that_are_files(tmp_path: Path) -> None:
    touch(tmp_path, "1.jpg")
    assert [p.kind for p in problems(tmp_path / "gone")] == [ProblemKind.NOT_FOUND]
    assert [p.kind for p in problems(tmp_path / "1.jpg")] == [ProblemKind.NOT_FOUND]


def test_placeholders_are_named_and_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "here.jpg")
    touch(tmp_path, ".away.HEIC.icloud")
    touch(tmp_path, ".letter.pages.icloud")
    (problem,) = problems(tmp_path)
    assert problem.kind is ProblemKind.ONLINE_ONLY
    assert problem.path == os.fsencode(tmp_path / "away.HEIC")

    monkeypatch.setattr(walk_module, "is_online_only", lambda _: True)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
    assert [p.kind for p in problems(tmp_path)] == [ProblemKind.ONLINE_ONLY] * 2


@pytest.mark.parametrize(
    ("status", "online"),
    [
        (SimpleNamespace(st_mode=0o100644), False),
        (SimpleNamespace(st_mode=0o100644, st_file_attributes=0x20), False),
        (SimpleNamespace(st_mode=0o100644, st_file_attributes=0x400020), True),
        (SimpleNamespace(st_mode=0o100644, st_file_attributes=0x1000), True),
        (SimpleNamespace(st_mode=0o100644, st_flags=0x40000000), True),
    ],
)
def test_what_a_placeholder_is(status: SimpleNamespace, online: bool) -> None:
    assert is_online_only(status) is online


def test_a_file_that_goes_away_during_the_walk(tmp_path: Path) -> None:
    for name in ("1.jpg", "a/2.jpg"):
        touch(tmp_path, name)
    entries = walk([os.fsencode(tmp_path)], ScanRules())
    assert isinstance(next(entries), FoundFile)
    (tmp_path / "a/2.jpg").unlink()
    (tmp_path / "a").rmdir()
    (problem,) = entries
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.NOT_FOUND
