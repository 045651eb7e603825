# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Awkward names go to the trash and come back byte for byte; look-alikes stay apart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from imgdupe.removal.undo import undo
from tests.reliability import auditor
from tests.reliability.scenes import Stage, record, request

LONGEST = b"n" * 251 + b".jpg"
MORE = [
    *(LONGEST, b"x" * 255, b"." + b"s" * 254, "é".encode() * 125 + b".jpg"),
    *(b"\xff\xfe.jpg", b" .jpg", b"..jpg", b".trashinfo", b"a.jpg.trashinfo", b"files", b"info"),
]


def names_of(shared: Path) -> list[bytes]:
    table = shared / "corpora" / "odd-images" / "names.tsv"
    rows = table.read_text(encoding="utf-8").splitlines()[1:]
    return [bytes.fromhex(row.split("\t")[0]) for row in rows]


def trash_and_restore(stage: Stage, names: list[bytes]) -> None:
    photos = []
    for number, name in enumerate(names):
        body = b"body %d" % number
        victim, keeper = stage.add(b"v/" + name, body), stage.add(b"k/%d.jpg" % number, body)
        photos.append(request(record(victim), record(keeper)))
    result = stage.remove(*photos)
    assert result.refused == ()
    assert {moved.path for moved in result.moved} == {each.victim.path for each in photos}
    stage.hold_the_law()
    undone = undo(stage.journal, None, None)
    assert undone.failed == ()
    assert all(old == new for old, new in undone.restored)
    assert len(undone.restored) == len(names)
    stage.hold_the_law()
    left = auditor.look(stage.root, stage.data)
    assert left == stage.before


def test_every_name_of_the_corpus(stage: Stage, shared: Path) -> None:
    names = names_of(shared)
    assert len(names) == 55
    trash_and_restore(stage, names)


def test_more_names(stage: Stage) -> None:
    trash_and_restore(stage, MORE)


def test_paths_almost_as_long_as_can_be(stage: Stage) -> None:
    """Of 4,095 bytes that a call takes; the trash's own path is short."""
    room = 4_095 - len(os.fsencode(stage.lib)) - len("/v/")
    folders = [b"d" * 200] * (room // 201 - 1)
    trash_and_restore(stage, [b"/".join([*folders, b"a.jpg"])])


def test_the_same_name_from_many_folders(stage: Stage) -> None:
    photos = []
    for number in range(30):
        body = b"body %d" % number
        victim = stage.add(f"v{number}/IMG_0001.JPG", body)
        photos.append(request(record(victim), record(stage.add(f"k/{number}.jpg", body))))
    assert len(stage.remove(*photos).moved) == 30
    stage.hold_the_law()
    undo(stage.journal, None, None)
    stage.hold_the_law()
    assert auditor.look(stage.root, stage.data) == stage.before


@pytest.mark.parametrize("alike", [(b"caf\xe9.jpg", b"caf\xef\xbf\xbd.jpg"), (b"a.jpg", b"A.JPG")])
def test_only_the_named_one_of_two_look_alikes_goes(
    stage: Stage, alike: tuple[bytes, bytes]
) -> None:
    victim, neighbour = (stage.add(b"v/" + name, b"picture") for name in alike)
    if len(list((stage.lib / "v").iterdir())) == 1:
        pytest.skip("the volume takes both names for one")
    result = stage.remove(request(record(victim), record(neighbour)))
    assert [moved.path for moved in result.moved] == [victim]
    stage.hold_the_law()
