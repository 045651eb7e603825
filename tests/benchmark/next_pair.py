# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How long the next pair takes in the comparison, from the key press to both sharp pictures.

`python -m tests.benchmark.next_pair [--pairs 20] [--photos DIR] [--dwell 0.7] [--busy]` prints
JSON. Camera-like files of 12 and 24 MP, each with a smaller copy, are scanned and compared in the
real view; `--dwell`: seconds for which each pair is looked at before the next key; `--busy`: while
another imgdupe scans. "seen" is the first painting of both (thumbnails are enough), "sharp" the
painting of both at screen size; "main_thread_cpu" is what the window itself computed until then,
which a busy machine does not change. Works without a screen.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from imgdupe.control import RunControl
from imgdupe.progress import Counters
from tests.benchmark.camera_library import make_camera_library

if TYPE_CHECKING:
    from imgdupe.engine.session import Session
    from imgdupe.gui.views.compare import CompareView
    from imgdupe.records import Group

_SIZE = (1280, 800)
_PATIENCE_S = 20.0
_POLL_S = 0.002


def main() -> int:
    """Make the library, scan it, walk through its groups, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--dwell", type=float, default=0.7)
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from imgdupe import app
    from imgdupe.engine.session import Session

    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        photos = base / "photos"
        make_camera_library(photos, options.pairs, options.photos)
        _make_copies(photos)
        application = app.make_application()
        application.setQuitOnLastWindowClosed(False)
        with Session.open(base / "data") as session:
            session.scan([os.fsencode(photos)], RunControl(), Counters())
            groups = [each for each in session.groups() if len(each.members) == 2]
            other = _scan_beside(photos, base / "other") if options.busy else None
            times = _walk(session, groups, options.dwell)
            if other is not None:
                os.killpg(other.pid, signal.SIGKILL)
                other.wait()
    print(
        json.dumps({"pairs": len(groups), "dwell_s": options.dwell, "busy": options.busy, **times})
    )
    return 0


def _make_copies(folder: Path) -> None:
    """Beside each file a smaller one, saved again."""
    for path in sorted(folder.glob("*.JPG")):
        with Image.open(path) as picture:
            width, height = picture.size
            small = picture.resize((width * 3 // 5, height * 3 // 5))
            small.save(path.with_name(f"{path.stem}-small.jpg"), quality=88)


def _scan_beside(photos: Path, data: Path) -> subprocess.Popen[bytes]:
    """Another process that scans the same files over and over, on every core."""
    script = (
        "import subprocess, sys\n"
        "while True: subprocess.run([sys.executable, '-m', 'imgdupe', 'scan', '--rebuild',"
        " '--data-dir', sys.argv[2], sys.argv[1]], capture_output=True)"
    )
    command = [sys.executable, "-c", script, str(photos), str(data)]
    return subprocess.Popen(command, start_new_session=True)


def _walk(session: Session, groups: Sequence[Group], dwell: float) -> dict[str, Any]:
    """Down from the first group to the last, looking at each for a while."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from imgdupe.gui.jobs import Jobs
    from imgdupe.gui.marks import Marks
    from imgdupe.gui.thumbnails import Thumbnails
    from imgdupe.gui.views.compare import CompareView

    jobs, marks, thumbs = Jobs(), Marks(session), Thumbnails(session)
    marks.set_groups(groups)
    view = CompareView(session, jobs, marks, thumbs)
    view.resize(*_SIZE)
    view.show()
    view.show_group(groups, 0)
    seen, sharp, worked = [], [], []
    for _ in groups[1:]:
        _look(dwell)
        start, before = time.perf_counter(), time.thread_time()
        QTest.keyPress(view, Qt.Key.Key_Down)
        seen.append(_painted(view, start, sharp=False))
        sharp.append(_painted(view, start, sharp=True))
        worked.append(1000 * (time.thread_time() - before))
        QTest.keyRelease(view, Qt.Key.Key_Down)
    view.close_pictures()
    thumbs.close()
    jobs.shutdown()
    times = {"seen_ms": seen, "sharp_ms": sharp, "main_thread_cpu_ms": worked}
    return {name: _spread(values) for name, values in times.items()}


def _look(seconds: float) -> None:
    """Let the window and its threads work, as the program's own loop does (`qWait` does not)."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def _painted(view: CompareView, start: float, *, sharp: bool) -> float:
    """Milliseconds until both pictures are there and painted."""
    panes = view.grid.shown()
    while time.perf_counter() < start + _PATIENCE_S:
        _look(_POLL_S)
        photos = [pane.photo() for pane in panes]
        found = [
            (view._pictures.screen(photo) if sharp else pane.image_of(photo, pane.scale))
            for photo, pane in zip(photos, panes, strict=True)
            if photo is not None
        ]
        if all(each is not None for each in found):
            break
    for pane in panes:
        pane.repaint()
    return 1000 * (time.perf_counter() - start)


def _spread(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    last = ordered[min(round(0.95 * len(ordered)), len(ordered) - 1)]
    return {"median": round(statistics.median(ordered), 1), "p95": round(last, 1)}


if __name__ == "__main__":
    sys.exit(main())
