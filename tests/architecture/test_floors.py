# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The house has five floors and imports only point down; some libraries have one door only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from tests.helpers.source import REPOSITORY, Import, imports_of, name_of, python_files

FLOOR_OF = {
    **dict.fromkeys(
        ("__init__", "records", "keeping", "errors", "control", "progress", "resources"), 0
    ),
    **dict.fromkeys(("library", "fingerprint", "match", "catalog"), 1),
    "removal": 2,
    "engine": 3,
    "gui": 4,
    **dict.fromkeys(("__main__", "app", "cli"), 5),
}
WITHOUT_WALLS = {0, 5}  # on these floors, modules may import each other
RUNTIME = {
    "PIL",
    "PySide6",
    "hnswlib",
    "imagehash",
    "numpy",
    "onnxruntime",
    "pi_heif",
    "platformdirs",
    "xxhash",
}
DOORS = {
    "PySide6": ("imgdupe/gui/", "imgdupe/app.py", "imgdupe/removal/platform_trash.py"),
    "shiboken6": ("imgdupe/gui/gc_guard.py",),
    "sqlite3": ("imgdupe/catalog/", "imgdupe/removal/journal.py"),
    "hnswlib": ("imgdupe/match/index.py",),
    "onnxruntime": ("imgdupe/fingerprint/embedding.py",),
    "PIL": ("imgdupe/library/", "imgdupe/fingerprint/hashes.py"),
    "pi_heif": ("imgdupe/library/",),
    "imagehash": ("imgdupe/fingerprint/hashes.py",),
}
NETWORK = {"asyncio", "ftplib", "http", "imaplib", "smtplib", "socket", "ssl", "urllib.request"}
IMPURE = {"datetime.datetime.now", "io", "multiprocessing", "os", "pathlib", "subprocess", "time"}


def _all_imports() -> list[Import]:
    return [each for path in python_files("imgdupe") for each in imports_of(path)]


def _room(name: str) -> str:
    """The package, or top-level module, of `imgdupe/x/y.py` or of `imgdupe.x.y`."""
    parts = PurePosixPath(name).with_suffix("").parts if "/" in name else name.split(".")
    room = parts[1] if len(parts) > 1 else "__init__"
    if room.startswith("cli_"):
        return "cli"
    return "__init__" if room == "__version__" else room


def _floor(room: str) -> int:
    if room not in FLOOR_OF:
        pytest.fail(f"{room} is on no floor: name it in tests/architecture/test_floors.py")
    return FLOOR_OF[room]


def _allowed(importer: str, imported: str) -> bool:
    above, below = _room(importer), _room(imported)
    if above == below or _floor(above) > _floor(below):
        return True
    return _floor(above) == _floor(below) and _floor(above) in WITHOUT_WALLS


def test_imports_only_point_down() -> None:
    ours = [each for each in _all_imports() if each.module.split(".")[0] == "imgdupe"]
    assert ours
    wrong = [each for each in ours if not _allowed(each.importer, each.module)]
    assert not wrong, "\n".join(map(str, wrong))


def test_the_command_line_needs_no_window() -> None:
    """`app` may be reached from `__main__` and, late, from the command that opens the window."""
    wrong = [
        each
        for each in _all_imports()
        if _room(each.importer) == "cli" and each.module.startswith(("imgdupe.gui", "PySide6"))
    ]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("library", sorted(DOORS))
def test_each_library_has_its_door(library: str) -> None:
    users = [each for each in _all_imports() if each.module.split(".")[0] == library]
    wrong = [each for each in users if not each.importer.startswith(DOORS[library])]
    assert not wrong, "\n".join(map(str, wrong))


def test_only_declared_libraries_are_imported() -> None:
    allowed = sys.stdlib_module_names | RUNTIME | {"imgdupe", "shiboken6"}
    wrong = [each for each in _all_imports() if each.module.split(".")[0] not in allowed]
    assert not wrong, "\n".join(map(str, wrong))


def test_nothing_speaks_to_the_network() -> None:
    """Promise 12; QtNetwork only for the local socket of the single instance."""
    wrong = [
        each
        for each in _all_imports()
        if each.module.startswith(tuple(f"{name}." for name in NETWORK))
        or each.module in NETWORK
        or ("QtNetwork" in each.module and "QLocal" not in each.module)
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_matching_is_pure() -> None:
    """No files, no clock, no processes in match/: arrays and records in, records out."""
    wrong = [
        each
        for each in _all_imports()
        if each.importer.startswith("imgdupe/match/")
        and (each.module.split(".")[0] in IMPURE or each.module in IMPURE)
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_qt_stays_out_below_the_window() -> None:
    """Import every module below floor 4 and the command line, then look whether Qt came along."""
    below = [
        ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        for path in python_files("imgdupe")
        if _floor(_room(name_of(path))) < 4 or _room(name_of(path)) == "cli"
    ]
    below = [name.removesuffix(".__init__") for name in below if "platform_trash" not in name]
    assert below
    code = (
        "import importlib, sys\n"
        f"for name in {below!r}:\n"
        "    importlib.import_module(name)\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_nothing_heavy_stands_before_the_window() -> None:
    """`imgdupe --version` and the window's first look wait for every import of these modules."""
    code = "import imgdupe.__main__, imgdupe.app, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    heavy = {"numpy", "PIL", "onnxruntime", "hnswlib", "xxhash", "multiprocessing.pool"}
    assert not heavy & set(done.stdout.split())
