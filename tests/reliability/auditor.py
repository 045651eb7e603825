# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The law of removal, checked by code that shares nothing with the program.

It reads the disk, the freedesktop.org trash specification and removals.jsonl by itself:
every content that was there is there, in the library or in a trash; every keeper is in the
library under its name; files in trash = rows `trashed`; untouched files keep bytes, name, time
and mode; after a restart no row is open. A file that got metadata has the same bytes but for its
XMP, and what it was is in the trash.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import urllib.parse
from collections.abc import Collection, Iterator
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
    """Every violation in words.

    `lost`: contents that the test itself overwrote or removed; `waiting`: rows that need the
    user are expected.
    """
    audit = _Audit(look(root, data), rows(data), before, lost)
    open_states = {"intent", "undoing"} | (set() if waiting else {"needs_user"})
    return [
        *audit.lost_contents(),
        *(
            f"open row {row['seq']}: {row['state']}"
            for row in audit.rows
            if row["state"] in open_states
        ),
        *audit.trash_against_rows(),
        *audit.keepers(),
        *audit.untouched(),
    ]


class _Audit:
    """What is there now, against what was there and what the journal says."""

    def __init__(
        self, now: Seen, journal: list[dict[str, Any]], before: Seen, lost: Collection[str]
    ) -> None:
        self.now, self.rows, self.before, self.lost = now, journal, before, lost
        self.trash = {path for path in now if _kind(path) == b"files"}
        self.infos = {path for path in now if _kind(path) == b"info"}
        self.library = set(now) - self.trash - self.infos

    def lost_contents(self) -> Iterator[str]:
        there = {seen[0] for path, seen in self.now.items() if path not in self.infos}
        for path, (digest, _time, _mode) in self.before.items():
            if digest not in there and digest not in self.lost and _kind(path) != b"info":
                yield f"lost for good: {path!r}"

    def _in_trash(self, row: dict[str, Any], file: dict[str, Any]) -> bool:
        waits = row["state"] == "needs_user" and path_of(file, "slot") in self.trash
        return waits or row["state"] == "trashed"

    def _keeps_old_version(self, row: dict[str, Any]) -> bool:
        """What a file was before metadata was merged into it lies in the trash."""
        merge = row.get("merge")
        return bool(merge and merge["content_before"] and row["state"] == "trashed")

    def _merged(self) -> set[bytes]:
        """Files that have metadata merged into them now, or are new for it."""
        return {path_of(row["merge"], "path") for row in self.rows if self._is_merged(row)}

    def _is_merged(self, row: dict[str, Any]) -> bool:
        return bool(row.get("merge") and row["state"] == "trashed")

    def trash_against_rows(self) -> Iterator[str]:
        expected = set()
        for row in self.rows:
            for file in row["files"]:
                if self._in_trash(row, file):
                    expected.add(path_of(file, "slot"))
                    yield from _info_errors(path_of(file, "info"), path_of(file, "path"), self.now)
            if self._keeps_old_version(row):
                merge = row["merge"]
                expected.add(path_of(merge, "slot"))
                yield from _info_errors(path_of(merge, "info"), path_of(merge, "path"), self.now)
        for path in self.trash - expected:
            yield f"in the trash without a row: {path!r}"
        for path in expected - self.trash:
            yield f"a row without its file in the trash: {path!r}"
        for path in self.infos:
            if _slot(path) not in self.trash:
                yield f"an info file without a file: {path!r}"

    def keepers(self) -> Iterator[str]:
        later: set[bytes] = set()  # a keeper may go in a later batch, for a keeper of its own
        for row in sorted(self.rows, key=lambda row: -int(row["seq"])):
            if row["state"] != "trashed":
                continue
            keeper = path_of(row, "keeper")
            was = self.before.get(keeper)
            if keeper and keeper not in later and not (was and was[0] in self.lost):
                same = was is None or self.now.get(keeper, was)[0] == was[0]
                same = same or keeper in self._merged()
                if keeper not in self.library or not same:
                    yield f"the keeper is not in the library: {keeper!r}"
            later.update(path_of(file, "path") for file in row["files"])

    def untouched(self) -> Iterator[str]:
        gone, returned = self._moved()
        merged = self._merged()
        for path, seen in self.before.items():
            if seen[0] in self.lost or _kind(path):
                continue
            if path in self.library and path in merged:
                yield from _merge_errors(path, seen, self.now[path])
            elif path in self.library and self.now[path] != seen:
                yield f"changed: {path!r}"
            if path not in self.library and path not in gone:
                yield f"not under its name: {path!r}"
        for path in self.library - set(self.before) - returned - merged:
            if self.now[path][0] not in self.lost:
                yield f"appeared: {path!r}"

    def _moved(self) -> tuple[set[bytes], set[bytes]]:
        """The names that removals took away, and those that undo gave."""
        gone, returned = set(), set()
        for row in self.rows:
            for file in row["files"]:
                if row["state"] == "undone":
                    returned.add(path_of(file, "back"))
                if row["state"] == "undone" or self._in_trash(row, file):
                    gone.add(path_of(file, "path"))
        return gone, returned


def _kind(path: bytes) -> bytes | None:
    """b"files" or b"info" for what lies in a trash."""
    found = _TRASHED.search(path)
    return found[1] if found else None


def _slot(info: bytes) -> bytes:
    folder, name = os.path.split(info)
    return os.path.join(os.path.dirname(folder), b"files", name.removesuffix(b".trashinfo"))


def _info_errors(info: bytes, path: bytes, now: Seen) -> list[str]:
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


def _merge_errors(path: bytes, was: tuple[str, int, int], now: tuple[str, int, int]) -> list[str]:
    """Mode and time are as before; a JPEG is, but for its XMP, byte for byte what it was."""
    found = [] if was[1:] == now[1:] else [f"merging changed time or mode: {path!r}"]
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(b"\xff\xd8") and BODIES.get(was[0], b"") != without_xmp(data):
        found.append(f"merging changed more than XMP: {path!r}")
    return found


BODIES: dict[str, bytes] = {}
"""By SHA-256: the JPEGs, without XMP, that a test may merge metadata into."""


def remember_jpeg(data: bytes) -> None:
    """Metadata may be merged into this JPEG."""
    BODIES[hashlib.sha256(data).hexdigest()] = without_xmp(data)


def without_xmp(data: bytes) -> bytes:
    """The JPEG without its XMP segment."""
    head = b"http://ns.adobe.com/xap/1.0/\0"
    at = data.find(head) - 4
    if at < 0:
        return data
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]
