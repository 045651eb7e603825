# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The way in: a command of the command line, or the window.

`imgdupe scan …` runs a command; `imgdupe [FOLDER …]` opens the window. A folder that is called like
a command is written `./scan`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from multiprocessing import freeze_support
from pathlib import Path

from imgdupe import cli


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; its exit status."""
    freeze_support()
    arguments = sys.argv[1:] if argv is None else list(argv)
    if not _opens_window(arguments):
        return cli.run(arguments)
    options = _window_parser().parse_args(arguments)
    if options.selftest:
        return cli.run(["doctor", "--selftest"])
    if not _has_screen():
        print(
            "imgdupe: there is no screen to open a window on. "
            "The commands work without one: imgdupe --help",
            file=sys.stderr,
        )
        return 1
    from imgdupe.app import run_window

    folders = [os.fsencode(os.path.abspath(folder)) for folder in options.folders]
    return run_window(folders, options.data_dir)


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="imgdupe")
    parser.add_argument("folders", nargs="*", metavar="FOLDER")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--selftest", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    return parser


def _opens_window(arguments: Sequence[str]) -> bool:
    """True unless a command, help or the version is asked for."""
    if {"-h", "--help", "--version"} & set(arguments):
        return False
    options, _ = _window_parser().parse_known_args(arguments)
    return not options.folders or options.folders[0] not in cli.COMMANDS


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
