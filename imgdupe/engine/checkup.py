# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Looks whether the library and the installation are sound, for `doctor` and `--selftest`.

Any thread. The check of a library only reads; the self-test works in a folder of its own.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imgdupe.control import RunControl
from imgdupe.engine.session import Session
from imgdupe.errors import UserError
from imgdupe.progress import Counters
from imgdupe.records import Kind, Shelf
from imgdupe.removal import trash
from imgdupe.removal.identity import Refused, shown


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `detail` says what was found, and what to do if it is not `ok`."""

    name: str
    ok: bool
    detail: str


def examine(session: Session) -> list[Check]:
    """Catalog, model, index, open removals, and the trash of every folder's volume."""
    return [
        *(Check("notice", ok=True, detail=notice) for notice in session.notices),
        _catalog(session),
        _model(session),
        _index(session),
        *_removals(session),
        *(_trash(root.path) for root in session.roots() if root.online),
    ]


def _catalog(session: Session) -> Check:
    damage = session.catalog_damage()
    counts = session.counts()
    if damage is not None:
        return Check("catalog", ok=False, detail=f"damaged ({damage}); start again to restore it")
    return Check("catalog", ok=True, detail=f"{counts.photos} photos, {counts.problems} problems")


def _model(session: Session) -> Check:
    model_id = session.model_id()
    if model_id is None:
        return Check("model", ok=False, detail=session.model_missing or "missing")
    return Check("model", ok=True, detail=f"ResNet {model_id}")


def _index(session: Session) -> Check:
    if session.model_id() is None:
        return Check("index", ok=True, detail="not used without the model")
    indexed, embedded = session.index_state()
    if indexed < embedded:
        return Check(
            "index",
            ok=False,
            detail=f"holds {indexed} of {embedded} photos; --rebuild-index mends it",
        )
    return Check("index", ok=True, detail=f"{indexed} embeddings")


def _removals(session: Session) -> list[Check]:
    """Each one that waits for the user, with what to do."""
    waiting = session.waiting()
    if waiting:
        return [
            Check("removals", ok=False, detail=f"{shown(each.path)} waits: {each.reason}")
            for each in waiting
        ]
    return [Check("removals", ok=True, detail="every removal is finished and written down")]


def _trash(folder: bytes) -> Check:
    name = f"trash for {os.fsdecode(folder).encode('utf-8', 'replace').decode()}"
    try:
        place = trash.find(folder, fallback=False)
    except Refused as refusal:
        return Check(name, ok=True, detail=f"none: {refusal}; a folder on the volume can be used")
    return Check(name, ok=True, detail=place.folder.decode("utf-8", "replace"))


def try_everything(folder: Path) -> list[Check]:
    """Scan two made pictures, one of them twice, and see that just the copies are grouped."""
    try:
        found = _scan_made_pictures(folder)
    except UserError as error:
        return [Check("selftest", ok=False, detail=str(error))]
    wanted = [(Kind.IDENTICAL, ["copy.bmp", "one.bmp"])]
    if found != wanted:
        return [
            Check("selftest", ok=False, detail=f"found {found}, expected {wanted}; please report")
        ]
    return [Check("selftest", ok=True, detail="scanned, compared and grouped made pictures")]


def _scan_made_pictures(folder: Path) -> list[tuple[Kind, list[str]]]:
    pictures = folder / "pictures"
    pictures.mkdir()
    for name, seed in (("one.bmp", 1), ("copy.bmp", 1), ("other.bmp", 2)):
        (pictures / name).write_bytes(_made_picture(seed))
    with Session.open(folder / "data") as session:
        session.scan([os.fsencode(pictures)], RunControl(), Counters(), workers=1)
        return [
            (group.kind, sorted(os.path.basename(os.fsdecode(m.photo.path)) for m in group.members))
            for group in session.groups()
            if group.shelf is not Shelf.SIMILAR_SHOTS
        ]


def _made_picture(seed: int, side: int = 256) -> bytes:
    """A BMP of soft random shapes, without a picture library."""
    coarse = np.random.default_rng(seed).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    pixels = np.kron(coarse, np.ones((side // 16, side // 16, 1), dtype=np.uint8))
    header = struct.pack("<2sIHHI", b"BM", 54 + pixels.nbytes, 0, 0, 54)
    info = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, pixels.nbytes, 2835, 2835, 0, 0)
    return header + info + pixels.tobytes()
