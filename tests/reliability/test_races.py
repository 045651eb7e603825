# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Other programs change keeper or victim before, between and after the steps of a removal."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from imgdupe.records import Kind
from imgdupe.removal.entries import State
from imgdupe.removal.execute import BatchResult
from imgdupe.removal.litter import Litter
from imgdupe.removal.trash import FolderTrash, Slot
from tests.reliability.scenes import Stage, memory, record, request, run

BODY = b"the picture as it was shown"
OTHER = b"quite another picture here!"
assert len(BODY) == len(OTHER)


def vanish(path: Path) -> None:
    path.unlink(missing_ok=True)


def edit(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(OTHER)


def edit_keeping_time(path: Path) -> None:
    status = path.stat()
    edit(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def save_over(path: Path) -> None:
    fresh = path.with_name("fresh.tmp")
    fresh.write_bytes(OTHER)
    fresh.replace(path)


def become_link(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path.parent.parent / "elsewhere.jpg")


def become_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def become_fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


CHANGES = [vanish, edit, edit_keeping_time, save_over, become_link, become_folder, become_fifo]
MOMENTS = ["before", "checked", "reserved", "moved"]


def strike(
    monkeypatch: pytest.MonkeyPatch, moment: str, blow: Callable[[], None], stage: Stage
) -> None:
    """Let `blow` happen once at that moment of the next removal."""
    done: list[bool] = []

    def once() -> None:
        if not done:
            done.append(True)
            blow()

    reserve, put = FolderTrash.reserve, FolderTrash.put

    def reserving(self: FolderTrash, path: bytes, litter: Litter) -> Slot:
        if moment == "checked":
            once()
        return reserve(self, path, litter)

    def putting(self: FolderTrash, path: bytes, slot: Slot) -> bytes:
        if moment == "reserved":
            once()
        where = put(self, path, slot)
        if moment == "moved":
            once()
        return where

    monkeypatch.setattr(FolderTrash, "reserve", reserving)
    monkeypatch.setattr(FolderTrash, "put", putting)
    if moment == "before":
        once()


def race(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    blow: Callable[[Path], None],
    whom: str,
) -> tuple[BatchResult, Path, Path]:
    victim, keeper = stage.pair(body=BODY)
    stage.add("elsewhere.jpg", OTHER)
    kind = random.Random(moment + blow.__name__).choice([Kind.IDENTICAL, Kind.EDITED])
    made = stage.plan(request(record(victim), record(keeper), kind))
    stage.freeze()
    paths = {"victim": Path(os.fsdecode(victim)), "keeper": Path(os.fsdecode(keeper))}
    strike(monkeypatch, moment, lambda: blow(paths[whom]), stage)
    return run(made, stage.journal), paths["victim"], paths["keeper"]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("blow", CHANGES)
def test_the_victim_stays_when_its_keeper_is_touched(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, moment: str, blow: Callable[[Path], None]
) -> None:
    result, victim, _keeper = race(stage, monkeypatch, moment, blow, "keeper")
    assert result.moved == ()
    assert victim.read_bytes() == BODY
    states = {item.state for batch in stage.journal.history() for item in batch.items}
    if moment == "before":
        assert result.refused
        assert result.stopped is None
        assert not states
    else:
        assert result.restored
        assert result.stopped
        assert states == {State.RESTORED}
    stage.hold_the_law(lost=[BODY, OTHER])
    assert victim.read_bytes() == BODY


@pytest.mark.parametrize("moment", MOMENTS[:3])
@pytest.mark.parametrize("blow", CHANGES)
def test_a_victim_that_is_touched_is_let_go(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, moment: str, blow: Callable[[Path], None]
) -> None:
    result, victim, keeper = race(stage, monkeypatch, moment, blow, "victim")
    assert result.moved == ()
    assert result.refused or result.restored
    if blow in (edit, edit_keeping_time, save_over):
        assert victim.read_bytes() == OTHER  # what the user saved is under its name
    elif blow is become_link:
        assert victim.is_symlink()
    elif blow is not vanish:
        assert victim.exists()
    assert keeper.read_bytes() == BODY
    stage.hold_the_law(lost=[BODY, OTHER])


@pytest.mark.parametrize("name", ["a.xmp", "a.MOV"])
@pytest.mark.parametrize("moment", MOMENTS[:3])
def test_a_unit_stays_together_when_a_companion_is_touched(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, moment: str, name: str
) -> None:
    victim, keeper = stage.add("v/a.jpg", BODY), stage.add("k/a.jpg", BODY)
    companions = [stage.add("v/a.MOV", b"movie"), stage.add("v/a.xmp", b"sidecar")]
    made = stage.plan(request(record(victim, companions), record(keeper)))
    stage.freeze()
    strike(monkeypatch, moment, lambda: edit(stage.lib / "v" / name), stage)
    result = run(made, stage.journal)
    assert result.moved == ()
    assert sorted(os.listdir(stage.lib / "v")) == ["a.MOV", "a.jpg", "a.xmp"]
    stage.hold_the_law(lost=[b"movie", b"sidecar", OTHER])


def test_a_new_file_under_the_victims_name_is_not_replaced(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the move and the way back, somebody takes the name: the photo waits in the trash."""
    victim, keeper = stage.pair(body=BODY)
    made = stage.plan(request(record(victim), record(keeper)))
    stage.freeze()

    def blow() -> None:
        Path(os.fsdecode(keeper)).unlink()
        Path(os.fsdecode(victim)).write_bytes(OTHER)

    strike(monkeypatch, "moved", blow, stage)
    result = run(made, stage.journal)
    assert result.stopped
    assert "undo brings it back" in result.restored[0].reason
    assert Path(os.fsdecode(victim)).read_bytes() == OTHER
    assert (stage.trash / "files" / "x.jpg").read_bytes() == BODY
    assert stage.restart().needs_user
    Path(os.fsdecode(victim)).unlink()
    assert stage.restart().restored == [victim]
    assert Path(os.fsdecode(victim)).read_bytes() == BODY


def shuffle(stage: Stage, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """One removal of five photos with random blows at random moments to random files."""
    dice = random.Random(seed)
    bodies = [b"%d %d" % (seed, number) + BODY for number in range(5)]
    pairs = [stage.pair(f"{seed}-{number}.jpg", body) for number, body in enumerate(bodies)]
    stage.add("elsewhere.jpg", OTHER)
    made = stage.plan(*[request(record(victim), record(keeper)) for victim, keeper in pairs])
    stage.freeze()
    put = FolderTrash.put
    blows = dice.randrange(1, 4)

    def putting(self: FolderTrash, path: bytes, slot: Slot) -> bytes:
        where = None
        for step in dice.sample(["blow"] * blows + ["put"], blows + 1):
            if step == "put":
                where = put(self, path, slot)
                continue
            struck = Path(os.fsdecode(dice.choice(dice.choice(pairs))))
            if struck.is_file() and not struck.is_symlink():
                dice.choice(CHANGES)(struck)
        return where or b""

    with monkeypatch.context() as patch:
        patch.setattr(FolderTrash, "put", putting)
        result = run(made, stage.journal)
    stage.hold_the_law(lost=[*bodies, OTHER])
    for moved in result.moved:  # whatever else happened: no photo went without one that stays
        slot = Path(os.fsdecode(moved.trash_path))
        assert slot.exists()


def shuffle_all(folder: Path, monkeypatch: pytest.MonkeyPatch, seeds: range) -> None:
    for seed in seeds:
        stage = Stage(folder / str(seed))
        monkeypatch.setenv("XDG_DATA_HOME", str(stage.trash.parent))
        shuffle(stage, monkeypatch, seed)
        stage.journal.close()


@pytest.mark.parametrize(
    "seeds", [range(15), pytest.param(range(1_000, 1_500), marks=pytest.mark.campaign)]
)
def test_random_blows(
    monkeypatch: pytest.MonkeyPatch, points: Callable[[int], None], seeds: range
) -> None:
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        shuffle_all(Path(folder), monkeypatch, seeds)
    points(len(seeds))
