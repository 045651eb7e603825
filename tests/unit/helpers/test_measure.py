# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A benchmark that measures wrongly is worse than none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("resource", reason="measuring needs POSIX")

from tests.benchmark.camera_library import make_camera_library
from tests.benchmark.measure import measure

BUSY = """
import subprocess, sys, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
if sys.argv[1] == "parent":
    block = bytearray(80_000_000)
    block[::4096] = b"x" * len(block[::4096])
    burn(0.2)
    subprocess.run([sys.executable, sys.argv[0], "child"], check=True)
    print("done")
else:
    burn(0.4)
"""


def test_children_count(tmp_path: Path) -> None:
    script = tmp_path / "busy.py"
    script.write_text(BUSY)
    cost = measure([sys.executable, str(script), "parent"])
    assert cost.stdout == "done\n"
    assert cost.cpu_s >= 0.6
    assert cost.wall_s >= 0.6
    if sys.platform.startswith("linux"):
        assert cost.peak_mb >= 80


def test_a_failing_program_is_no_fast_program(tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text("raise SystemExit('nothing works')")
    with pytest.raises(RuntimeError, match="nothing works"):
        measure([sys.executable, str(script)])


def test_camera_files_are_like_camera_files(tmp_path: Path) -> None:
    assert make_camera_library(tmp_path, 1, None) > 2_500_000
    with Image.open(tmp_path / "DSC_00000.JPG") as image:
        assert image.size == (4000, 3000)
        assert image.getexif()
