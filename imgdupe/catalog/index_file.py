# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The neighbour index on disk: opaque bytes under a stamp that says what they belong to.

Any thread. A damaged index can crash the process that loads it, so bytes are given out only if the
stamp fits the library and the checksum fits the bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import xxhash

from imgdupe.catalog.files import write_atomically

_MAGIC = b"imgdupe index 1\n"
_DIGEST_BYTES = 16
_LENGTH_BYTES = 4
_MOST_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index belongs to. `library`: hex of the catalog's stamp, whose ids are its labels."""

    model_id: str
    dim: int
    count: int
    library: str


def write(data: Path, stamp: Stamp, payload: bytes) -> None:
    """Replace the model's index file, durably; UserError if the disk does not let us."""
    head = json.dumps(asdict(stamp)).encode()
    start = _MAGIC + len(head).to_bytes(_LENGTH_BYTES, "little") + head
    write_atomically(_file(data, stamp.model_id), [start, _digest(start, payload), payload])


def read(data: Path, model_id: str) -> tuple[Stamp, bytes] | None:
    """The stamp and the payload, or None if there is any doubt."""
    try:
        whole = _file(data, model_id).read_bytes()
    except OSError:
        return None  # a cache that cannot be read is as good as none
    head_at = len(_MAGIC) + _LENGTH_BYTES
    length = int.from_bytes(whole[len(_MAGIC) : head_at], "little")
    payload_at = head_at + length + _DIGEST_BYTES
    if not whole.startswith(_MAGIC) or length > _MOST_HEAD_BYTES or len(whole) < payload_at:
        return None
    start, payload = whole[: head_at + length], whole[payload_at:]
    if _digest(start, payload) != whole[head_at + length : payload_at]:
        return None
    return Stamp(**json.loads(start[head_at:])), payload


def _file(data: Path, model_id: str) -> Path:
    return data / f"index-{re.sub(r'[^0-9A-Za-z._-]', '_', model_id)}.hnsw"


def _digest(start: bytes, payload: bytes) -> bytes:
    digest = xxhash.xxh3_128(start)
    digest.update(payload)
    return digest.digest()
