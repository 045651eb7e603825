# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The law of removal, checked by code that shares nothing with the program.

It reads the disk, the freedesktop.org trash specification and removals.jsonl by itself:
every content that was there is there, in the library or in a trash; every keeper is in the
library under its name; files in trash = rows `trashed`; untouched files keep bytes, name, time
and mode; after a restart no row is open.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import urllib.parse
from collections.abc import Collection
from pathlib import Path
from typing import Any

Seen = dict[bytes, tuple[str, int, int]]
_TRASHED = re.compile(rb"/(?:Trash|\.Trash-\d+|\.Trash/\d+|_imgdupe_removed)/(files|info)/[^/]+\Z")


def look(root: Path, data: Path) -> Seen:
    """(SHA-256, mtime_ns, mode) of every regular file under the root, but for the app's data."""
    seen: Seen = {}
    for parent, _folders, names in os.walk(os.fsencode(root)):
        for name in names:
            path = os.path.join(parent, name)
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode) or path.startswith(os.fsencode(data) + b"/"):
                continue
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            seen[path] = (digest, status.st_mtime_ns, status.st_mode)
    return seen


def rows(data: Path) -> list[dict[str, Any]]:
    """The last line of each entry; a line that cannot be read was torn by a kill."""
    last: dict[int, dict[str, Any]] = {}
    lines = data / "removals.jsonl"
    for line in lines.read_bytes().splitlines() if lines.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        last[row["seq"]] = row
    return list(last.values())


def path_of(row: dict[str, Any], name: str) -> bytes:
    """The path with the links in its folder resolved: one name for each file."""
    named = row.get(f"{name}_hex")
    folder, base = os.path.split(bytes.fromhex(named) if named else os.fsencode(row[name] or ""))
    return os.path.join(os.path.realpath(folder), base) if base else b""


def audit(
    root: Path, data: Path, before: Seen, *, lost: Collection[str] = (), waiting: bool = False
) -> list[str]:
    """Every violation in words. `lost`: contents that the test itself overwrote or removed;
    `waiting`: rows that need the user are expected."""
    now = look(root, data)
    journal = rows(data)
    trash = {path for path in now if (found := _TRASHED.search(path)) and found[1] == b"files"}
    infos = {path for path in now if (found := _TRASHED.search(path)) and found[1] == b"info"}
    library = {path: seen for path, seen in now.items() if path not in trash | infos}
    wrong = []

    contents = {seen[0] for path, seen in now.items() if path not in infos}
    for path, (digest, _time, _mode) in before.items():
        is_info = (found := _TRASHED.search(path)) and found[1] == b"info"
        if digest not in contents and digest not in lost and not is_info:
            wrong.append(f"lost for good: {path!r}")

    open_states = {"intent", "undoing"} | (set() if waiting else {"needs_user"})
    wrong += [
        f"open row {row['seq']}: {row['state']}" for row in journal if row["state"] in open_states
    ]

    gone: set[bytes] = set()
    returned: set[bytes] = set()
    expected: set[bytes] = set()
    for row in journal:
        for file in row["files"]:
            slot, path = path_of(file, "slot"), path_of(file, "path")
            if row["state"] == "trashed" or (row["state"] == "needs_user" and slot in trash):
                expected.add(slot)
                gone.add(path)
                wrong += _info_errors(path_of(file, "info"), path, now, root)
            if row["state"] == "undone":
                returned.add(path_of(file, "back"))
                gone.add(path)
    later: set[bytes] = set()  # a keeper may go in a later batch, for a keeper of its own
    for row in sorted(journal, key=lambda row: -int(row["seq"])):
        if row["state"] == "trashed" and row["keeper"] and path_of(row, "keeper") not in later:
            keeper = path_of(row, "keeper")
            was, is_now = before.get(keeper), library.get(keeper)
            if not (was and was[0] in lost) and (not is_now or (was and was[0] != is_now[0])):
                wrong.append(f"the keeper is not in the library: {keeper!r}")
        if row["state"] == "trashed":
            later.update(path_of(file, "path") for file in row["files"])
    wrong += [f"in the trash without a row: {path!r}" for path in trash - expected]
    wrong += [f"a row without its file in the trash: {path!r}" for path in expected - trash]
    wrong += [
        f"an info file without a file: {path!r}" for path in infos if _slot(path) not in trash
    ]

    for path, seen in before.items():
        if _TRASHED.search(path):
            continue  # an earlier batch's; its rows answer for it
        if path in library and library[path] != seen and seen[0] not in lost:
            wrong.append(f"changed: {path!r}")
        if path not in library and path not in gone and seen[0] not in lost:
            wrong.append(f"not under its name: {path!r}")
    new = set(library) - set(before) - returned
    return wrong + [f"appeared: {path!r}" for path in new if library[path][0] not in lost]


def _slot(info: bytes) -> bytes:
    folder, name = os.path.split(info)
    return os.path.join(os.path.dirname(folder), b"files", name.removesuffix(b".trashinfo"))


def _info_errors(info: bytes, path: bytes, now: Seen, root: Path) -> list[str]:
    """The info file names the origin, absolute or relative to the folder above the trash."""
    if info not in now:
        return [f"no info file for {path!r}"]
    with open(info, "rb") as file:
        lines = file.read().split(b"\n")
    if lines[0] != b"[Trash Info]" or not lines[1].startswith(b"Path="):
        return [f"not a trash info file: {info!r}"]
    origin = urllib.parse.unquote_to_bytes(lines[1][5:])
    top = re.split(rb"/(?:\.Trash-\d+|\.Trash/\d+|_imgdupe_removed)/info/", info)[0]
    full = origin if origin.startswith(b"/") else os.path.join(top, origin)
    date = re.fullmatch(rb"DeletionDate=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", lines[2])
    same = os.path.realpath(full) == os.path.realpath(path)
    return [] if same and date else [f"the info file of {path!r} says {full!r}, {lines[2]!r}"]
