# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How long one search takes in an opened library: `latency DATA_DIR IMAGE…` prints JSON."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path

from imgdupe.engine.session import Session


def main() -> None:
    """Time the opening, the warm-up and then every search by itself, in milliseconds."""
    data_dir, *images = map(Path, sys.argv[1:])
    started = time.perf_counter()
    with Session.open(data_dir) as session:
        opened = time.perf_counter()
        session.warm_up()
        session.find(os.fsencode(images[0]))
        ready = time.perf_counter()
        searches = []
        for image in images[1:]:
            before = time.perf_counter()
            session.find(os.fsencode(image))
            searches.append(1000 * (time.perf_counter() - before))
        photos = session.counts().photos
    result = {
        "photos": photos,
        "open_ms": 1000 * (opened - started),
        "ready_ms": 1000 * (ready - started),
        "find_ms": statistics.median(searches),
        "find_max_ms": max(searches),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
