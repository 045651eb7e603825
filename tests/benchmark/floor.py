# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The decode floor: nothing but reading and decoding every JPEG at an eighth of its size."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image


def main() -> None:
    """Decode every file of the folder, one after the other."""
    for path in sorted(Path(sys.argv[1]).rglob("*.*")):
        with Image.open(path) as image:
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()


if __name__ == "__main__":
    main()
