# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
from pathlib import Path

from imgdupe.library.roots import is_online, normalise


def test_normalise_drops_doubles_and_nested_folders(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    given = [root + b"/b/c", root + b"/a/", root + b"/b", root + b"/a/x/..", root + b"/bb"]
    assert normalise(given) == (root + b"/a", root + b"/b", root + b"/bb")


def test_the_whole_disk_holds_everything() -> None:
    assert normalise([b"/home", b"/"]) == (b"/",)


def test_normalise_makes_absolute(tmp_path: Path, monkeypatch: object) -> None:
    assert normalise([b"x"]) == (os.path.join(os.getcwdb(), b"x"),)


def test_online(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    assert is_online(root)
    assert not is_online(root, had_photos=True)  # an empty mount point
    (tmp_path / "1.jpg").touch()
    assert is_online(root, had_photos=True)
    assert not is_online(root + b"/1.jpg")
    assert not is_online(root + b"/gone")
