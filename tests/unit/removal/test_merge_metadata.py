# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What only the removed copy says goes into the one that stays; undo takes it out again."""

from __future__ import annotations

import errno
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from imgdupe.library.packets import embedded
from imgdupe.library.xmp import Xmp, parse
from imgdupe.library.xmp_edit import EMPTY, edited
from imgdupe.records import Kind, PhotoRecord
from imgdupe.removal import moves
from imgdupe.removal.entries import State
from imgdupe.removal.execute import BatchResult
from imgdupe.removal.merge_metadata import facts_of, merge_of
from imgdupe.removal.undo import undo
from tests.reliability import auditor
from tests.reliability.scenes import Stage, record, request, run

FACTS = Xmp(
    rating=4,
    keywords=("Lisbon", "tram"),
    title="Elétrico",
    label="Red",
    caption="On line 28",
    gps=(38.7166667, -9.1333333),
)


def jpeg(colour: int = 9, facts: Xmp | None = None, **how: object) -> bytes:
    file = io.BytesIO()
    extra = {} if facts is None else {"xmp": edited(EMPTY, facts)}
    Image.new("RGB", (16, 16), (colour, 60, 80)).save(file, "JPEG", **extra, **how)
    return file.getvalue()


def add_jpeg(stage: Stage, name: str, data: bytes) -> bytes:
    path = stage.add(name, data)
    auditor.remember_jpeg(data)
    return path


def remove(stage: Stage, victim: PhotoRecord, keeper: PhotoRecord) -> BatchResult:
    wanted = request(victim, keeper, Kind.SAME_PIXELS)
    return stage.remove(wanted, merge_metadata=True)


def said(path: bytes) -> Xmp:
    with open(path, "rb") as file:
        data = file.read()
    return parse(embedded(data) or data)


def test_a_jpeg_gets_all_that_it_lacks_and_undo_gives_its_bytes_back(stage: Stage) -> None:
    victim = add_jpeg(stage, "v/a.jpg", jpeg(facts=FACTS))
    keeper = add_jpeg(stage, "k/a.jpg", jpeg())
    os.chmod(keeper, 0o640)
    os.utime(keeper, ns=(5, 1_500_000_000_123_456_789))
    made = stage.plan(request(record(victim), record(keeper), Kind.RESIZED), merge_metadata=True)
    (item,) = made.items
    assert item.merge is not None
    assert item.merge.target == keeper
    assert {field.name: (field.before, field.after) for field in item.merge.fields} == {
        "Rating": ("", "4"),
        "Label": ("", "Red"),
        "Keywords": ("", "Lisbon, tram"),
        "Title": ("", "Elétrico"),
        "Caption": ("", "On line 28"),
        "Place": ("", "38.71667, -9.13333"),
    }
    stage.freeze()
    result = run(made, stage.journal)
    assert [moved.path for moved in result.moved] == [victim]
    assert result.rewritten == (keeper,)
    assert said(keeper) == FACTS
    status = os.stat(keeper)
    assert (status.st_mode & 0o777, status.st_mtime_ns) == (0o640, 1_500_000_000_123_456_789)
    assert stage.journal.history()[0].items[0].merged[0] == "Rating: 4"
    stage.hold_the_law()
    undone = undo(stage.journal, None, None)
    assert undone.failed == undone.notes == ()
    assert undone.rewritten == (keeper,)
    stage.hold_the_law()
    assert auditor.look(stage.root, stage.data) == stage.before


def test_only_what_is_missing_is_merged(stage: Stage) -> None:
    victim = add_jpeg(stage, "v/a.jpg", jpeg(facts=FACTS))
    theirs = Xmp(rating=2, keywords=("LISBON", "night"), title="Mine")
    keeper = add_jpeg(stage, "k/a.jpg", jpeg(facts=theirs))
    assert remove(stage, record(victim), record(keeper)).moved
    assert said(keeper) == replace(
        FACTS, rating=2, keywords=("LISBON", "night", "tram"), title="Mine"
    )
    stage.hold_the_law()


def test_nothing_to_merge_writes_nothing(stage: Stage) -> None:
    victim = add_jpeg(stage, "v/a.jpg", jpeg(facts=Xmp(rating=1)))
    keeper = add_jpeg(stage, "k/a.jpg", jpeg(facts=Xmp(rating=5)))
    before = Path(os.fsdecode(keeper)).read_bytes()
    result = remove(stage, record(victim), record(keeper))
    assert result.moved
    assert result.rewritten == ()
    assert Path(os.fsdecode(keeper)).read_bytes() == before


def test_what_the_catalog_knows_of_exif_counts(stage: Stage) -> None:
    victim = record(add_jpeg(stage, "v/a.jpg", jpeg()))
    told = replace(victim, metadata=replace(victim.metadata, title="By EXIF", gps=(1.5, 2.5)))
    assert facts_of(told) == Xmp(title="By EXIF", gps=(1.5, 2.5))
    rejected = replace(victim, metadata=replace(victim.metadata, rating=-1, gps=(0.0, 0.0)))
    assert facts_of(rejected) == Xmp()
    keeper = record(add_jpeg(stage, "k/a.jpg", jpeg(200)))
    merge = merge_of(told, keeper)
    assert merge is not None
    assert [field.name for field in merge.fields] == ["Title", "Place"]


def test_a_victims_sidecar_is_merged_and_goes_with_it(stage: Stage) -> None:
    victim = stage.add("v/a.jpg", jpeg())
    sidecar = stage.add("v/a.xmp", edited(EMPTY, FACTS))
    keeper = add_jpeg(stage, "k/a.jpg", jpeg())
    result = stage.remove(request(record(victim, [sidecar]), record(keeper)), merge_metadata=True)
    assert result.moved
    assert said(keeper) == FACTS
    stage.hold_the_law()
    assert undo(stage.journal, None, None).failed == ()
    assert auditor.look(stage.root, stage.data) == stage.before


def test_a_sidecar_is_extended_and_keeps_what_is_foreign(stage: Stage) -> None:
    victim = stage.add("v/a.cr2", b"II*\0 raw one")
    theirs = stage.add("v/a.xmp", edited(EMPTY, FACTS))
    keeper = stage.add("k/a.cr2", b"II*\0 raw two")
    foreign = edited(EMPTY, Xmp(rating=1)).replace(b"<xmp:Rating>", b"<!-- mine --><xmp:Rating>")
    ours = stage.add("k/a.xmp", foreign)
    result = remove(stage, record(victim, [theirs]), record(keeper, [ours]))
    assert result.moved
    assert said(ours) == replace(FACTS, rating=1)
    assert b"<!-- mine -->" in Path(os.fsdecode(ours)).read_bytes()
    stage.hold_the_law()
    assert undo(stage.journal, None, None).failed == ()
    assert auditor.look(stage.root, stage.data) == stage.before


@pytest.mark.parametrize(
    ("neighbour", "sidecar"), [("k/b.cr2", "k/a.xmp"), ("k/a.png", "k/a.cr2.xmp")]
)
def test_a_raw_gets_a_new_sidecar_that_undo_takes_away(
    stage: Stage, neighbour: str, sidecar: str
) -> None:
    victim = stage.add("v/a.cr2", b"II*\0 raw one")
    theirs = stage.add("v/a.xmp", edited(EMPTY, FACTS))
    keeper = stage.add("k/a.cr2", b"II*\0 raw two")
    stage.add(neighbour, b"neighbour")
    assert remove(stage, record(victim, [theirs]), record(keeper)).moved
    assert said(os.fsencode(stage.lib / sidecar)) == FACTS
    stage.hold_the_law()
    assert undo(stage.journal, None, None).failed == ()
    stage.hold_the_law()
    assert auditor.look(stage.root, stage.data) == stage.before


def test_a_jpeg_with_more_pictures_inside_gets_a_sidecar(stage: Stage) -> None:
    data = jpeg()
    several = data[:2] + b"\xff\xe2\0\x10MPF\0" + bytes(10) + data[2:]
    victim = stage.add("v/a.jpg", jpeg(facts=FACTS))
    keeper = stage.add("k/a.jpg", several)
    assert remove(stage, record(victim), record(keeper)).moved
    assert Path(os.fsdecode(keeper)).read_bytes() == several
    assert said(keeper + b".xmp") == FACTS
    stage.hold_the_law()


def test_identical_copies_with_sidecars_all_go_though_the_keeper_changes(stage: Stage) -> None:
    keeper = add_jpeg(stage, "k/a.jpg", jpeg())
    requests = []
    for number, word in enumerate(("one", "two", "three")):
        victim = stage.add(f"v{number}/a.jpg", jpeg())
        sidecar = stage.add(f"v{number}/a.xmp", edited(EMPTY, Xmp(keywords=(word,))))
        requests.append(request(record(victim, [sidecar]), record(keeper)))
    result = stage.remove(*requests, merge_metadata=True)
    assert len(result.moved) == 3, result
    assert said(keeper).keywords == ("one", "two", "three")
    stage.hold_the_law()
    undone = undo(stage.journal, None, None)
    assert len(undone.restored) == 3
    assert undone.notes == ()
    stage.hold_the_law()
    assert auditor.look(stage.root, stage.data) == stage.before


def test_a_protected_keeper_is_not_written_and_the_victim_stays(stage: Stage) -> None:
    victim = stage.add("v/a.jpg", jpeg(facts=FACTS))
    keeper = stage.add("k/a.jpg", jpeg())
    wanted = request(record(victim), record(keeper), Kind.SAME_PIXELS)
    protected = {"protected": [os.fsencode(stage.lib / "k")]}
    made = stage.plan(wanted, merge_metadata=True, **protected)
    assert made.items == ()
    assert "protected" in made.refused[0].reason
    assert stage.plan(wanted, **protected).items


def test_a_sidecar_that_cannot_be_understood_keeps_the_victim(stage: Stage) -> None:
    victim = stage.add("v/a.jpg", jpeg(facts=FACTS))
    keeper, ours = stage.add("k/a.jpg", jpeg()), stage.add("k/a.xmp", b"<what is this")
    result = remove(stage, record(victim), record(keeper, [ours]))
    assert result.moved == ()
    assert "cannot be understood" in result.refused[0].reason
    stage.hold_the_law()


def test_undo_leaves_a_keeper_alone_that_was_edited_since(stage: Stage) -> None:
    victim = add_jpeg(stage, "v/a.jpg", jpeg(facts=FACTS))
    keeper = add_jpeg(stage, "k/a.jpg", jpeg())
    old = Path(os.fsdecode(keeper)).read_bytes()
    remove(stage, record(victim), record(keeper))
    edit = jpeg(facts=Xmp(rating=1))
    Path(os.fsdecode(keeper)).write_bytes(edit)
    undone = undo(stage.journal, None, None)
    assert [path for path, _ in undone.restored] == [victim]
    assert "was changed since metadata was merged" in undone.notes[0].reason
    assert Path(os.fsdecode(keeper)).read_bytes() == edit
    assert old in [each.read_bytes() for each in (stage.trash / "files").iterdir()]


def test_undo_says_so_when_the_old_version_was_emptied_from_the_trash(stage: Stage) -> None:
    victim = stage.add("v/a.jpg", jpeg(facts=FACTS))
    keeper = stage.add("k/k.jpg", jpeg())
    remove(stage, record(victim), record(keeper))
    (stage.trash / "files" / "k.jpg").unlink()
    undone = undo(stage.journal, None, None)
    assert [path for path, _ in undone.restored] == [victim]
    assert "keeps the merged metadata" in undone.notes[0].reason
    assert said(keeper) == FACTS


def test_a_sidecar_edited_since_stays(stage: Stage) -> None:
    victim, theirs = stage.add("v/a.cr2", b"one"), stage.add("v/a.xmp", edited(EMPTY, FACTS))
    keeper = stage.add("k/a.cr2", b"two")
    remove(stage, record(victim, [theirs]), record(keeper))
    sidecar = stage.lib / "k" / "a.xmp"
    sidecar.write_bytes(edited(EMPTY, Xmp(rating=1)))
    undone = undo(stage.journal, None, None)
    assert "was changed since" in undone.notes[0].reason
    assert said(os.fsencode(sidecar)).rating == 1


def test_a_kill_between_link_and_unlink_leaves_no_sidecar(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a volume can only link and unlink, the new sidecar has two names for a moment."""

    def killed(source: bytes, target: bytes) -> None:
        os.link(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr("imgdupe.removal.rewrite.rename_noreplace", killed)
    victim, theirs = stage.add("v/a.cr2", b"one"), stage.add("v/a.xmp", edited(EMPTY, FACTS))
    keeper = stage.add("k/a.cr2", b"two")
    with pytest.raises(KeyboardInterrupt):
        remove(stage, record(victim, [theirs]), record(keeper))
    stage.hold_the_law()
    assert auditor.look(stage.root, stage.data) == stage.before


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_a_disk_that_does_not_say_what_is_there_decides_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """An error while undo looks is no answer; the next start does what is left to do."""
    victim = add_jpeg(stage, "v/a.jpg", jpeg(facts=FACTS))
    keeper = add_jpeg(stage, "k/k.jpg", jpeg())
    assert remove(stage, record(victim), record(keeper)).moved
    real = os.open
    failed: list[bytes] = []

    def once(path: bytes, *flags: int) -> int:
        if path == keeper and not failed:
            failed.append(path)
            raise OSError(number, os.strerror(number), path)
        return real(path, *flags)

    with monkeypatch.context() as patch:
        patch.setattr("imgdupe.removal.identity.os.open", once)
        undone = undo(stage.journal, None, None)
    assert failed
    assert undone.failed
    stage.hold_the_law()
    assert auditor.look(stage.root, stage.data) == stage.before


def test_an_edit_in_the_last_moment_is_put_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program saves over the keeper just before it changes places with the new version."""
    victim = stage.add("v/a.jpg", jpeg(facts=FACTS))
    keeper = stage.add("k/k.jpg", jpeg())
    edit = jpeg(200)

    def late(one: bytes, other: bytes) -> None:
        if other == keeper and not done:
            done.append(True)
            fresh = Path(os.fsdecode(keeper)).with_name("fresh")
            fresh.write_bytes(edit)
            fresh.replace(os.fsdecode(keeper))
        moves.exchange(one, other)

    done: list[bool] = []
    monkeypatch.setattr("imgdupe.removal.rewrite.exchange", late)
    result = remove(stage, record(victim), record(keeper))
    assert result.moved == ()
    assert Path(os.fsdecode(keeper)).read_bytes() == edit
    assert os.listdir(stage.trash / "files") == []
    assert {item.state for item in stage.journal.history()[0].items} == {State.VOID}


def test_a_volume_that_cannot_exchange_keeps_everything(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = moves._rename_in_one_step

    def no_exchange(one: bytes, other: bytes, *, linux: int, macos: int) -> None:
        if linux == moves._RENAME_EXCHANGE:
            raise OSError(errno.EINVAL, "no")
        real(one, other, linux=linux, macos=macos)

    monkeypatch.setattr(moves, "_rename_in_one_step", no_exchange)
    victim, keeper = stage.add("v/a.jpg", jpeg(facts=FACTS)), stage.add("k/a.jpg", jpeg())
    result = remove(stage, record(victim), record(keeper))
    assert result.moved == ()
    assert "change places" in result.refused[0].reason
    stage.hold_the_law()
    assert auditor.look(stage.root, stage.data) == stage.before
