# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The commands that look: scan, groups, find."""

from __future__ import annotations

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from types import FrameType
from typing import Any

from imgdupe.cli_output import (
    TerminalProgress,
    duration_text,
    print_json,
    printable,
    size_text,
)
from imgdupe.control import RunControl
from imgdupe.engine.report import groups_csv, groups_document, groups_html, path_fields
from imgdupe.engine.scan import ScanReport
from imgdupe.engine.search import SearchResult
from imgdupe.engine.session import Session
from imgdupe.errors import SearchQueryError, UserError
from imgdupe.progress import Counters
from imgdupe.records import Group, PhotoRecord


def absolute(path: str) -> bytes:
    """A path from the command line as the catalog knows it."""
    return os.path.abspath(os.fsencode(path))


def scan(arguments: Namespace) -> int:
    """Bring the catalog up to date; 1 if the user stopped it."""
    folders = [absolute(folder) for folder in arguments.folders]
    for folder in folders:
        if os.path.exists(folder) and not os.path.isdir(folder):
            raise UserError(f"{printable(folder)} is not a folder. Give the folder it is in.")
    control, counters = RunControl(), Counters()
    stop_on_interrupt(control)
    with Session.open(arguments.data_dir) as session, TerminalProgress(counters):
        known = {root.path for root in session.roots()}
        for folder in folders:
            if folder not in known and not os.path.isdir(folder):
                raise UserError(f"{printable(folder)} is not there. Check the name or mount it.")
        report = session.scan(
            folders,
            control,
            counters,
            workers=arguments.workers,
            rebuild=arguments.rebuild,
            excludes=arguments.exclude,
        )
        warn(session)
    if arguments.json:
        print_json(_scan_document(report))
    else:
        _print_scan(report, verbose=arguments.verbose)
    return 1 if report.stopped else 0


def stop_on_interrupt(control: RunControl) -> None:
    """Ctrl+C and a polite kill end the work after what is under way; what is done stays."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        control.cancel()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def warn(session: Session) -> None:
    """Say on stderr what happened at the opening."""
    for notice in session.notices:
        print(f"imgdupe: {notice}", file=sys.stderr)
    if session.model_missing:
        print(f"imgdupe: {session.model_missing}", file=sys.stderr)


def _scan_document(report: ScanReport) -> dict[str, Any]:
    document = asdict(report)
    document["problems"] = [
        {
            **path_fields(problem.path),
            "stage": problem.stage,
            "kind": problem.kind,
            "detail": problem.detail,
        }
        for problem in report.problems
    ]
    return document


def _print_scan(report: ScanReport, *, verbose: bool) -> None:
    print(
        f"{report.found} photos: {report.unchanged} unchanged, "
        f"{report.fingerprinted} fingerprinted, {report.removed} gone, {report.offline} offline; "
        f"{duration_text(report.seconds)}, {report.photos_per_second:.0f} photos/s"
    )
    if report.problems:
        print(f"{len(report.problems)} files without a result:")
    shown = report.problems if verbose else report.problems[:10]
    for problem in shown:
        print(f"  {printable(problem.path)}: {problem.detail}")
    if len(shown) < len(report.problems):
        print(f"  … and {len(report.problems) - len(shown)} more (-v shows all)")
    if report.stopped:
        print("Stopped. Everything found so far is kept; scan again to go on.")


def groups(arguments: Namespace) -> int:
    """Print or write the groups that pass the filters."""
    since = _date(arguments.since)
    with Session.open(arguments.data_dir) as session:
        warn(session)
        found = [
            group
            for group in session.groups()
            if _wanted(group, arguments) and (since is None or _taken_since(group, since))
        ]
        if arguments.csv:
            _write(arguments.csv, [groups_csv(found)])
        if arguments.html:
            _write(arguments.html, groups_html(found, session.thumbnail))
    if arguments.json:
        print_json(groups_document(found))
    elif not (arguments.csv or arguments.html):
        _print_groups(found)
    return 0


def _date(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UserError(f"--since {text}: write the date as 2024-05-31.") from error


def _wanted(group: Group, arguments: Namespace) -> bool:
    photos = [member.photo for member in group.members]
    return (
        (not arguments.kind or group.kind in arguments.kind)
        and group.probability >= arguments.min_probability
        and (arguments.folder is None or _any_below(photos, absolute(arguments.folder)))
        and (arguments.camera is None or _any_camera(photos, arguments.camera))
        and (arguments.keyword is None or _any_keyword(photos, arguments.keyword))
    )


def _any_below(photos: Iterable[PhotoRecord], folder: bytes) -> bool:
    return any(photo.path.startswith(folder.rstrip(b"/") + b"/") for photo in photos)


def _any_camera(photos: Iterable[PhotoRecord], name: str) -> bool:
    return any(name.casefold() in (photo.metadata.camera or "").casefold() for photo in photos)


def _any_keyword(photos: Iterable[PhotoRecord], word: str) -> bool:
    return any(
        word.casefold() == keyword.casefold()
        for photo in photos
        for keyword in photo.metadata.keywords
    )


def _taken_since(group: Group, since: str) -> bool:
    return any((member.photo.metadata.taken_at or "") >= since for member in group.members)


def _write(name: str, pieces: Iterable[str]) -> None:
    try:
        with open(name, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.writelines(pieces)
    except OSError as error:
        raise UserError(
            f"{name} cannot be written: {error.strerror}. Choose another file."
        ) from error


def _print_groups(found: Sequence[Group]) -> None:
    for group in found:
        print(f"{group.kind} {group.probability:.2f}  {group.key}")
        for member in group.members:
            photo = member.photo
            mark, what = ("*", "keep") if member.keeper else (" ", member.kind.value)
            print(
                f" {mark} {printable(photo.path)}  {photo.metadata.width}x{photo.metadata.height}  "
                f"{size_text(photo.file.size)}  {what}: {member.reason}"
            )
    total = sum(group.reclaimable_bytes for group in found)
    print(f"{len(found)} groups, {size_text(total)} beside the keepers")


def find(arguments: Namespace) -> int:
    """Print what is most like the pictures; 1 if one of them cannot be read."""
    results: list[SearchResult] = []
    failed: list[str] = []
    with Session.open(arguments.data_dir) as session:
        for image in arguments.images:
            try:
                results.append(session.find(absolute(image), arguments.top, arguments.min_score))
            except SearchQueryError as error:
                failed.append(str(error))
        warn(session)
    if arguments.json:
        print_json({"queries": [_query_document(result) for result in results]})
    else:
        for result in results:
            _print_hits(result)
    for message in failed:
        print(f"imgdupe: {message}", file=sys.stderr)
    return 1 if failed else 0


def _query_document(result: SearchResult) -> dict[str, Any]:
    return {
        **path_fields(result.query),
        "hits": [
            {
                **path_fields(hit.photo.path),
                "score": round(hit.score, 6),
                "kind": hit.kind,
                "probability": hit.probability,
            }
            for hit in result.hits
        ],
    }


def _print_hits(result: SearchResult) -> None:
    print(printable(result.query))
    for photo in result.exact:
        print(f"  exactly this file is in the library as {printable(photo.path)}")
    for hit in result.hits:
        print(f"  {hit.score:.3f}  {hit.kind:11}  {printable(hit.photo.path)}")
    if not result.hits:
        print("  nothing similar in the library")
