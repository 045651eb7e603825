# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""More ways to come to one file, or into a protected folder, than a person thinks of."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from imgdupe.records import Kind, PhotoRecord
from imgdupe.removal import check
from imgdupe.removal.entries import Identity
from imgdupe.removal.volumes import Volume
from tests.reliability import auditor
from tests.reliability.scenes import Stage, record, request, run

BODY = b"the picture" * 50
Route = Callable[[Path, str], bytes]


def _spelled(*parts: str) -> Route:
    return lambda lib, name: os.fsencode("/".join([str(lib), *parts, name]))


def _through_links(lib: Path, name: str) -> bytes:
    """A chain of links, one relative, one to a folder above."""
    (lib / "one").symlink_to("two")
    (lib / "two").symlink_to(lib / "three")
    (lib / "three").symlink_to(".")
    return os.fsencode(lib / "one" / "real" / name)


def _through_proc(lib: Path, name: str) -> bytes:
    return b"/proc/self/root" + os.fsencode(lib / "real" / name)


def _hard_link(lib: Path, name: str) -> bytes:
    (lib / "deep" / "er").mkdir(parents=True)
    os.link(lib / "real" / name, lib / "deep" / "er" / "other name.jpg")
    return os.fsencode(lib / "deep" / "er" / "other name.jpg")


ROUTES: dict[str, Route] = {
    "two slashes": _spelled("", "real"),
    "a dot": _spelled(".", "real", "."),
    "up and down": _spelled("real", "..", "real"),
    "links": _through_links,
    "proc": _through_proc,
    "hard link": _hard_link,
}


@pytest.mark.parametrize("kind", [Kind.IDENTICAL, Kind.SIMILAR])
@pytest.mark.parametrize("route", ROUTES)
def test_the_one_copy_does_not_go_for_itself(stage: Stage, route: str, kind: Kind) -> None:
    """Both ways around, and with a third photo that stays for one of the names."""
    real = stage.add("real/a.jpg", BODY)
    other = ROUTES[route](stage.lib, "a.jpg")
    stage.freeze()
    before = auditor.look(stage.root, stage.data)
    for victim, keeper in ((real, other), (other, real)):
        made = stage.plan(request(record(victim), record(keeper), kind))
        assert run(made, stage.journal).moved == ()
        assert auditor.look(stage.root, stage.data) == before


@pytest.mark.parametrize("route", ROUTES)
def test_what_stays_for_another_does_not_go_by_another_name(stage: Stage, route: str) -> None:
    real, third = stage.add("real/a.jpg", BODY), stage.add("third.jpg", BODY)
    fourth = stage.add("fourth.jpg", BODY)
    other = ROUTES[route](stage.lib, "a.jpg")
    result = stage.remove(
        request(record(third), record(real)), request(record(other), record(fourth))
    )
    assert [moved.path for moved in result.moved] == [third]
    assert Path(os.fsdecode(real)).read_bytes() == BODY
    stage.hold_the_law()


@pytest.mark.parametrize("shown", ["a.jpg", "A.JPG"])
def test_a_network_that_shows_one_file_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    """As SMB, FAT and the like: inodes mean nothing there, and case may not either."""
    real = stage.add("real/a.jpg", BODY)
    (stage.lib / "alias").symlink_to(stage.lib / "real")
    monkeypatch.setattr(check, "volume_of", lambda folder: Volume(folder, 1, trusted=False))
    numbers = iter(range(1, 10_000))

    def made_up(status: os.stat_result) -> Identity:
        return Identity(status.st_dev, next(numbers), status.st_size, status.st_mtime_ns)

    victim, keeper = record(real), record(os.fsencode(stage.lib / "alias" / "a.jpg"))
    if shown != "a.jpg":
        (stage.lib / "real" / shown).symlink_to("a.jpg")  # how the alias lists it
    monkeypatch.setattr(Identity, "of", staticmethod(made_up))
    result = run(stage.plan(request(_elsewhere(victim), keeper)), stage.journal)
    monkeypatch.undo()
    assert result.moved == ()
    assert Path(os.fsdecode(real)).read_bytes() == BODY


def _elsewhere(photo: PhotoRecord) -> PhotoRecord:
    """As the catalog knows it from such a volume: with an inode of its own."""
    return replace(photo, file=replace(photo.file, inode=photo.file.inode + 1))


@pytest.mark.parametrize("route", ROUTES)
def test_a_protected_folder_by_more_routes(stage: Stage, route: str) -> None:
    stage.add("real/a.jpg", BODY)
    keeper = stage.add("k.jpg", BODY)
    victim = ROUTES[route](stage.lib, "a.jpg")
    made = stage.plan(
        request(record(victim), record(keeper)), protected=[os.fsencode(stage.lib / "real")]
    )
    stage.freeze()
    result = run(made, stage.journal)
    if route == "hard link":  # another name outside: that one may go, the protected one stays
        assert len(result.moved) == 1
    else:
        assert result.moved == ()
    assert (stage.lib / "real" / "a.jpg").read_bytes() == BODY
