# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Where a removed file goes: the trash of its volume, or a folder of ours where there is none.

Called while planning (`find` changes nothing on disk) and while removing. Linux and the BSDs:
the freedesktop.org specification, on bytes, because Qt's own takes a neighbour for a name that
is not UTF-8. Never across volumes. Windows and macOS: `platform_trash`.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import secrets
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote_from_bytes

from imgdupe.removal.identity import Refused, is_there, shown
from imgdupe.removal.litter import Litter
from imgdupe.removal.moves import make_folders, rename_noreplace, sync_folder
from imgdupe.removal.volumes import Volume, is_within, volume_of

FALLBACK_NAME = b"_imgdupe_removed"
_INFO_SUFFIX = b".trashinfo"
_NAME_BYTES = 255
_TRIES = 100
_SYSTEM_CHOOSES: bool = sys.platform in ("win32", "darwin")


class TrashMisbehavedError(Refused):
    """The system's trash did something else than asked: nothing more is handed to it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A reserved place in a trash. `path` is None where the system chooses it during the move."""

    path: bytes | None
    info: bytes | None


class Trash(Protocol):
    """One trash of one volume. `folder`: where it is, to be told to people."""

    @property
    def folder(self) -> bytes: ...

    def refusal(self, path: bytes, size: int) -> str | None:
        """Why this file cannot go there safely, or None."""

    def reserve(self, path: bytes, litter: Litter) -> Slot:
        """Make a durable place for the file; OSError. A kill right after leaves litter."""

    def put(self, path: bytes, slot: Slot) -> bytes:
        """Move the file there and say where it lies; OSError, Refused."""


@dataclass(frozen=True, slots=True)
class FolderTrash:
    """`files/` and `info/` below `folder`; info files name paths relative to `top` if given."""

    folder: bytes
    top: bytes | None

    def refusal(self, path: bytes, size: int) -> str | None:
        """Renaming needs no room, and every name has a place."""
        del path, size
        return None

    def reserve(self, path: bytes, litter: Litter) -> Slot:
        files, infos = os.path.join(self.folder, b"files"), os.path.join(self.folder, b"info")
        for each in (files, infos):
            make_folders(each, 0o700)
            if os.path.islink(each):
                raise OSError(errno.ELOOP, "the trash is a link", each)
        text = self._info_text(path)
        for attempt in range(_TRIES):
            name = _slot_name(os.path.basename(path), attempt)
            slot = Slot(os.path.join(files, name), os.path.join(infos, name + _INFO_SUFFIX))
            if _reserve(slot, text, litter):
                return slot
        raise OSError(errno.EEXIST, "no free name in the trash", self.folder)

    def put(self, path: bytes, slot: Slot) -> bytes:
        if slot.path is None:
            raise ValueError("a slot of this trash has a path")
        rename_noreplace(path, slot.path)
        return slot.path

    def _info_text(self, path: bytes) -> bytes:
        origin = os.path.abspath(path)
        if self.top is not None:
            folder, name = os.path.split(origin)
            origin = os.path.relpath(os.path.join(os.path.realpath(folder), name), self.top)
        now = dt.datetime.now().strftime("%Y-%m-%dT%H:%M:%S")  # noqa: DTZ005  local by the spec
        return f"[Trash Info]\nPath={quote_from_bytes(origin)}\nDeletionDate={now}\n".encode()


def _reserve(slot: Slot, text: bytes, litter: Litter) -> bool:
    """Take the name by creating its info file; False if somebody has it."""
    if slot.path is None or slot.info is None or os.path.lexists(slot.path):
        return False
    litter.expect(slot.info, text, unless=slot.path)
    try:
        descriptor = os.open(slot.info, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return False
    try:
        try:
            _write(descriptor, text)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(os.path.dirname(slot.info))
    except OSError:
        os.unlink(slot.info)
        raise
    return True


def _write(descriptor: int, text: bytes) -> None:
    while text:
        text = text[os.write(descriptor, text) :]


def _slot_name(name: bytes, attempt: int) -> bytes:
    """The file's own name, else one made different, cut to what fits beside `.trashinfo`."""
    stem, suffix = os.path.splitext(name)
    if len(suffix) > 32:
        stem, suffix = name, b""
    tag = b"" if attempt == 0 else f".{secrets.token_hex(4)}".encode()
    if attempt > 1:  # some volumes allow fewer bytes in a name
        stem = stem[:32]
    room = _NAME_BYTES - len(_INFO_SUFFIX) - len(suffix) - len(tag)
    while len(stem) > room or (stem and stem != os.path.splitext(name)[0] and _is_cut(stem)):
        stem = stem[: min(room, len(stem) - 1)]
    return stem + tag + suffix


def _is_cut(stem: bytes) -> bool:
    """The last character lost bytes by cutting; names that never were UTF-8 stay as cut."""
    try:
        stem.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def release(slot: Slot) -> None:
    """Give up a slot that holds no file: its info file, which is ours, goes. OSError."""
    if slot.path is None or slot.info is None or is_there(slot.path):
        return
    try:
        os.unlink(slot.info)
    except FileNotFoundError:
        return


def find(folder: bytes, *, fallback: bool) -> Trash:
    """The trash for files of this folder; Refused with a reason where there is none.

    `fallback`: use a folder of ours on a volume without a trash, as the user chose.
    """
    if _SYSTEM_CHOOSES:
        from imgdupe.removal import platform_trash

        trash: Trash | None = platform_trash.find(folder)
    else:
        trash = _freedesktop(folder)
    if trash is None and fallback:
        place = fallback_folder(folder)
        trash = FolderTrash(place, os.path.dirname(place)) if place else None
    if trash is None:
        raise Refused(f"there is no trash on the volume of {shown(folder)}")
    return trash


def keeping_place(folder: bytes, *, fallback: bool) -> FolderTrash:
    """A trash of this folder's volume in which we choose the place; Refused if there is none."""
    place = fallback_folder(folder) if _SYSTEM_CHOOSES else None
    found = FolderTrash(place, os.path.dirname(place)) if place else None
    if not _SYSTEM_CHOOSES:
        chosen = find(folder, fallback=fallback)
        found = chosen if isinstance(chosen, FolderTrash) else None
    if found is None:
        raise Refused(f"there is no place on the volume of {shown(folder)} to keep what it was")
    return found


def locate(path: bytes, size: int, has_content: Callable[[bytes], bool]) -> bytes | None:
    """Where in the system's trash a file of this size and content lies, if the system chose."""
    if not _SYSTEM_CHOOSES:
        return None
    from imgdupe.removal import platform_trash

    bins = platform_trash.bins_of(os.path.dirname(path))
    return platform_trash.search(
        bins, lambda found, status: status.st_size == size and has_content(found)
    )


def fallback_folder(folder: bytes) -> bytes | None:
    """`_imgdupe_removed` in the highest folder of this volume that can be written, or None."""
    volume = volume_of(folder)
    real = os.path.realpath(folder)
    parents = [real]
    while parents[-1] != volume.top:
        parents.append(os.path.dirname(parents[-1]))
    for parent in reversed(parents):
        place = os.path.join(parent, FALLBACK_NAME)
        if _is_real_folder(place):
            return place if os.access(place, os.W_OK | os.X_OK) else None
        if not os.path.lexists(place) and os.access(parent, os.W_OK | os.X_OK):
            return place
    return None


def _freedesktop(folder: bytes) -> FolderTrash | None:
    volume = volume_of(folder)
    home = _home_trash()
    if _is_usable_home(home, volume):
        return FolderTrash(home, None)
    user = str(os.getuid()).encode()
    shared = os.path.join(volume.top, b".Trash")
    if _is_sticky(shared) and _is_usable(os.path.join(shared, user)):
        return FolderTrash(os.path.join(shared, user), volume.top)
    own = os.path.join(volume.top, b".Trash-" + user)
    return FolderTrash(own, volume.top) if _is_usable(own) else None


def _home_trash() -> bytes:
    data = os.fsencode(os.environ.get("XDG_DATA_HOME", ""))
    if not os.path.isabs(data):
        data = os.path.join(os.path.expanduser(b"~"), b".local", b"share")
    return os.path.join(data, b"Trash")


def _is_usable_home(home: bytes, volume: Volume) -> bool:
    """On the victim's volume, and there or to be made."""
    anchor = home
    while not os.path.lexists(anchor):
        anchor = os.path.dirname(anchor)
    if not os.path.isdir(anchor) or not os.access(anchor, os.W_OK | os.X_OK):
        return False
    own = volume_of(anchor)
    return (own.top, own.device) == (volume.top, volume.device)


def _is_sticky(folder: bytes) -> bool:
    try:
        mode = os.lstat(folder).st_mode
    except OSError:
        return False
    return stat.S_ISDIR(mode) and bool(mode & stat.S_ISVTX)


def _is_usable(folder: bytes) -> bool:
    """A real folder of this user, or one that can be made."""
    try:
        status = os.lstat(folder)
    except FileNotFoundError:
        return os.access(os.path.dirname(folder), os.W_OK | os.X_OK)
    except OSError:
        return False
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return is_own and os.access(folder, os.W_OK | os.X_OK)


def _is_real_folder(folder: bytes) -> bool:
    return os.path.isdir(folder) and not os.path.islink(folder)


def is_in_trash(path: bytes) -> bool:
    """The path lies in a trash or in our folder: no victim, and above all no keeper."""
    parts = os.path.abspath(path).split(os.sep.encode())[:-1]
    names = {part.lower() for part in parts}
    named = names & {b".trash", b".trashes", b"$recycle.bin", FALLBACK_NAME}
    dated = any(name.startswith(b".trash-") for name in names)
    return bool(named) or dated or is_within(os.path.abspath(path), _home_trash())
