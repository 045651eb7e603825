# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The command line: the same engine as the window, for scripts, NAS boxes and tests.

Exit status: 0 done, 1 something in the environment failed (the message says what to do),
2 wrong usage. Must not import Qt.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from imgdupe import __version__
from imgdupe.errors import UserError
from imgdupe.records import Kind

COMMANDS = ("scan", "groups", "find", "check", "remove", "history", "undo", "export", "doctor")
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
_GROUPED = [kind.value for kind in Kind if kind is not Kind.DIFFERENT]


def build_parser() -> argparse.ArgumentParser:
    """The grammar of the commands; the window's is in `__main__`."""
    parser = argparse.ArgumentParser(
        prog="imgdupe",
        description="Finds every copy of every picture, shows why, and removes what you decide: "
        "to the trash, with undo. Without a command it opens the window.",
        epilog="imgdupe [FOLDER …] opens the window and scans these folders.",
    )
    parser.add_argument("--version", action="version", version=f"imgdupe {__version__}")
    parser.add_argument("--selftest", action="store_true", help="try the engine once, then exit")
    _common(parser, default=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_scan(commands)
    _add_groups(commands)
    _add_find(commands)
    _add_check(commands)
    _add_remove(commands)
    _add_journal(commands)
    _add_export(commands)
    _add_doctor(commands)
    return parser


def _command(commands: _Commands, name: str, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    _common(command, default=argparse.SUPPRESS)
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    return command


def _common(parser: argparse.ArgumentParser, default: object) -> None:
    # SUPPRESS below: an option given before the command is not reset by the command's default.
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        type=Path,
        default=default,
        help="keep catalog and settings in DIR instead of the system's place",
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", default=default or False, help="say more"
    )


def _add_scan(commands: _Commands) -> None:
    scan = _command(commands, "scan", "Bring the catalog up to date with folders.")
    scan.add_argument("folders", nargs="+", metavar="FOLDER")
    scan.add_argument("--exclude", action="append", default=[], metavar="GLOB")
    scan.add_argument("--workers", type=_positive, default=0, metavar="N")
    scan.add_argument("--rebuild", action="store_true", help="fingerprint everything again")


def _add_groups(commands: _Commands) -> None:
    groups = _command(commands, "groups", "Print the groups of photos that belong together.")
    groups.add_argument("--kind", action="extend", nargs="+", choices=_GROUPED, default=[])
    groups.add_argument("--min-probability", type=float, default=0.0, metavar="P")
    groups.add_argument("--folder", metavar="DIR", help="only groups with a photo below DIR")
    groups.add_argument("--camera", metavar="NAME", help="only groups with a photo by this camera")
    groups.add_argument("--keyword", metavar="WORD", help="only groups with this keyword")
    groups.add_argument("--since", metavar="DATE", help="only groups with a photo taken since")
    groups.add_argument("--html", metavar="FILE", help="write a page with thumbnails")
    groups.add_argument("--csv", metavar="FILE", help="write a table")


def _add_find(commands: _Commands) -> None:
    find = _command(commands, "find", "Show the most similar photos in the library.")
    find.add_argument("images", nargs="+", metavar="IMAGE")
    find.add_argument("--top", type=_positive, default=10, metavar="N")
    find.add_argument("--min-score", type=float, default=0.0, metavar="S")


def _add_check(commands: _Commands) -> None:
    check = _command(commands, "check", "Say which photos of a card the library does not have.")
    check.add_argument("folder", metavar="FOLDER")


def _add_remove(commands: _Commands) -> None:
    remove = _command(commands, "remove", "Move copies to the trash, safely.")
    what = remove.add_mutually_exclusive_group(required=True)
    what.add_argument("--suggested", action="store_true", help="the copies imgdupe suggests")
    what.add_argument("--plan", metavar="FILE", help="the removals listed in a JSON file")
    remove.add_argument("--kind", action="extend", nargs="+", choices=_GROUPED, default=[])
    remove.add_argument(
        "--merge-metadata",
        action="store_true",
        help="write what only a removed copy has (rating, keywords, …) to the one that stays",
    )
    remove.add_argument("--dry-run", action="store_true", help="say what would happen, do nothing")
    remove.add_argument("--yes", action="store_true", help="do not ask")


def _add_journal(commands: _Commands) -> None:
    _command(commands, "history", "List past removals.")
    undo = _command(commands, "undo", "Bring removed photos back.")
    undo.add_argument("batch", nargs="?", metavar="BATCH", help="default: the last one")


def _add_export(commands: _Commands) -> None:
    export = _command(commands, "export", "Write vectors or the graph of relations to a file.")
    what = export.add_mutually_exclusive_group(required=True)
    what.add_argument("--embeddings", metavar="FILE.npy", type=_named(".npy"))
    what.add_argument(
        "--graph", metavar="FILE.graphml|.cypher|.csv", type=_named(".graphml", ".cypher", ".csv")
    )


def _add_doctor(commands: _Commands) -> None:
    doctor = _command(commands, "doctor", "Check catalog, index, model and the trash.")
    doctor.add_argument("--selftest", action="store_true", help="scan made pictures and compare")
    doctor.add_argument("--rebuild-index", action="store_true", help="build the index again")


def _named(*endings: str) -> Callable[[str], Path]:
    """The type of a file whose name says its format."""

    def file(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() not in endings:
            raise argparse.ArgumentTypeError(f"the name must end in {' or '.join(endings)}")
        return path

    return file


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def run(argv: Sequence[str]) -> int:
    """Run one command; the exit status."""
    arguments = build_parser().parse_args(argv)
    logging.basicConfig(
        level=logging.INFO if arguments.verbose else logging.WARNING,
        format="%(levelname)s: %(message)s",
    )
    try:
        return _handler(arguments.command)(arguments)
    except UserError as error:
        print(f"imgdupe: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader (head, less) left; nothing more to say, and Python must not say it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _handler(command: str) -> Callable[[argparse.Namespace], int]:
    from imgdupe import cli_doctor, cli_exchange, cli_library, cli_removal

    return {
        "scan": cli_library.scan,
        "groups": cli_library.groups,
        "find": cli_library.find,
        "check": cli_exchange.check,
        "remove": cli_removal.remove,
        "history": cli_removal.history,
        "undo": cli_removal.undo,
        "export": cli_exchange.export,
        "doctor": cli_doctor.doctor,
    }[command]
