# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Records to rows and back.

Any thread; pure. Whatever a damaged row makes of the decoding comes out as DamagedError.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgdupe.catalog.faults import DamagedError
from imgdupe.records import (
    Evidence,
    Fingerprint,
    FoundFile,
    Hashes,
    Kind,
    Metadata,
    Problem,
    ProblemKind,
    Relation,
    Stage,
)

Row = tuple[Any, ...]
_MOST_INTEGER = 2**63
_TURNS = struct.Struct("<8Q")
_EVIDENCE_DIGITS = 6
_EVIDENCE_NUMBERS = ("cosine", "difference", "ncc", "worst_tile", "overlap", "transform")
_SPREAD = "(?)"
_DOCUMENTS_AT_ONCE = 512


@contextmanager
def decoding() -> Iterator[None]:
    """Around code that reads rows: what cannot be understood was not written by us."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise DamagedError(f"a row cannot be read ({error})") from error
    except struct.error as error:
        raise DamagedError(f"a row cannot be read ({error})") from error


def spread(sql: str, count: int) -> str:
    """The statement with its one `(?)` widened to `count` parameters."""
    return sql.replace(_SPREAD, f"({','.join('?' * count)})", 1)


def id_list(ids: Iterable[int]) -> str:
    """Numbers as one parameter, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(map(int, ids)))


def number(value: int) -> int | str:
    """For an ANY column: SQLite's integers end at 63 bits, some systems' inodes do not."""
    return value if -_MOST_INTEGER <= value < _MOST_INTEGER else str(value)


def text(value: str) -> str:
    """File names inside a text may hold lone surrogates, which SQLite's text cannot."""
    return value.encode("utf-8", "backslashreplace").decode()


def file_row(file: FoundFile) -> Row:
    """path, size, mtime_ns, device, inode, links."""
    numbers = map(number, (file.mtime_ns, file.device, file.inode))
    return (file.path, file.size, *numbers, file.links)


def file_of(row: Sequence[Any]) -> FoundFile:
    """From path, size, mtime_ns, device, inode, links."""
    path, size, mtime_ns, device, inode, links = row
    return FoundFile(path, size, int(mtime_ns), int(device), int(inode), links)


def hash_row(hashes: Hashes) -> Row:
    """scan, phash_turns, phash256, quality; the phash itself is turn 0."""
    return (hashes.scan, _TURNS.pack(*hashes.phash_turns), hashes.phash256, hashes.quality)


def hashes_of(content: bytes, row: Sequence[Any]) -> Hashes:
    """From scan, phash_turns, phash256, quality."""
    scan, packed, phash256, quality = row
    turns = _TURNS.unpack(packed)
    return Hashes(content, scan, turns[0], turns, phash256, quality)


def moment_of(metadata: Metadata) -> str | None:
    """'camera|second', or None if either is unknown."""
    if not metadata.camera or not metadata.taken_at:
        return None
    return text(f"{metadata.camera}|{metadata.taken_at[:19]}")


def metadata_text(metadata: Metadata) -> str:
    """JSON of what is not the default."""
    return _to_json(metadata, _METADATA_FIELDS)


def metadata_of(stored: Iterable[str]) -> list[Metadata]:
    """From the JSON of `metadata_text`, each."""
    return [Metadata(**values) for values in _from_json(stored, ("gps", "keywords"))]


def relation_row(relation: Relation, algorithm: int) -> Row:
    """a, b, kind, probability, algorithm, evidence (its numbers to six digits)."""
    full = relation.evidence
    short = replace(
        full,
        **{name: _short(getattr(full, name)) for name in _EVIDENCE_NUMBERS},
    )
    evidence = _to_json(short, _EVIDENCE_FIELDS)
    return (relation.a, relation.b, relation.kind, relation.probability, algorithm, evidence)


def relations_of(rows: Sequence[Row]) -> list[Relation]:
    """From a, b, kind, probability, evidence."""
    parsed = _from_json([row[4] for row in rows], ("notes", "transform"))
    return [
        Relation(a, b, Kind(kind), probability, Evidence(**values))
        for (a, b, kind, probability, _), values in zip(rows, parsed, strict=True)
    ]


def problem_row(problem: Problem, scan_id: int) -> Row:
    """path, stage, kind, detail, scan_id."""
    return (problem.path, problem.stage, problem.kind, text(problem.detail), scan_id)


def problem_of(row: Row) -> Problem:
    """From path, stage, kind, detail."""
    path, stage, kind, detail = row
    return Problem(path, Stage(stage), ProblemKind(kind), detail)


def content_row(fingerprint: Fingerprint, size: int) -> Row:
    """content, size, scan, phash_turns, phash256, quality, moment, damaged, metadata."""
    hashes, metadata = fingerprint.hashes, fingerprint.metadata
    damaged = None if fingerprint.damaged is None else text(fingerprint.damaged)
    return (
        hashes.content,
        size,
        *hash_row(hashes),
        moment_of(metadata),
        damaged,
        metadata_text(metadata),
    )


def vector_bytes(vector: NDArray[np.float32]) -> bytes:
    """float16, little-endian; ValueError for a vector that holds no numbers."""
    half = vector.astype("<f2")
    if not np.isfinite(half).all():
        raise ValueError("an embedding must be finite")
    return half.tobytes()


def _defaults_of(kind: type[Any]) -> tuple[tuple[str, object], ...]:
    def default(field: Field[Any]) -> object:
        return None if field.default is MISSING else field.default

    return tuple((field.name, default(field)) for field in fields(kind))


_METADATA_FIELDS = _defaults_of(Metadata)
_EVIDENCE_FIELDS = _defaults_of(Evidence)


def _to_json(record: object, names: tuple[tuple[str, object], ...]) -> str:
    """Plain ASCII, so that lone surrogates survive."""
    values = {name: value for name, default in names if (value := getattr(record, name)) != default}
    return json.dumps(values, separators=(",", ":"))


def _from_json(stored: Iterable[str], tuples: tuple[str, ...]) -> list[dict[str, Any]]:
    """Documents together: one call for each takes twice the time, one for all halts the window."""
    found: list[dict[str, Any]] = []
    waiting = iter(stored)
    while documents := list(islice(waiting, _DOCUMENTS_AT_ONCE)):
        found += json.loads(f"[{','.join(documents)}]")
    for values in found:
        for name in tuples:
            if name in values:
                values[name] = tuple(values[name])
    return found


def _short(value: float | tuple[float, ...] | None) -> Any:
    """Fewer digits: no distance or correlation is known better."""
    if isinstance(value, tuple):
        return tuple(_short(item) for item in value)
    return round(value, _EVIDENCE_DIGITS) if isinstance(value, float) else value
