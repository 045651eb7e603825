# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What is refused before anything is opened, what is asked, what is summed up."""

from __future__ import annotations

import errno
import os
from dataclasses import replace

import pytest

from imgdupe.records import Kind
from imgdupe.removal import trash
from imgdupe.removal.entries import State
from imgdupe.removal.plan import Plan
from tests.reliability.scenes import Stage, record, request

BODY = b"the picture"


def reason(plan: Plan) -> str:
    assert plan.items == ()
    (refusal,) = plan.refused
    return refusal.reason


def test_a_sound_request_may_go(stage: Stage) -> None:
    victim, keeper = stage.pair()
    plan = stage.plan(request(record(victim), record(keeper)))
    assert [item.victim.path for item in plan.items] == [victim]
    assert (plan.refused, plan.needs_confirmation, plan.emptied_groups) == ((), (), ())
    (volume,) = plan.volumes
    assert (volume.photos, volume.bytes, volume.has_trash) == (1, len(b"picture"), True)
    assert volume.destination == os.fsencode(stage.trash)
    assert not stage.trash.exists()


def test_no_copy_would_stay(stage: Stage) -> None:
    victim, _ = stage.pair()
    wanted = request(record(victim), None)
    plan = stage.plan(wanted)
    assert "no copy" in reason(plan)
    assert plan.emptied_groups == (victim,)
    assert stage.plan(wanted, whole_groups=True).items


def test_a_victim_that_is_somebodys_keeper(stage: Stage) -> None:
    a, b, c = (record(stage.add(f"{name}.jpg", BODY)) for name in "abc")
    plan = stage.plan(request(a, b), request(b, c))
    assert [item.victim.path for item in plan.items] == [a.path]
    assert "copy that stays for another" in plan.refused[0].reason
    assert stage.plan(request(a, b), request(b, a)).items == ()
    assert stage.plan(request(a, b), request(b, None), whole_groups=True).items[0].victim == a


def test_the_keeper_of_an_open_batch(stage: Stage) -> None:
    """A removal that waits for the user still needs its keeper."""
    a, b, c = (record(stage.add(f"{name}.jpg", BODY)) for name in "abc")
    stage.remove(request(a, b))
    (entry,) = stage.journal.entries(stage.journal.history()[0].id)
    stage.journal.put(replace(entry, state=State.NEEDS_USER))
    assert "not finished" in reason(stage.plan(request(b, c)))


def test_its_own_copy(stage: Stage) -> None:
    photo = record(stage.add("a.jpg", BODY))
    assert "own copy" in reason(stage.plan(request(photo, photo)))


def test_lies_about_identity(stage: Stage) -> None:
    a, b = record(stage.add("a.jpg", b"one")), record(stage.add("b.jpg", b"two"))
    assert "not identical" in reason(stage.plan(request(a, b)))
    assert "different picture" in reason(stage.plan(request(a, b, Kind.DIFFERENT)))
    unread = replace(a, hashes=replace(a.hashes, content=b""))
    assert "never read" in reason(stage.plan(request(unread, b, Kind.EDITED)))


def test_drives_that_are_away(stage: Stage) -> None:
    a, b = record(stage.add("a.jpg", BODY)), record(stage.add("b.jpg", BODY))
    assert "not connected" in reason(stage.plan(request(replace(a, offline=True), b)))
    assert "not connected" in reason(stage.plan(request(a, replace(b, offline=True))))


def test_a_keeper_in_the_trash_keeps_nothing(stage: Stage) -> None:
    a = record(stage.add("a.jpg", BODY))
    for place in (".Trash-1000/files", ".Trash/1000/files", "_imgdupe_removed/files"):
        other = record(stage.add(f"{place}/b.jpg", BODY))
        assert "in a trash" in reason(stage.plan(request(a, other)))
        assert "in a trash" in reason(stage.plan(request(other, a)))


def test_raw_files(stage: Stage) -> None:
    raw, jpeg = record(stage.add("a.CR2", BODY)), record(stage.add("b.jpg", BODY))
    assert "RAW" in reason(stage.plan(request(raw, jpeg, Kind.EDITED)))
    assert stage.plan(request(jpeg, raw, Kind.EDITED)).items
    companion = stage.add("c.NEF", b"raw")
    with_raw = record(stage.add("c.jpg", BODY), [companion])
    assert "RAW" in reason(stage.plan(request(with_raw, jpeg)))
    pair = record(stage.add("a.jpg", BODY))
    assert "one shot" in reason(stage.plan(request(pair, raw, Kind.EDITED)))


def test_a_picture_without_a_suffix_is_guarded_too(stage: Stage) -> None:
    a, b, c = (record(stage.add(name, BODY)) for name in ("a", "b", "c"))
    plan = stage.plan(request(a, b), request(b, c))
    assert [item.victim.path for item in plan.items] == [a.path]


def test_the_same_victim_twice_goes_once(stage: Stage) -> None:
    a, b, c = (record(stage.add(f"{name}.jpg", BODY)) for name in "abc")
    plan = stage.plan(request(a, b), request(a, c))
    assert len(plan.items) == 1


def test_large_batches_ask_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = record(stage.add("k/keeper.jpg", BODY))
    victims = [record(stage.add(f"v/{number}.jpg", BODY)) for number in range(12)]
    wanted = [request(victim, keeper) for victim in victims]
    plan = stage.plan(*wanted, large=False)
    assert "12 of the 12 pictures" in plan.needs_confirmation[0]
    for number in range(60):
        stage.add(f"v/other{number}.jpg", b"x")
    assert stage.plan(*wanted, large=False).needs_confirmation == ()
    monkeypatch.setattr("imgdupe.removal.plan.LARGE_BATCH_FILES", 11)
    assert "12 files" in stage.plan(*wanted, large=False).needs_confirmation[0]
    assert stage.plan(*wanted, large=True).needs_confirmation == ()


def test_a_volume_that_fails_once_is_asked_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [stage.pair(f"{number}.jpg", b"%d" % number) for number in range(2)]
    real = trash.find
    failed: list[bytes] = []

    def once(folder: bytes, *, fallback: bool) -> trash.Trash:
        if not failed:
            failed.append(folder)
            raise OSError(errno.EIO, os.strerror(errno.EIO), folder)
        return real(folder, fallback=fallback)

    monkeypatch.setattr(trash, "find", once)
    made = stage.plan(*[request(record(victim), record(keeper)) for victim, keeper in pairs])
    assert [each.path for each in made.refused] == [pairs[0][0]]
    assert [item.victim.path for item in made.items] == [pairs[1][0]]


def test_a_folder_that_is_gone(stage: Stage) -> None:
    a, b = record(stage.add("x/a.jpg", BODY)), record(stage.add("b.jpg", BODY))
    (stage.lib / "x" / "a.jpg").unlink()
    (stage.lib / "x").rmdir()
    assert "not there any more" in reason(stage.plan(request(a, b)))


def test_companions_are_counted(stage: Stage) -> None:
    xmp = stage.add("a.xmp", b"<x/>")
    a, b = record(stage.add("a.jpg", BODY), [xmp]), record(stage.add("b.jpg", BODY))
    plan = stage.plan(request(a, b))
    assert plan.companions == 1
    assert plan.volumes[0].bytes == len(BODY) + 4
