# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The main job through the command line, on real files, with the real network and a real trash."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgdupe.__main__ import main
from imgdupe.engine.session import Session
from imgdupe.library.xmp import Xmp
from imgdupe.library.xmp_edit import EMPTY, edited
from imgdupe.records import Verdict
from imgdupe.removal.entries import State
from imgdupe.removal.journal import Journal
from tests.helpers.files import snapshot
from tests.helpers.library import Library, make_library

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return make_library(tmp_path_factory.mktemp("made"), seed=3)


@pytest.fixture
def library(made: Library, tmp_path: Path) -> Library:
    """A fresh copy of the made library, so that a test may remove from it."""
    folder = tmp_path / "library"
    shutil.copytree(made.folder, folder)
    return make_view(made, folder)


def make_view(made: Library, folder: Path) -> Library:
    """The truth about `made`, for a copy of it in another folder."""

    def there(path: Path) -> Path:
        return folder / path.relative_to(made.folder)

    return Library(
        folder,
        [there(path) for path in made.originals],
        [type(c)(there(c.original), there(c.copy), c.kind) for c in made.copies],
        [tuple(map(there, frames)) for frames in made.bursts],
        [there(path) for path in made.flats],
        [tuple(map(there, shot)) for shot in made.shots],
    )


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with --json; the exit status must be `status`; gives the document."""

    def command(*arguments: str, status: int = 0) -> Any:
        capsys.readouterr()
        name, *rest = arguments
        code = main([name, "--json", "--data-dir", str(tmp_path / "data"), *rest])
        out, err = capsys.readouterr()
        assert code == status, err
        return json.loads(out) if out else err

    return command


def kind_of_pairs(document: Any) -> dict[frozenset[str], str]:
    """Every pair that shares a group, with the kind of the less certain of the two."""
    pairs = {}
    for group in document["groups"]:
        keeper = next(m for m in group["members"] if m["keeper"])
        for member in group["members"]:
            if member is not keeper:
                pairs[frozenset((keeper["path"], member["path"]))] = member["kind"]
    return pairs


def together(document: Any, *paths: Path) -> str | None:
    """The kind of the group that holds all the paths, None if there is none."""
    wanted = {str(path) for path in paths}
    for group in document["groups"]:
        if wanted <= {member["path"] for member in group["members"]}:
            return str(group["kind"])
    return None


def test_scan_finds_every_copy_and_touches_nothing(library: Library, run: Run) -> None:
    before = snapshot(library.folder)
    report = run("scan", str(library.folder))
    assert report["problems"] == []
    assert report["fingerprinted"] == report["found"]
    assert snapshot(library.folder) == before
    document = run("groups")
    pairs = kind_of_pairs(document)
    for copy in library.of_kind("identical") + library.of_kind("same_pixels"):
        assert pairs.get(frozenset((str(copy.original), str(copy.copy)))) == copy.kind, copy
    for copy in library.copies:
        assert together(document, copy.original, copy.copy), copy


def test_bursts_and_flats_are_no_copies(library: Library, run: Run) -> None:
    run("scan", str(library.folder))
    document = run("groups")
    for frames in library.bursts:
        assert together(document, *frames[:2]) in {None, "burst", "similar"}
    grouped = {m["path"] for group in document["groups"] for m in group["members"]}
    assert not grouped & {str(path) for path in library.flats}
    for group in document["groups"]:
        if group["kind"] in {"burst", "similar", "edited"}:
            assert not [
                m for m in group["members"] if m["preselected"] and m["kind"] == group["kind"]
            ]


def test_a_shot_is_one_photo(library: Library, run: Run) -> None:
    run("scan", str(library.folder))
    raw, jpeg, xmp, movie = library.shots[0]
    (hit,) = [
        hit
        for hit in run("find", str(jpeg), "--top", "3")["queries"][0]["hits"]
        if hit["path"] == str(jpeg)
    ]
    assert hit["kind"] == "identical"
    paths = {m["path"] for g in run("groups")["groups"] for m in g["members"]}
    assert not paths & {str(raw), str(xmp), str(movie)}


def test_a_second_scan_computes_nothing(library: Library, run: Run) -> None:
    first = run("scan", str(library.folder))
    groups = run("groups")
    second = run("scan", str(library.folder))
    assert second["unchanged"] == second["found"] == first["found"]
    assert second["fingerprinted"] == 0
    assert run("groups") == groups


def test_moved_and_copied_files_are_known_by_content(library: Library, run: Run) -> None:
    first = run("scan", str(library.folder))
    original = library.originals[0]
    moved = original.with_name("renamed.jpg")
    original.rename(moved)
    shutil.copy(library.originals[1], library.folder / "again.jpg")
    second = run("scan", str(library.folder))
    assert second["fingerprinted"] == 0
    assert second["removed"] == 1
    assert second["found"] == first["found"] + 1
    document = run("groups")
    assert together(document, moved, library.copies[0].copy)
    assert together(document, library.originals[1], library.folder / "again.jpg")


def test_a_missing_folder_is_offline_and_comes_back(library: Library, run: Run) -> None:
    first = run("scan", str(library.folder))
    away = library.folder.with_name("unplugged")
    library.folder.rename(away)
    report = run("scan", str(library.folder))
    assert report["removed"] == 0
    assert report["offline"] == first["found"]
    assert all(m["offline"] for g in run("groups")["groups"] for m in g["members"])
    away.rename(library.folder)
    again = run("scan", str(library.folder))
    assert again["unchanged"] == first["found"]
    assert again["offline"] == 0


def test_find_names_the_exact_file_and_the_turned_one(library: Library, run: Run) -> None:
    run("scan", str(library.folder))
    for name in ("turned", "mirrored", "small"):
        (copy,) = [c for c in library.copies if c.copy.stem.endswith(name)]
        hits = run("find", str(copy.original), "--top", "5")["queries"][0]["hits"]
        found = {hit["path"]: hit for hit in hits}
        assert found[str(copy.original)]["kind"] == "identical"
        assert found[str(copy.copy)]["kind"] == copy.kind


def test_remove_and_undo(library: Library, run: Run) -> None:
    run("scan", str(library.folder))
    before = snapshot(library.folder)
    planned = run("remove", "--suggested", "--kind", "identical", "--dry-run")
    assert len(planned["would_move"]) == 1
    assert snapshot(library.folder) == before
    result = run("remove", "--suggested", "--kind", "identical", "--yes")
    (moved,) = result["moved"]
    assert not Path(moved["path"]).exists()
    assert Path(moved["trash_path"]).read_bytes() == Path(moved["keeper"]).read_bytes()
    assert not together(run("groups"), Path(moved["path"]), Path(moved["keeper"]))
    (batch,) = run("history")["batches"]
    assert batch["batch"] == result["batch"]
    run("undo")
    assert snapshot(library.folder) == before
    assert together(run("groups"), Path(moved["path"]), Path(moved["keeper"]))
    assert run("scan", str(library.folder))["fingerprinted"] == 0


def test_remove_by_plan_keeps_what_the_plan_keeps(
    library: Library, run: Run, tmp_path: Path
) -> None:
    run("scan", str(library.folder))
    (copy,) = [c for c in library.copies if c.copy.stem.endswith("cropped")]
    plan = tmp_path / "plan.json"
    plan.write_text(
        json.dumps({"remove": [{"path": str(copy.copy), "keeper": str(copy.original)}]})
    )
    result = run("remove", "--plan", str(plan), "--yes")
    assert [moved["path"] for moved in result["moved"]] == [str(copy.copy)]
    assert copy.original.exists()
    assert not copy.copy.exists()


def test_metadata_of_a_removed_copy_is_merged_and_undone(
    library: Library, run: Run, tmp_path: Path
) -> None:
    """A third copy stays in the group: the keeper is read again, not forgotten until a scan."""
    (copy,) = [c for c in library.copies if c.copy.stem.endswith("cropped")]
    third = copy.original.with_name("third.jpg")
    shutil.copy2(copy.original, third)
    copy.copy.with_suffix(".xmp").write_bytes(
        edited(EMPTY, Xmp(rating=5, keywords=("Lisbon", "tram"), caption="Line 28"))
    )
    run("scan", str(library.folder))
    before = snapshot(library.folder)
    plan = tmp_path / "plan.json"
    plan.write_text(
        json.dumps({"remove": [{"path": str(copy.copy), "keeper": str(copy.original)}]})
    )
    options = ("remove", "--plan", str(plan), "--merge-metadata")
    (planned,) = run(*options, "--dry-run")["would_move"]
    assert planned["merge"]["into"] == str(copy.original)
    assert [each["field"] for each in planned["merge"]["fields"]] == [
        "Rating",
        "Keywords",
        "Caption",
    ]
    assert snapshot(library.folder) == before
    with Session.open(tmp_path / "data") as session:
        kept = session._catalog.photo_at(os.fsencode(copy.original))
        assert kept is not None
        session.set_verdicts({kept: Verdict.KEEP})
    result = run(*options, "--yes")
    with Session.open(tmp_path / "data") as session:
        assert session.verdicts() == {os.fsencode(copy.original): Verdict.KEEP}
    assert result["merged_into"] == [{"path": str(copy.original)}]
    (item,) = run("history")["batches"][0]["items"]
    assert item["merged"] == ["Rating: 5", "Keywords: Lisbon, tram", "Caption: Line 28"]
    assert together(run("groups", "--keyword", "tram"), copy.original, third)
    assert run("scan", str(library.folder))["fingerprinted"] == 0
    run("undo")
    assert snapshot(library.folder) == before
    assert run("scan", str(library.folder))["fingerprinted"] == 0


def test_a_removal_that_waits_for_the_user_is_shown_with_what_to_do(
    library: Library, run: Run, tmp_path: Path
) -> None:
    """Killed in the middle of a move; another file has the name meanwhile."""
    run("scan", str(library.folder))
    result = run("remove", "--suggested", "--kind", "identical", "--yes")
    path = Path(result["moved"][0]["path"])
    cut_short(tmp_path / "data")
    path.write_bytes(b"somebody else's")
    (item,) = run("history")["batches"][0]["items"]
    assert item["state"] == "needs_user"
    assert "undo brings it back under another name" in item["reason"]
    checks = run("doctor", status=1)["checks"]
    (waiting,) = [check for check in checks if check["name"] == "removals"]
    assert str(path) in waiting["detail"]
    assert result["moved"][0]["trash_path"] in waiting["detail"]
    (restored,) = run("undo")["restored"]
    assert Path(restored["restored_as"]).name == f"{path.stem} (restored){path.suffix}"
    assert path.read_bytes() == b"somebody else's"
    assert run("doctor")


def cut_short(data: Path) -> None:
    """Make the journal say what it would after a kill in the middle of the newest removal."""
    journal = Journal(data)
    (entry,) = journal.newest()
    journal.put(replace(entry, state=State.INTENT))
    journal.close()


@pytest.mark.parametrize("kind", ["burst", "similar"])
def test_different_photographs_are_never_suggested(library: Library, run: Run, kind: str) -> None:
    run("scan", str(library.folder))
    message = run("remove", "--suggested", "--kind", kind, "--yes", status=1)
    assert "never suggested" in message


def test_tables_and_pages(library: Library, run: Run, tmp_path: Path) -> None:
    run("scan", str(library.folder))
    table, page = tmp_path / "groups.csv", tmp_path / "groups.html"
    document = run("groups", "--csv", str(table), "--html", str(page))
    members = sum(len(group["members"]) for group in document["groups"])
    assert len(table.read_text().splitlines()) == members + 1
    assert page.read_text().count("data:image/jpeg;base64,") == members


def test_filters(library: Library, run: Run) -> None:
    run("scan", str(library.folder))
    everything = run("groups")["groups"]
    assert run("groups", "--camera", "no such camera")["groups"] == []
    assert run("groups", "--since", "2030-01-01")["groups"] == []
    downloads = run("groups", "--folder", str(library.folder / "Downloads"))["groups"]
    assert 0 < len(downloads) < len(everything)
    assert run("groups", "--kind", "identical")["groups"] == [
        group for group in everything if group["kind"] == "identical"
    ]


def test_unreadable_query_and_missing_folder_say_so(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8 no picture")
    main(["find", "--data-dir", str(tmp_path / "data"), str(broken)])
    assert "nowhere" in run("scan", str(tmp_path / "nowhere"), status=1)


def test_doctor_is_content(library: Library, run: Run) -> None:
    run("scan", str(library.folder))
    checks = {check["name"]: check for check in run("doctor", "--selftest")["checks"]}
    assert {"catalog", "index", "model", "selftest"} <= set(checks)
    assert all(check["ok"] for check in checks.values())
    assert run("doctor", "--rebuild-index")


def test_a_killed_scan_goes_on_where_it_was(library: Library, run: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "imgdupe", "scan", "--data-dir", str(tmp_path / "data")]
    scan = subprocess.Popen([*command, str(library.folder)], stdout=subprocess.DEVNULL)
    catalog = tmp_path / "data" / "catalog.db"
    deadline = time.monotonic() + 60
    while not catalog.exists() and time.monotonic() < deadline:
        os.sched_yield()
    scan.send_signal(signal.SIGKILL)
    scan.wait()
    before = snapshot(library.folder)
    report = run("scan", str(library.folder))
    assert report["problems"] == []
    assert report["found"] == report["fingerprinted"] + report["unchanged"]
    assert snapshot(library.folder) == before
    assert run("scan", str(library.folder))["fingerprinted"] == 0


def test_wrong_usage_is_status_2() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["scan"])
    assert ended.value.code == 2
