# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A small removal and its undo, to be cut short anywhere."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from imgdupe.errors import UserError
from imgdupe.library.packets import with_packet
from imgdupe.library.xmp import Xmp
from imgdupe.library.xmp_edit import EMPTY, edited
from imgdupe.records import Kind
from imgdupe.removal.journal import Journal
from imgdupe.removal.plan import RemovalRequest
from imgdupe.removal.recover import recover
from imgdupe.removal.undo import undo
from tests.reliability import auditor
from tests.reliability.scenes import make_plan, record, request, run, write

TOLD = Xmp(rating=3, keywords=("tram",), caption="Line 28")


def jpeg(body: bytes, packet: bytes | None = None) -> bytes:
    """What has the structure of a JPEG: enough for metadata, and small."""
    quiet = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + body + b"\xff\xd9"
    bare = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + quiet
    return bare if packet is None else with_packet(bare, packet) or b""


@dataclass(frozen=True, slots=True)
class RemovalScene:
    """A library of nine files in a home of its own: two victims, one with companions.

    `merging`: what the second victim alone says is merged into its keeper, a JPEG, and what a third
    says into a new sidecar. `power_cut`: an info file may stay behind in the trash, which harms
    nobody; the notes about such litter are not worth an fsync for each photo.
    """

    root: Path
    merging: bool = False
    power_cut: bool = False

    @property
    def data(self) -> Path:
        return self.root / "data"

    def build(self) -> None:
        """Make it afresh."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.data.mkdir(parents=True)
        lib = self.root / "lib"
        for name in (b"b/caf\xe9 (1).jpg", b"a/original.jpg"):
            path = Path(os.fsdecode(os.path.join(os.fsencode(lib), name)))
            write(path, b"one picture" * 500)
        for name in (b"b/caf\xe9 (1).xmp", b"b/caf\xe9 (1).MOV"):
            write(Path(os.fsdecode(os.path.join(os.fsencode(lib), name))), b"belongs to " + name)
        large = jpeg(b"large" * 400)
        auditor.remember_jpeg(large)
        write(lib / "a" / "large.jpg", large)
        write(lib / "c" / "small.jpg", jpeg(b"small" * 100, edited(EMPTY, TOLD)))
        write(lib / "c" / "other.dng", b"II*\0 other" + edited(EMPTY, TOLD))
        write(lib / "a" / "raw.dng", b"II*\0 raw")
        write(lib / "c" / "bystander.jpg", b"nobody touches this")

    def path(self, name: bytes) -> bytes:
        return os.path.join(os.fsencode(self.root), b"lib", name)

    def act(self) -> None:
        """Remove both victims, then take it back. Trouble that is told to people is no crash."""
        try:
            journal = Journal(self.data)
            first = record(
                self.path(b"b/caf\xe9 (1).jpg"),
                [self.path(b"b/caf\xe9 (1).xmp"), self.path(b"b/caf\xe9 (1).MOV")],
            )
            planned = make_plan(
                journal,
                request(first, record(self.path(b"a/original.jpg"))),
                request(
                    record(self.path(b"c/small.jpg")),
                    record(self.path(b"a/large.jpg")),
                    Kind.RESIZED,
                ),
                *self.third(),
                merge_metadata=self.merging,
            )
            run(planned, journal)
            undo(journal, None, None)
        except (UserError, OSError):
            return

    def look(self) -> auditor.Seen:
        return auditor.look(self.root, self.data)

    def wrong(self, before: auditor.Seen) -> list[str]:
        wrong = auditor.audit(self.root, self.data, before)
        litter = "an info file without a file" if self.power_cut else "nothing is allowed"
        return [each for each in wrong if not each.startswith(litter)]

    def third(self) -> list[RemovalRequest]:
        """A RAW, whose keeper has no file yet that could take what it says."""
        if not self.merging:
            return []
        victim, keeper = record(self.path(b"c/other.dng")), record(self.path(b"a/raw.dng"))
        return [request(victim, keeper, Kind.RESIZED)]

    def restart(self) -> None:
        """What every start does."""
        journal = Journal(self.data)
        recover(journal)
        journal.close()
