# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Finds the pictures and their companions below some folders, by name and status alone.

Runs in the scan's first thread. Opens no file (one exception: names without any suffix, whose
first bytes tell). Each folder is visited once, by device and inode, so links, bind mounts and
nested roots cannot make a loop; symbolic links below a root are not followed.
"""

from __future__ import annotations

import errno
import fnmatch
import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from imgdupe.library.formats import COMPANIONS, HEAD_BYTES, PICTURES, RAWS, sniff, suffix_of
from imgdupe.records import FoundFile, Problem, ProblemKind, Stage

_WANTED = PICTURES | RAWS | COMPANIONS
_TRASH = frozenset(
    {
        *(b".trash", b".trashes", b"$recycle.bin", b"_imgdupe_removed", b"@eadir", b"#recycle"),
        *(b"#snapshot", b"@recycle", b"@recently-snapshot", b".@__thumb", b"thumbs"),
        *(b".thumbnails", b".git", b"system volume information"),
    }
)
"""Trash folders, and the thumbnails and snapshots of file servers: copies nobody keeps."""
_BUNDLES = (b".photoslibrary", b".photolibrary", b".aplibrary", b".lrdata", b".lrcat-data")
"""Databases of other programs that look like folders: removing from them would break them."""
_SYSTEM = frozenset({b"/proc", b"/sys", b"/dev"}) if os.name == "posix" else frozenset()
# Windows: OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS; macOS: SF_DATALESS.
_ONLINE_ATTRIBUTES = 0x1000 | 0x40000 | 0x400000
_DATALESS_FLAG = 0x40000000
_HIDDEN_ATTRIBUTE = 0x2
_NO_FILE_TEXT = "This is not a file but a device, a pipe or a socket."
_ONLINE_TEXT = "The file is only online; download it in the cloud program to have it compared."


@dataclass(frozen=True, slots=True)
class ScanRules:
    """What to leave out.

    `excludes`: shell patterns; with a slash they match the whole path (a folder's pattern takes
    everything below it), without one the base name.
    """

    excludes: tuple[str, ...] = ()
    include_hidden: bool = False


class Status(Protocol):
    """What the walk reads of an `os.stat_result`."""

    @property
    def st_mode(self) -> int: ...


def walk(roots: Sequence[bytes], rules: ScanRules) -> Iterator[FoundFile | Problem]:
    """Every picture, RAW and companion below the roots, one folder after the other.

    The files of one folder come together and in order of their names. Hard links come as files
    each. What cannot be read comes as a `Problem`, and the walk goes on.
    """
    walker = _Walker(rules)
    for root in roots:
        yield from walker.below(root)


def is_online_only(status: Status) -> bool:
    """True for a placeholder whose content would have to be downloaded first."""
    attributes = getattr(status, "st_file_attributes", 0)
    flags = getattr(status, "st_flags", 0)
    return bool(attributes & _ONLINE_ATTRIBUTES or flags & _DATALESS_FLAG)


class _Walker:
    def __init__(self, rules: ScanRules) -> None:
        self._hidden = rules.include_hidden
        self._names = _compiled([glob for glob in rules.excludes if "/" not in glob])
        self._paths = _compiled([glob.rstrip("/") for glob in rules.excludes if "/" in glob])
        self._visited: set[tuple[int, int]] = set()

    def below(self, root: bytes) -> Iterator[FoundFile | Problem]:
        """Depth first without recursion: a tree may be thousands of levels deep."""
        try:
            status = os.stat(root)
        except OSError as error:
            yield _problem(root, error)
            return
        if not stat.S_ISDIR(status.st_mode):
            yield _unreadable(root, ProblemKind.NOT_FOUND, "This is not a folder.")
            return
        pending = [root]
        while pending:
            folder = pending.pop()
            try:
                status = os.stat(folder)
                if self._enter(status):
                    entries = _entries(folder)
                    below: list[bytes] = []
                    yield from self._files(entries, below)
                    pending.extend(reversed(below))
            except OSError as error:
                yield _problem(folder, error)

    def _enter(self, status: os.stat_result) -> bool:
        identity = (status.st_dev, status.st_ino)
        if identity in self._visited:
            return False
        self._visited.add(identity)
        return True

    def _files(
        self, entries: list[os.DirEntry[bytes]], below: list[bytes]
    ) -> Iterator[FoundFile | Problem]:
        """The wanted files among a folder's entries; its folders are added to `below`."""
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if not self._skips_folder(entry):
                        below.append(entry.path)
                elif found := self._file(entry):
                    yield found
            except OSError as error:
                yield _problem(entry.path, error)

    def _file(self, entry: os.DirEntry[bytes]) -> FoundFile | Problem | None:
        name = entry.name
        if name.startswith(b".") and not self._hidden:
            return _cloud_stub(entry)
        suffix = suffix_of(name)
        if (suffix and suffix not in _WANTED) or entry.is_symlink() or self._excluded(entry):
            return None
        if not entry.is_file(follow_symlinks=False):
            return _unreadable(entry.path, ProblemKind.NOT_AN_IMAGE, _NO_FILE_TEXT)
        # On Windows the directory listing knows neither inode nor link count.
        status = os.lstat(entry.path) if os.name == "nt" else entry.stat(follow_symlinks=False)
        if is_online_only(status):
            return _unreadable(entry.path, ProblemKind.ONLINE_ONLY, _ONLINE_TEXT)
        hidden = _marked_hidden(status) and not self._hidden
        if hidden or (not suffix and not _looks_like_picture(entry.path)):
            return None
        return _found(entry.path, status)

    def _skips_folder(self, entry: os.DirEntry[bytes]) -> bool:
        name = entry.name.lower()
        return (
            (name.startswith(b".") and not self._hidden)
            or name in _TRASH
            or name.startswith(b".trash-")
            or name.endswith(_BUNDLES)
            or entry.path in _SYSTEM
            or entry.path.endswith(b"/share/Trash")
            or self._excluded(entry)
        )

    def _excluded(self, entry: os.DirEntry[bytes]) -> bool:
        if self._names and self._names.match(os.fsdecode(entry.name)):
            return True
        return bool(self._paths and self._paths.match(os.fsdecode(entry.path)))


def _entries(folder: bytes) -> list[os.DirEntry[bytes]]:
    with os.scandir(folder) as listing:
        return sorted(listing, key=lambda entry: entry.name)


def _compiled(globs: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(fnmatch.translate(glob) for glob in globs)) if globs else None


def _found(path: bytes, status: os.stat_result) -> FoundFile:
    return FoundFile(
        path, status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino, status.st_nlink
    )


def _unreadable(path: bytes, kind: ProblemKind, text: str) -> Problem:
    return Problem(path, Stage.WALK, kind, text)


def _marked_hidden(status: os.stat_result) -> bool:
    if sys.platform == "win32":
        return bool(status.st_file_attributes & _HIDDEN_ATTRIBUTE)
    if sys.platform == "darwin":
        return bool(status.st_flags & stat.UF_HIDDEN)
    return False


def _cloud_stub(entry: os.DirEntry[bytes]) -> Problem | None:
    """`.IMG_1.HEIC.icloud` stands for a picture that is only online."""
    if not entry.name.endswith(b".icloud"):
        return None
    name = entry.name.removeprefix(b".").removesuffix(b".icloud")
    if suffix_of(name) not in PICTURES | RAWS:
        return None
    path = os.path.join(os.path.dirname(entry.path), name)
    return _unreadable(path, ProblemKind.ONLINE_ONLY, _ONLINE_TEXT)


def _looks_like_picture(path: bytes) -> bool:
    """For names without a suffix: a few bytes tell. What may not be read counts as no picture."""
    try:
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
    except OSError:
        return False
    try:
        return sniff(os.read(descriptor, HEAD_BYTES)) not in (None, "PDF")
    finally:
        os.close(descriptor)


def _problem(path: bytes, error: OSError) -> Problem:
    kind, text = {
        errno.ENOENT: (ProblemKind.NOT_FOUND, "It is not there (any more)."),
        errno.EACCES: (ProblemKind.NO_ACCESS, "You have no permission to read it."),
        errno.EPERM: (ProblemKind.NO_ACCESS, "You have no permission to read it."),
        errno.ENAMETOOLONG: (ProblemKind.OTHER, "Its path is too long to be read."),
    }.get(error.errno or 0, (ProblemKind.OTHER, f"It could not be read: {error.strerror}."))
    return Problem(path, Stage.WALK, kind, text)
