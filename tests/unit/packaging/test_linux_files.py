# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The files that put imgdupe into a Linux desktop's menus."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

import imgdupe
from tests.helpers.source import REPOSITORY

FOLDER = REPOSITORY / "packaging" / "linux"
DESKTOP = FOLDER / "io.github.imgdupe.desktop"
METAINFO = FOLDER / "io.github.imgdupe.metainfo.xml"


def test_desktop_entry_starts_the_program() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(DESKTOP, encoding="utf-8")
    assert entry["Desktop Entry"]["Exec"] == "imgdupe %F"
    assert (REPOSITORY / "resources/icons" / f"{entry['Desktop Entry']['Icon']}.svg").is_file()


def test_metainfo_names_the_entry_and_this_version() -> None:
    root = ET.parse(METAINFO).getroot()
    assert root.findtext("launchable") == DESKTOP.name
    release = root.find("releases/release")
    assert release is not None
    assert release.get("version") == imgdupe.__version__


@pytest.mark.parametrize(
    "command",
    [
        ["desktop-file-validate", str(DESKTOP)],
        ["appstreamcli", "validate", "--no-net", str(METAINFO)],
    ],
    ids=lambda command: command[0],
)
def test_validators_agree(command: list[str]) -> None:
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
