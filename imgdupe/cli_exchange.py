# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The commands between the library and the world: check a card, export vectors and the graph."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from imgdupe.cli_library import absolute, stop_on_interrupt, warn
from imgdupe.cli_output import TerminalProgress, print_json, printable
from imgdupe.control import Cancelled, RunControl
from imgdupe.engine.check import Checked, CheckReport, Standing
from imgdupe.engine.report import path_fields
from imgdupe.engine.session import Session
from imgdupe.errors import UserError
from imgdupe.progress import Counters


def check(arguments: Namespace) -> int:
    """Say what of a folder is new to the library; 1 if the user stopped it."""
    folder = absolute(arguments.folder)
    if not os.path.isdir(folder):
        raise UserError(f"{printable(folder)} is no folder that is there. Check the name.")
    control, counters = RunControl(), Counters()
    stop_on_interrupt(control)
    with Session.open(arguments.data_dir) as session, TerminalProgress(counters):
        warn(session)
        try:
            report = session.check(folder, control, counters)
        except Cancelled:
            print("imgdupe: stopped; nothing was compared to the end", file=sys.stderr)
            return 1
    if arguments.json:
        print_json(_document(report))
    else:
        _print(report)
    return 0


def _document(report: CheckReport) -> dict[str, Any]:
    document: dict[str, Any] = {
        standing.value: [_entry(each) for each in _of(report, standing)] for standing in Standing
    }
    document["problems"] = [
        {**path_fields(each.path), "kind": each.kind, "detail": each.detail}
        for each in report.problems
    ]
    return document


def _of(report: CheckReport, standing: Standing) -> list[Checked]:
    return [each for each in report.photos if each.standing is standing]


def _entry(checked: Checked) -> dict[str, Any]:
    entry: dict[str, Any] = {**path_fields(checked.path), "reason": checked.reason}
    if checked.library is not None:
        entry |= path_fields(checked.library.path, "library_path")
        entry |= {"kind": checked.kind, "offline": checked.library.offline}
    return entry


def _print(report: CheckReport) -> None:
    for each in report.photos:
        other = "" if each.library is None else f"  {printable(each.library.path)}"
        away = " (offline)" if each.library is not None and each.library.offline else ""
        print(f"{each.standing:6}  {printable(each.path)}: {each.reason}{other}{away}")
    for problem in report.problems:
        print(f"?       {printable(problem.path)}: {problem.detail}")
    new, have, better = (len(_of(report, standing)) for standing in Standing)
    print(f"{new} new, {have} in the library, {better} better there", end="")
    print(f", {len(report.problems)} not read" if report.problems else "")


def export(arguments: Namespace) -> int:
    """Write the vectors with the photos' paths, or the graph of relations."""
    with Session.open(arguments.data_dir) as session:
        if arguments.embeddings is not None:
            written = _export_embeddings(session, arguments.embeddings)
        else:
            written = _export_graph(session, arguments.graph)
    if arguments.json:
        print_json(written)
    else:
        print(", ".join(f"{name}: {value}" for name, value in written.items()))
    return 0


def _export_embeddings(session: Session, file: Path) -> dict[str, Any]:
    vectors, paths, count = session.exporter().embeddings()
    beside = file.with_suffix(".json")
    _write(file, vectors)
    _write(beside, [paths])
    return {"embeddings": str(file), "paths": str(beside), "photos": count}


def _export_graph(session: Session, file: Path) -> dict[str, Any]:
    pieces, count = session.exporter().graph(file.suffix.lower())
    _write(file, pieces)
    return {"graph": str(file), "edges": count}


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    try:
        with file.open("wb") as out:
            out.writelines(pieces)
    except OSError as error:
        text = f"{file} cannot be written: {error.strerror}. Choose another file."
        raise UserError(text) from error
