# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How smoothly a large list of groups scrolls: `python -m tests.benchmark.gui_scroll [--groups N]`.

Offscreen, with the real view and real thumbnails but no library behind it. Prints JSON:
`first_ms` from handing the groups over to the first finished painting; then for each way of moving
the median, 95th percentile and slowest time of a frame in ms, by the clock and as what the main
thread computed (on a busy machine the clock counts other programs too). A frame is everything
between a movement and the picture: layout, the bars around the list, and painting all of the list
(scrolling by small steps paints less). `step`: a quarter of a card, as a wheel does; `jump`: to
anywhere, as dragging the scroll bar does; `repaint`: nothing moved; `mark`: a photo marked or not.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from imgdupe.engine.session import Session
    from imgdupe.gui.marks import Marks
    from imgdupe.gui.views.group_grid import GroupGrid
    from imgdupe.records import Group

_FRAMES = 400
_SIZE_PX = (1196, 754)
_THUMBNAILS = 48


def _groups(count: int) -> list[Group]:
    """Groups of two to five photos in a few hundred folders."""
    from tests.helpers.groups import group, photo

    found, number = [], 0
    for row in range(count):
        photos = []
        for copy in range(2 + (row % 4 if row % 3 == 0 else 0)):
            number += 1
            folder = f"/home/anna/Pictures/20{row % 20:02d}/{row % 31:02d} a day somewhere"
            name = f"{folder}/IMG_{number:06d}{' (1)' if copy else ''}.JPG"
            size = 4_000_000 + 7919 * number % 9_000_000
            photos.append(photo(name, number, size=size, camera="X-T4"))
        found.append(group(photos))
    return found


def _pictures() -> list[bytes]:
    """Thumbnails as the library keeps them."""
    from tests.helpers.photos import make_photo

    found = []
    for number in range(_THUMBNAILS):
        buffer = io.BytesIO()
        make_photo(number, (320, 213)).save(buffer, "JPEG", quality=85)
        found.append(buffer.getvalue())
    return found


def _summary(times_s: list[float]) -> dict[str, float]:
    ordered = sorted(1000 * each for each in times_s)
    return {
        "median_ms": round(statistics.median(ordered), 2),
        "p95_ms": round(ordered[int(0.95 * len(ordered))], 2),
        "slowest_ms": round(ordered[-1], 2),
    }


def _timed(viewport: QWidget, act: Callable[[int], object]) -> dict[str, object]:
    """Frames by the clock and by what the main thread computed; thumbnails come between them."""
    from PySide6.QtWidgets import QApplication

    wall, cpu = [], []
    for number in range(_FRAMES):
        before = time.perf_counter(), time.thread_time()
        act(number)
        viewport.repaint()
        wall.append(time.perf_counter() - before[0])
        cpu.append(time.thread_time() - before[1])
        QApplication.processEvents()
    return {"clock": _summary(wall), "cpu": _summary(cpu)}


def _ways(grid: GroupGrid, marks: Marks) -> dict[str, Callable[[int], object]]:
    bar, group = grid.verticalScrollBar(), grid.group()
    assert group is not None
    photo = group.members[-1].photo
    step = bar.singleStep()
    return {
        "step": lambda _number: bar.setValue(bar.value() + step),
        "jump": lambda number: bar.setValue(number * 7919 * step % max(bar.maximum(), 1)),
        "repaint": lambda _number: None,
        "mark": lambda number: marks.undecide([photo]) or marks.remove([photo]),
    }


def measure(count: int) -> dict[str, object]:
    """Build the list and move through it."""
    from PySide6.QtWidgets import QApplication

    from imgdupe.app import make_application
    from imgdupe.gui import theme
    from imgdupe.gui.marks import Marks
    from imgdupe.gui.thumbnails import Thumbnails
    from imgdupe.gui.views.groups import GroupsView
    from tests.helpers.groups import PlayedSession

    app = make_application()
    theme.apply(app, "dark")
    pictures = _pictures()
    played = PlayedSession()
    played.pictures = pictures
    session = cast("Session", played)
    thumbs = Thumbnails(session)
    marks = Marks(session)
    view = GroupsView(marks, thumbs)
    view.resize(*_SIZE_PX)
    view.show()
    QApplication.processEvents()
    groups = _groups(count)
    wall, cpu = time.perf_counter(), time.thread_time()
    view.set_groups(groups)
    view.grid.viewport().repaint()
    result: dict[str, object] = {
        "groups": count,
        "first_ms": round(1000 * (time.perf_counter() - wall), 1),
        "first_cpu_ms": round(1000 * (time.thread_time() - cpu), 1),
    }
    for name, act in _ways(view.grid, marks).items():
        result[name] = _timed(view.grid.viewport(), act)
    thumbs.close()
    view.close()
    return result


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=50_000)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    gc.disable()  # as in the program, where it runs when the window is idle
    print(json.dumps(measure(options.groups), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
