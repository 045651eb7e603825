# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""CPU time of each step of the way of a photograph, on one core: `stages FOLDER` prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from imgdupe.engine.worker import fingerprint
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.fingerprint.hashes import file_hash
from imgdupe.fingerprint.models import load_card
from imgdupe.library.decode import decode
from imgdupe.library.thumbnails import thumbnail_pixels
from imgdupe.match.verify import Prepared, compare, prepare
from imgdupe.records import INPUT_PX

_BATCH = 16
_T = TypeVar("_T")


def main() -> None:
    """Milliseconds of CPU per photo: bytes hash, decode, all of a child's work, network.

    And per pair: a thumbnail made ready, compared with a stranger and with a cropped copy.
    """
    paths = [os.fsencode(path) for path in sorted(Path(sys.argv[1]).rglob("*.*"))]
    steps: dict[str, Callable[[bytes], object]] = {
        "bytes hash": file_hash,
        "decode": decode,
        "all in the child": fingerprint,
    }
    spent = {name: _cpu_ms(step, paths) for name, step in steps.items()}
    embedder = Embedder(load_card())
    shape = (_BATCH, INPUT_PX, INPUT_PX, 3)
    pictures = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    embedder.embed(pictures)
    spent["network"] = _cpu_ms(embedder.embed, [pictures] * 4) / _BATCH
    spent |= _comparison([decode(path).thumbnail for path in paths])
    print(json.dumps(spent))


def _comparison(thumbnails: Sequence[bytes]) -> dict[str, float]:
    pictures = [thumbnail_pixels(thumbnail) for thumbnail in thumbnails]
    ready = [prepare(picture) for picture in pictures]
    crops = [prepare(picture[len(picture) // 8 :, 20:]) for picture in pictures]
    strangers = list(zip(ready, ready[1:] + ready[:1], strict=True))
    return {
        "make a thumbnail ready": _cpu_ms(prepare, pictures),
        "compare strangers": _cpu_ms(_compare, strangers),
        "compare copies": _cpu_ms(_compare, list(zip(ready, crops, strict=True))),
    }


def _compare(pair: tuple[Prepared, Prepared]) -> object:
    return compare(*pair, turn=0)


def _cpu_ms(step: Callable[[_T], object], things: Sequence[_T]) -> float:
    started = time.process_time()
    for thing in things:
        step(thing)
    return 1000 * (time.process_time() - started) / len(things)


if __name__ == "__main__":
    main()
