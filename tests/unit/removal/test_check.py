# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The last look: everything that differs from what was shown stays, with a reason."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from imgdupe.fingerprint.hashes import file_hash
from imgdupe.records import Kind
from imgdupe.removal import identity
from imgdupe.removal.alias import is_alias
from imgdupe.removal.identity import content, hold, shown
from imgdupe.removal.litter import Litter
from tests.reliability.scenes import Stage, make_plan, record, request, run

BODY = b"the picture"


def refusal(stage: Stage, *, decodes: bool = True) -> str:
    """What `wanted` meets when it runs; nothing may have moved."""
    result = run(stage.made, stage.journal, decodes=decodes)  # type: ignore[attr-defined]
    assert result.moved == ()
    assert result.restored == ()
    (refused,) = result.refused
    return refused.reason


def prepare(stage: Stage, kind: Kind = Kind.IDENTICAL, companions: bool = False) -> None:
    victim, keeper = stage.add("v/a.jpg", BODY), stage.add("k/a.jpg", BODY)
    others = [stage.add("v/a.MOV", b"mov"), stage.add("v/a.xmp", b"xmp")] if companions else []
    made = make_plan(stage.journal, request(record(victim, others), record(keeper), kind))
    assert made.items
    stage.made = made  # type: ignore[attr-defined]


def test_a_victim_that_changed(stage: Stage) -> None:
    prepare(stage, Kind.EDITED)
    stage.add("v/a.jpg", b"edited since")
    assert "changed since the scan" in refusal(stage)


def test_identical_files_that_both_changed(stage: Stage) -> None:
    """Equal to each other, but not to what was shown."""
    prepare(stage)
    stage.add("v/a.jpg", b"edited since")
    stage.add("k/a.jpg", b"edited since")
    assert "changed since the scan" in refusal(stage)


def test_a_keeper_that_does_not_decode_any_more(stage: Stage) -> None:
    prepare(stage, Kind.EDITED)
    assert "cannot be opened as a picture" in refusal(stage, decodes=False)


def test_a_victim_that_became_a_fifo_is_not_opened(stage: Stage) -> None:
    prepare(stage)
    path = stage.lib / "v" / "a.jpg"
    path.unlink()
    os.mkfifo(path)
    assert "not a regular file" in refusal(stage)


@pytest.mark.parametrize("whose", ["v", "k"])
def test_an_online_only_file_is_not_opened(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    prepare(stage)
    path = os.fsencode(stage.lib / whose / "a.jpg")
    node = os.lstat(path).st_ino
    opened = []
    real = os.open
    monkeypatch.setattr(identity, "is_online_only", lambda status: status.st_ino == node)

    def spy(name: bytes, *arguments: int) -> int:
        opened.append(name)
        return real(name, *arguments)

    monkeypatch.setattr(os, "open", spy)
    assert "only online" in refusal(stage)
    assert path not in opened


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"st_file_attributes": 0x400000}, True),
        ({"st_file_attributes": 0x40000}, True),
        ({"st_file_attributes": 0x1000}, True),
        ({"st_file_attributes": 0x20}, False),
        ({"st_flags": 0x40000000}, True),
        ({}, False),
    ],
)
def test_placeholders_are_known_by_their_flags(flags: dict[str, int], expected: bool) -> None:
    status = type("Status", (), flags)()
    assert identity.is_online_only(status) is expected


def test_a_companion_that_came_since(stage: Stage) -> None:
    prepare(stage)
    stage.add("v/a.xmp", b"new")
    assert "was not there at the scan" in refusal(stage)


def test_a_companion_that_went_since(stage: Stage) -> None:
    prepare(stage, companions=True)
    (stage.lib / "v" / "a.xmp").unlink()
    assert "belonged to it" in refusal(stage)


def test_a_companion_that_was_edited_since(stage: Stage) -> None:
    prepare(stage, companions=True)
    stage.add("v/a.xmp", b"five stars")
    assert "a.xmp changed since the scan" in refusal(stage)


def test_a_raw_that_came_since_makes_it_another_photo(stage: Stage) -> None:
    prepare(stage)
    stage.add("v/a.CR2", b"raw")
    assert "was not there at the scan" in refusal(stage)


def test_companions_go_and_come_with_their_photo(stage: Stage) -> None:
    prepare(stage, companions=True)
    stage.freeze()
    assert run(stage.made, stage.journal).moved  # type: ignore[attr-defined]
    assert os.listdir(stage.lib / "v") == []
    stage.hold_the_law()


def test_a_shared_sidecar_goes_with_its_last_member(stage: Stage) -> None:
    """IMG.jpg and IMG.png are two photos; IMG.xmp stays for the second and goes with it."""
    jpeg, png = stage.add("v/i.jpg", b"jpeg"), stage.add("v/i.png", b"png")
    xmp = stage.add("v/i.xmp", b"xmp")
    keepers = record(stage.add("k/1.jpg", b"jpeg")), record(stage.add("k/2.png", b"png"))
    first, second = request(record(jpeg, [xmp]), keepers[0]), request(record(png), keepers[1])
    stage.freeze()
    run(stage.plan(first), stage.journal)
    assert sorted(os.listdir(stage.lib / "v")) == ["i.png", "i.xmp"]
    stage.hold_the_law()
    stage.add("v/i.jpg", b"jpeg")
    (stage.trash / "files" / "i.jpg").unlink()
    stage.freeze()
    result = run(stage.plan(first, second), stage.journal)
    assert len(result.moved) == 2
    assert os.listdir(stage.lib / "v") == []


def test_a_sidecar_of_one_whole_name_goes_with_that_file(stage: Stage) -> None:
    jpeg, _png = stage.add("v/i.jpg", b"jpeg"), stage.add("v/i.png", b"png")
    own = stage.add("v/i.jpg.xmp", b"xmp")
    keeper = record(stage.add("k/1.jpg", b"jpeg"))
    assert stage.remove(request(record(jpeg, [own]), keeper)).moved
    assert os.listdir(stage.lib / "v") == ["i.png"]
    stage.hold_the_law()


@pytest.mark.parametrize(("raw", "goes"), [(b"raw", True), (b"another raw", False)])
def test_a_raw_beside_an_identical_jpeg_must_be_identical_too(
    stage: Stage, raw: bytes, goes: bool
) -> None:
    victim = record(stage.add("v/a.jpg", BODY), [stage.add("v/a.CR2", raw)])
    keeper = record(stage.add("k/a.jpg", BODY), [stage.add("k/a.CR2", b"raw")])
    result = stage.remove(request(victim, keeper))
    assert bool(result.moved) is goes
    assert goes or "RAW file differs" in result.refused[0].reason
    stage.hold_the_law()


def test_a_whole_group_may_go_if_it_was_confirmed(stage: Stage) -> None:
    one, other = stage.pair()
    wanted = [request(record(path), None) for path in (one, other)]
    stage.freeze()
    result = run(stage.plan(*wanted, whole_groups=True), stage.journal)
    assert [moved.keeper for moved in result.moved] == [None, None]
    stage.hold_the_law()


def test_nothing_moves_out_of_a_folder_that_may_not_be_written(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(stage)
    folder = os.fsencode(stage.lib / "v")
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: os.fsencode(path) != folder and real(path, mode)
    )
    assert "no permission" in refusal(stage)


def test_the_content_is_the_hash_of_the_catalog(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(os.urandom(3_000_000))
    with hold(os.fsencode(path)) as held:
        assert content(held) == file_hash(os.fsencode(path))


def test_two_names_in_one_folder_are_two_files(tmp_path: Path) -> None:
    """Where inodes are made up, a probe and a listing decide."""
    litter = Litter(tmp_path / "litter")
    one, other = tmp_path / "x" / "a.jpg", tmp_path / "x" / "b.jpg"
    one.parent.mkdir()
    one.write_bytes(BODY)
    other.write_bytes(BODY)
    (tmp_path / "y").symlink_to(tmp_path / "x")
    names = [os.fsencode(path) for path in (one, other, tmp_path / "y" / "a.jpg")]
    assert not is_alias(names[0], names[1], litter)
    assert is_alias(names[0], names[2], litter)
    assert is_alias(names[0], os.fsencode(tmp_path / "x" / "A.JPG"), litter)
    assert not is_alias(names[0], os.fsencode(tmp_path / "elsewhere.jpg"), litter)
    assert sorted(os.listdir(one.parent)) == ["a.jpg", "b.jpg"]


def test_untrusted_volumes_are_probed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a removal on a volume whose inodes cannot be trusted."""
    from imgdupe.removal import check, volumes

    real = volumes.volume_of
    monkeypatch.setattr(check, "volume_of", lambda folder: replace(real(folder), trusted=False))
    victim, keeper = stage.pair()
    assert stage.remove(request(record(victim), record(keeper))).moved
    stage.hold_the_law()


def test_paths_are_shown_without_control_characters() -> None:
    assert shown(b"a\x1b[31m\xe9\n.jpg") == "a\\x1b[31m\\xe9\\n.jpg"
    assert shown("é\u202egpj.exe".encode()) == "é\\u202egpj.exe"
