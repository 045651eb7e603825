# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A card against the library, and the library for other programs, through the command line."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from imgdupe.__main__ import main
from tests.helpers import edits
from tests.helpers.files import snapshot
from tests.helpers.photos import camera_time, make_flat, make_photo, save

SIZE = (720, 480)
NAMELESS = b"\xff\xfe.jpg"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of six photos, one of them twice, that was scanned."""
    home = tmp_path_factory.mktemp("home")
    for number in range(5):
        path = home / "library" / f"IMG_{number}.jpg"
        save(make_photo(number, SIZE), path, taken_at=camera_time(number), camera="M", serial="1")
    save(make_photo(5, (360, 240)), home / "library" / "small.jpg")
    save(make_flat((90, 120, 200), SIZE), home / "library" / "sky.png")
    shutil.copy(home / "library" / "IMG_0.jpg", home / "library" / "copy.jpg")
    edits.resize(make_photo(1, SIZE), 0.5).save(home / "library" / "half.jpg")
    nameless = os.fsdecode(os.fsencode(home / "library") + b"/" + NAMELESS)
    shutil.copy(home / "library" / "IMG_4.jpg", nameless)
    assert main(["scan", str(home / "library"), "--data-dir", str(home / "data")]) == 0
    return home


def run(home: Path, capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    capsys.readouterr()
    name, *rest = map(str, arguments)
    assert main([name, *rest, "--json", "--data-dir", str(home / "data")]) == 0
    return json.loads(capsys.readouterr().out)


def rows_of(home: Path) -> list[tuple[int]]:
    tables = ("photo", "content", "root", "relation", "embedding", "problem", "scan")
    with sqlite3.connect(home / "data" / "catalog.db") as connection:
        return [connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone() for table in tables]


def test_a_card_is_compared_and_nothing_is_stored(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card, library = tmp_path / "card", home / "library"
    card.mkdir()
    shutil.copy(library / "IMG_0.jpg", card / "bytes.jpg")
    with Image.open(library / "IMG_2.jpg") as picture:
        picture.save(card / "pixels.png")
    with Image.open(library / "sky.png") as picture:
        picture.save(card / "sky.bmp")
    edits.resize(make_photo(3, SIZE), 0.5).save(card / "smaller.jpg")
    save(make_photo(5, SIZE), card / "larger.jpg")
    edits.crop(make_photo(3, SIZE), 0.8).save(card / "cropped.jpg", quality=92)
    save(make_photo(77, SIZE), card / "stranger.jpg")
    save(make_flat((91, 121, 201), SIZE), card / "other-sky.png")
    (card / "broken.jpg").write_bytes(b"\xff\xd8 not much")
    shutil.copy(library / "IMG_1.jpg", card / "shot.jpg")
    shutil.copy(library / "IMG_1.jpg", card / "shot.mov")
    before, rows = snapshot(tmp_path), rows_of(home)

    report = run(home, capsys, "check", card)
    assert snapshot(tmp_path) == before
    assert rows_of(home) == rows
    said = {
        Path(entry["path"]).name: (standing, Path(entry.get("library_path", "")).name, entry)
        for standing in ("new", "have", "better")
        for entry in report[standing]
    }
    assert {name: entry[:2] for name, entry in said.items()} == {
        "bytes.jpg": ("have", "IMG_0.jpg"),
        "pixels.png": ("have", "IMG_2.jpg"),
        "sky.bmp": ("have", "sky.png"),
        "smaller.jpg": ("better", "IMG_3.jpg"),
        "larger.jpg": ("new", "small.jpg"),
        "cropped.jpg": ("new", "IMG_3.jpg"),
        "stranger.jpg": ("new", ""),
        "other-sky.png": ("new", ""),
        "shot.jpg": ("new", "IMG_1.jpg"),
    }
    assert said["bytes.jpg"][2]["kind"] == "identical"
    assert said["pixels.png"][2]["kind"] == said["sky.bmp"][2]["kind"] == "same_pixels"
    assert said["larger.jpg"][2]["reason"] == "the library has only a smaller copy"
    assert said["cropped.jpg"][2]["kind"] == "edited"
    assert "companion files" in said["shot.jpg"][2]["reason"]
    assert [Path(each["path"]).name for each in report["problems"]] == ["broken.jpg"]


def test_a_copy_that_is_gone_or_on_the_card_itself_does_not_count(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody may erase the card because of what is said here."""
    library = tmp_path / "library"
    library.mkdir()
    for name in ("IMG_2.jpg", "IMG_3.jpg"):
        shutil.copy(home / "library" / name, library)
    home = tmp_path
    assert main(["scan", str(library), "--data-dir", str(home / "data")]) == 0
    card = tmp_path / "card"
    card.mkdir()
    for name in ("IMG_3.jpg", "IMG_2.jpg"):
        shutil.copy(library / name, card)
    (library / "IMG_3.jpg").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        report = run(home, capsys, "check", "card")
    assert [Path(each["path"]).name for each in report["new"]] == ["IMG_3.jpg"]
    assert [Path(each["path"]).name for each in report["have"]] == ["IMG_2.jpg"]
    itself = run(home, capsys, "check", library)
    assert itself["have"] == itself["better"] == []


def test_check_in_words(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(home / "library" / "IMG_0.jpg", tmp_path)
    save(make_photo(77, SIZE), tmp_path / "stranger.jpg")
    assert main(["check", str(tmp_path), "--data-dir", str(home / "data")]) == 0
    out = capsys.readouterr().out
    assert "1 new, 1 in the library, 0 better there" in out
    assert "not in the library" in out
    assert main(["check", str(tmp_path / "no"), "--data-dir", str(home / "data")]) == 1
    assert "no folder" in capsys.readouterr().err


def test_embeddings(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(home, capsys, "export", "--embeddings", tmp_path / "all.npy")
    vectors = np.load(tmp_path / "all.npy")
    document = json.loads((tmp_path / "all.json").read_text(encoding="ascii"))
    assert said["photos"] == len(vectors) == len(document["photos"]) == 10
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)
    row = {os.path.basename(each["path"]): n for n, each in enumerate(document["photos"])}
    alike = vectors @ vectors.T
    assert alike[row["IMG_0.jpg"], row["copy.jpg"]] > 0.999
    assert alike[row["IMG_1.jpg"], row["half.jpg"]] > 0.8
    assert alike[row["IMG_1.jpg"], row["IMG_2.jpg"]] < 0.8
    assert os.path.basename(bytes.fromhex(document["photos"][-1]["path_hex"])) == NAMELESS


def test_graphs(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {ending: tmp_path / f"graph{ending}" for ending in (".csv", ".graphml", ".cypher")}
    edges = {run(home, capsys, "export", "--graph", file)["edges"] for file in files.values()}
    with files[".csv"].open(encoding="utf-8", errors="surrogateescape", newline="") as table:
        rows = list(csv.DictReader(table))
    kinds = {
        frozenset(Path(row[end]).name for end in ("Source", "Target")): row["Kind"] for row in rows
    }
    assert edges == {len(rows)}
    assert kinds[frozenset(("IMG_0.jpg", "copy.jpg"))] == "identical"
    assert kinds[frozenset(("IMG_1.jpg", "half.jpg"))] == "resized"

    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    graph = ET.parse(files[".graphml"]).getroot().find("g:graph", space)
    assert graph is not None
    nodes = {node.get("id") for node in graph.findall("g:node", space)}
    found = graph.findall("g:edge", space)
    assert len(found) == len(rows)
    assert all({edge.get("source"), edge.get("target")} <= nodes for edge in found)

    cypher = files[".cypher"].read_text(encoding="utf-8")
    assert cypher.count("MERGE (p:Photo") == len(nodes)
    assert cypher.count("SIMILAR_TO") == len(rows)
    assert 's.kind = "resized", s.score = 0.9' in cypher


def test_a_format_by_another_name_is_wrong_usage(tmp_path: Path) -> None:
    for option, name in (("--graph", "graph.png"), ("--embeddings", "all.csv")):
        with pytest.raises(SystemExit) as ended:
            main(["export", option, name, "--data-dir", str(tmp_path)])
        assert ended.value.code == 2
