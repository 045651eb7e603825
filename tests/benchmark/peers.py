# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Other programs on the same files, each with its own defaults, in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmark.measure import Cost, measure

_CZKAWKA = """
import sys
from czkawka import ImageSimilarity
finder = ImageSimilarity()
finder.set_directories([sys.argv[1]])
finder.set_similarity(5)
print(len(finder.find_similar()))
"""


class Czkawka:
    """czkawka_core through its Python package: hashes and groups, no network, no catalog."""

    name = "czkawka"

    def __init__(self, folder: Path) -> None:
        """Install it from the package index into a throw-away environment."""
        subprocess.run([sys.executable, "-m", "venv", str(folder / "czkawka")], check=True)
        self._python = folder / "czkawka" / "bin" / "python"
        subprocess.run([self._python, "-m", "pip", "install", "-q", "czkawka"], check=True)

    def scan(self, photos: Path, workers: int, home: Path) -> Cost:
        """One scan without a cache: its home is new."""
        home.mkdir()
        environment = {
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "RAYON_NUM_THREADS": str(workers),
        }
        return measure([str(self._python), "-c", _CZKAWKA, str(photos)], environment)


PEERS = {Czkawka.name: Czkawka}
