# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One file by two routes, other volumes, volumes without room or trash, protected folders."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from imgdupe.removal import trash
from imgdupe.removal.undo import undo
from tests.reliability import auditor
from tests.reliability.scenes import Stage, make_plan, record, request, run

BODY = b"the picture" * 100
Mount = Callable[..., Path]


def refused(stage: Stage, victim: bytes, keeper: bytes, **how: object) -> str:
    """Nothing moves; the reason."""
    before = auditor.look(stage.root, stage.data)
    made = stage.plan(request(record(victim), record(keeper)), **how)
    result = run(made, stage.journal)
    assert result.moved == ()
    assert auditor.look(stage.root, stage.data) == before
    (refusal,) = result.refused
    return refusal.reason


def test_a_hard_link(stage: Stage) -> None:
    victim = stage.add("a.jpg", BODY)
    keeper = victim.replace(b"a.jpg", b"b.jpg")
    os.link(victim, keeper)
    assert "two names" in refused(stage, victim, keeper)


def test_a_folder_that_is_a_link(stage: Stage) -> None:
    victim = stage.add("real/a.jpg", BODY)
    (stage.lib / "alias").symlink_to(stage.lib / "real")
    assert "two names" in refused(stage, victim, os.fsencode(stage.lib / "alias" / "a.jpg"))


def test_a_link_made_after_the_plan(stage: Stage) -> None:
    """The keeper's folder is replaced by a link to the victim's, with the same picture."""
    victim, keeper = stage.pair(body=BODY)
    made = stage.plan(request(record(victim), record(keeper)))
    stage.freeze()
    (stage.lib / "originals").rename(stage.lib / "moved-away")
    (stage.lib / "originals").symlink_to(stage.lib / "copies")
    result = run(made, stage.journal)
    assert result.moved == ()
    assert "two names" in result.refused[0].reason
    assert Path(os.fsdecode(victim)).exists()


def test_a_keeper_of_another_photo_by_another_route(stage: Stage) -> None:
    """A stays for B. C, which is A through a link to its folder, is to go for D."""
    a, b, d = (stage.add(f"{name}/x.jpg", BODY) for name in ("a", "b", "d"))
    (stage.lib / "c").symlink_to(stage.lib / "a")
    c = os.fsencode(stage.lib / "c" / "x.jpg")
    photos = {name: record(path) for name, path in {"a": a, "b": b, "c": c, "d": d}.items()}
    result = stage.remove(request(photos["b"], photos["a"]), request(photos["c"], photos["d"]))
    assert [moved.path for moved in result.moved] == [b]
    assert "two names" in result.refused[0].reason
    stage.hold_the_law()


@pytest.mark.needs_root
def test_a_bind_mount(stage: Stage, mount: Mount) -> None:
    victim = stage.add("real/a.jpg", BODY)
    alias = mount(stage.root / "alias", "--bind", str(stage.lib / "real"))
    assert "two names" in refused(stage, victim, os.fsencode(alias / "a.jpg"))


@pytest.mark.needs_root
def test_an_overlay_shows_another_inode_of_the_same_file(stage: Stage, mount: Mount) -> None:
    """The keeper is seen through an overlay over the victim's folder: only a listing tells."""
    lower = mount(stage.root / "lower", "-t", "tmpfs", "tmpfs")
    (lower / "a.jpg").write_bytes(BODY)
    spare = mount(stage.root / "spare", "-t", "tmpfs", "tmpfs")
    (spare / "upper").mkdir()
    (spare / "work").mkdir()
    layers = f"lowerdir={lower},upperdir={spare}/upper,workdir={spare}/work,xino=off"
    merged = mount(stage.root / "merged", "-t", "overlay", "overlay", "-o", layers)
    victim, keeper = lower / "a.jpg", merged / "a.jpg"
    assert (victim.stat().st_dev, victim.stat().st_ino) != (
        keeper.stat().st_dev,
        keeper.stat().st_ino,
    )
    reason = refused(stage, os.fsencode(victim), os.fsencode(keeper))
    assert "two names" in reason
    assert os.listdir(lower) == ["a.jpg"]


@pytest.mark.needs_root
def test_another_volume_has_its_own_trash(stage: Stage, mount: Mount) -> None:
    volume = mount(stage.lib / "card", "-t", "tmpfs", "tmpfs")
    victim, keeper = stage.add("card/DCIM/a.jpg", BODY), stage.add("a.jpg", BODY)
    result = stage.remove(request(record(victim), record(keeper)))
    own = volume / f".Trash-{os.getuid()}"
    assert Path(os.fsdecode(result.moved[0].trash_path)) == own / "files" / "a.jpg"
    assert "Path=DCIM/a.jpg" in (own / "info" / "a.jpg.trashinfo").read_text()
    stage.hold_the_law()
    assert undo(stage.journal, None, None).failed == ()
    stage.hold_the_law()


@pytest.mark.needs_root
@pytest.mark.parametrize("sticky", [True, False])
def test_a_shared_trash_is_used_only_if_sticky(stage: Stage, mount: Mount, sticky: bool) -> None:
    volume = mount(stage.lib / "card", "-t", "tmpfs", "tmpfs")
    (volume / ".Trash").mkdir()
    (volume / ".Trash").chmod(0o1777 if sticky else 0o777)
    victim, keeper = stage.add("card/a.jpg", BODY), stage.add("a.jpg", BODY)
    result = stage.remove(request(record(victim), record(keeper)))
    where = f".Trash/{os.getuid()}" if sticky else f".Trash-{os.getuid()}"
    assert Path(os.fsdecode(result.moved[0].trash_path)) == volume / where / "files" / "a.jpg"
    stage.hold_the_law()


@pytest.mark.needs_root
def test_a_volume_without_a_trash_offers_a_folder(stage: Stage, mount: Mount) -> None:
    volume = mount(stage.lib / "card", "-t", "tmpfs", "tmpfs")
    (volume / f".Trash-{os.getuid()}").write_text("in the way")
    victim, keeper = stage.add("card/a.jpg", BODY), stage.add("a.jpg", BODY)
    wanted = request(record(victim), record(keeper))
    asked = stage.plan(wanted)
    assert asked.items == ()
    assert "there is no trash" in asked.refused[0].reason
    (summary,) = asked.volumes
    assert not summary.has_trash
    assert summary.destination == os.fsencode(volume / "_imgdupe_removed")
    stage.freeze()
    made = stage.plan(wanted, fallback_volumes=frozenset({summary.root}))
    result = run(made, stage.journal)
    assert result.moved[0].trash_path == summary.destination + b"/files/a.jpg"
    stage.hold_the_law()
    assert undo(stage.journal, None, None).failed == ()
    stage.hold_the_law()


@pytest.mark.needs_root
def test_a_full_volume_refuses_and_keeps(stage: Stage, mount: Mount) -> None:
    volume = mount(stage.lib / "card", "-t", "tmpfs", "tmpfs", "-o", "size=64k")
    victim, keeper = stage.add("card/a.jpg", BODY), stage.add("a.jpg", BODY)
    with (volume / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(bytes(4096)):
            pass
    stage.freeze()
    result = run(stage.plan(request(record(victim), record(keeper))), stage.journal)
    assert result.moved == ()
    assert "full" in (result.stopped or "")
    (volume / "filler").unlink()
    assert Path(os.fsdecode(victim)).read_bytes() == BODY


@pytest.mark.needs_root
def test_a_full_app_data_folder_stops_before_anything_moves(stage: Stage, mount: Mount) -> None:
    stage.journal.close()
    small = mount(stage.data, "-t", "tmpfs", "tmpfs", "-o", "size=64k")
    stage.restart()
    pairs = [stage.pair(f"{number}.jpg", b"%d" % number + BODY) for number in range(40)]
    (small / "filler").write_bytes(bytes(1 << 14))
    result = stage.remove(*[request(record(victim), record(keeper)) for victim, keeper in pairs])
    assert result.stopped
    assert len(result.moved) < 40
    moved = {each.path for each in result.moved}
    assert all(os.path.exists(victim) != (victim in moved) for victim, _keeper in pairs)
    (small / "filler").unlink()
    stage.hold_the_law()


@pytest.mark.needs_root
def test_a_read_only_volume_is_refused(stage: Stage, mount: Mount) -> None:
    volume = mount(stage.lib / "card", "-t", "tmpfs", "tmpfs")
    victim, keeper = stage.add("card/a.jpg", BODY), stage.add("a.jpg", BODY)
    subprocess.run(["mount", "-o", "remount,ro", str(volume)], check=True)
    assert "no trash" in refused(stage, victim, keeper)


@pytest.mark.needs_root
def test_a_trash_on_another_volume_is_never_copied_to(stage: Stage, mount: Mount) -> None:
    """Same device, another mount: renaming fails there, so the home trash is not used."""
    victim, keeper = stage.add("real/a.jpg", BODY), stage.add("a.jpg", BODY)
    other = mount(stage.root / "bound", "--bind", str(stage.lib / "real"))
    seen = os.fsencode(other / "a.jpg")
    place = trash.find(os.path.dirname(seen), fallback=False)
    assert place.folder == os.fsencode(other / f".Trash-{os.getuid()}")
    result = run(make_plan(stage.journal, request(record(seen), record(keeper))), stage.journal)
    assert len(result.moved) == 1
    assert not os.path.exists(victim)
    assert undo(stage.journal, None, None).failed == ()
    assert Path(os.fsdecode(victim)).read_bytes() == BODY


def protect(stage: Stage, folder: Path) -> dict[str, object]:
    return {"protected": [os.fsencode(folder)]}


def test_a_protected_folder_by_every_spelling(stage: Stage) -> None:
    victim, keeper = stage.pair(body=BODY)
    folder = stage.lib / "copies"
    (stage.lib / "deep").mkdir()
    (stage.lib / "deep" / "link").symlink_to(folder)
    for spelled in (folder, stage.lib, stage.lib / "deep" / ".." / "copies", f"{folder}/"):
        how = {"protected": [os.fsencode(spelled)]}
        assert "protected" in refused(stage, victim, keeper, **how)
    through = os.fsencode(stage.lib / "deep" / "link" / "x.jpg")
    assert "protected" in refused(stage, through, keeper, **protect(stage, folder))
    assert "protected" in refused(stage, victim, keeper, **protect(stage, stage.lib / "deep/link"))
    assert stage.plan(
        request(record(victim), record(keeper)), **protect(stage, stage.lib / "cop")
    ).items


def test_a_folder_that_becomes_protected_after_the_plan(stage: Stage) -> None:
    """The victim's folder is moved into a protected one, a link takes its place."""
    victim, keeper = stage.pair(body=BODY)
    safe = stage.lib / "safe"
    safe.mkdir()
    made = stage.plan(request(record(victim), record(keeper)), **protect(stage, safe))
    assert made.items
    (stage.lib / "copies").rename(safe / "copies")
    (stage.lib / "copies").symlink_to(safe / "copies")
    result = run(made, stage.journal)
    assert result.moved == ()
    assert "protected" in result.refused[0].reason


@pytest.mark.needs_root
def test_a_protected_folder_behind_a_bind_mount_of_a_part_of_it(stage: Stage, mount: Mount) -> None:
    stage.add("safe/year/a.jpg", BODY)
    keeper = stage.add("a.jpg", BODY)
    part = mount(stage.root / "part", "--bind", str(stage.lib / "safe" / "year"))
    how = protect(stage, stage.lib / "safe")
    assert "protected" in refused(stage, os.fsencode(part / "a.jpg"), keeper, **how)
