# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What ships beside the code: every file has a licence, and none is broken or too large."""

from __future__ import annotations

import hashlib
import json
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from imgdupe import resources
from tests.helpers.source import REPOSITORY

FOLDER = REPOSITORY / "resources"
NOTICES = {"NOTICE", "LICENSE", "README.md"}
MODEL_CAP_BYTES = 25_000_000


def _shipped() -> list[Path]:
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


def _named(path: Path) -> bool:
    """Whether the notice of the folder, or of one above it, has a word or pattern for the file."""
    folder = next(each for each in path.parents if (each / "NOTICE").is_file())
    words = (folder / "NOTICE").read_text(encoding="utf-8").split()
    name = path.relative_to(folder).as_posix()
    return any(fnmatch(name, word.strip("`,:;()")) for word in words)


@pytest.mark.parametrize("path", _shipped(), ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_every_shipped_file_is_named_in_a_notice(path: Path) -> None:
    assert path.name in NOTICES or _named(path)


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.svg")), ids=lambda path: path.name)
def test_icons_are_sound_and_reach_for_nothing_outside(path: Path) -> None:
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox")
    links = [
        value for each in root.iter() for key, value in each.attrib.items() if key.endswith("href")
    ]
    assert all(link.startswith("#") for link in links)


def test_the_model_is_the_one_on_its_card() -> None:
    card = json.loads(resources.path("model", "card.json").read_text(encoding="utf-8"))
    weights = resources.path("model", card["file"])
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == card["sha256"]
    assert weights.stat().st_size <= MODEL_CAP_BYTES


def test_resources_go_into_the_package() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"resources": "imgdupe/resources"}
