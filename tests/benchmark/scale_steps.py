# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One step of `scale` in a process of its own, so that its memory can be told: prints JSON."""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np

from imgdupe.control import RunControl
from imgdupe.engine.relate import Relater
from imgdupe.engine.session import Session
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.fingerprint.models import load_card
from imgdupe.match import candidates
from imgdupe.match.kinds import ALGORITHM
from imgdupe.records import Evidence, Kind, Relation
from tests.benchmark.scale_library import Seeds, copies, fill, seeds_from

_MOST_SEEDS = 1100


def seeds(work: str, photos: str) -> dict[str, float]:
    """Fingerprint the real photos that all made ones come from."""
    embedder = Embedder(load_card())
    made = seeds_from(Path(photos) if photos else None, Path(work), embedder, _MOST_SEEDS)
    (Path(work) / "seeds.pickle").write_bytes(pickle.dumps(made))
    return {"seeds": len(made.fingerprints)}


def known(work: str, data: str, size: str) -> dict[str, float]:
    """A library of `size` contents in which all relations are known already."""
    with Session.open(Path(data)) as session:
        catalog, model_id = session._catalog, session.model_id() or ""
        started = time.perf_counter()
        fill(catalog, _seeds(work), model_id, 0, int(size))
        saved = time.perf_counter()
        ids = {photo.hashes.content: photo.content_id for photo in catalog.photos()}
        catalog.save_relations([_copy(ids, *pair) for pair in copies(int(size))], ALGORITHM)
        catalog.mark_matched(list(ids.values()), ALGORITHM)
        before = time.perf_counter()
        session.rebuild_index()
        indexed = time.perf_counter()
    catalog_bytes = (Path(data) / "catalog.db").stat().st_size
    return {
        "save_s": saved - started,
        "index_s": indexed - before,
        "catalog_bytes_per_photo": catalog_bytes / int(size),
    }


def relate(work: str, data: str, start: str, stop: str, workers: str) -> dict[str, float]:
    """Add contents and relate them to all others, and to each other."""
    with Session.open(Path(data)) as session:
        catalog, model_id = session._catalog, session.model_id()
        fill(catalog, _seeds(work), model_id or "", int(start), int(stop))
        table = catalog.features(model_id)
        new = np.isin(table.ids, catalog.unmatched(ALGORITHM))
        index = None if session._index is None else session._index.catch_up(table)
        before = time.perf_counter()
        pairs = candidates.find(table, new, index)
        proposed = time.perf_counter()
        relater = Relater(catalog, session._index, model_id, int(workers))
        relater.relate(RunControl())
        done = time.perf_counter()
    return {"pairs": len(pairs), "candidates_s": proposed - before, "relate_s": done - proposed}


def groups(data: str) -> dict[str, float]:
    """Open the library and derive the groups."""
    started = time.perf_counter()
    with Session.open(Path(data)) as session:
        opened = time.perf_counter()
        found = session.groups()
        done = time.perf_counter()
    return {"open_s": opened - started, "groups": len(found), "groups_s": done - opened}


def _seeds(work: str) -> Seeds:
    return cast("Seeds", pickle.loads((Path(work) / "seeds.pickle").read_bytes()))


def _copy(ids: dict[bytes, int], a: bytes, b: bytes) -> Relation:
    first, second = sorted((ids[a], ids[b]))
    evidence = Evidence(phash_distance=5, cosine=0.98, ncc=0.99, overlap=1.0, notes=("smaller",))
    return Relation(first, second, Kind.RESIZED, 0.98, evidence)


_STEPS: dict[str, Callable[..., dict[str, float]]] = {
    each.__name__: each for each in (seeds, known, relate, groups)
}

if __name__ == "__main__":
    print(json.dumps(_STEPS[sys.argv[1]](*sys.argv[2:])))
