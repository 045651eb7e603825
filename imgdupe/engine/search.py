# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Finds the photos of the library that are most like a picture. Reads only; any one thread.

The query is decoded in a child process like every other file. Scores are cosines of the embedding
(without a model: 1 - pHash distance / 64); the best hits are compared pixel by pixel as well.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdupe.catalog.catalog import Catalog
from imgdupe.control import RunControl
from imgdupe.engine.comparing import Task, compare_thumbnails
from imgdupe.engine.neighbours import LibraryIndex
from imgdupe.engine.workers import DecodePool
from imgdupe.errors import SearchQueryError
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.match.candidates import PHASH_BITS, Candidate, least_cosine
from imgdupe.match.kinds import decide, needs_verification
from imgdupe.records import (
    FeatureTable,
    Fingerprint,
    FoundFile,
    Hit,
    Kind,
    PhotoRecord,
    Problem,
    Subject,
)

_COMPARED = 12
_QUERY_ID = 0  # content ids start at 1


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`exact`: the photos that are byte for byte the query. Hits: best first, one per photo."""

    query: bytes
    exact: tuple[PhotoRecord, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    """One content with its similarity to the query."""

    content_id: int
    score: float
    phash_distance: int
    phash256_distance: int
    turn: int
    cosine: float | None
    is_near: bool
    """Near enough that a scan would compare the pixels too."""


class Search:
    """Keeps one child process and the library's columns ready between queries."""

    def __init__(
        self,
        catalog: Catalog,
        embedder: Callable[[], Embedder | None],
        index: Callable[[], LibraryIndex | None],
    ) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._index = index
        self._lock = threading.Lock()
        self._pool: DecodePool | None = None
        self._table: tuple[object, FeatureTable] | None = None

    def find(self, path: bytes, top: int, min_score: float) -> SearchResult:
        """The `top` most similar photos with score >= min_score; SearchQueryError if unreadable."""
        with self._lock:
            query = self._fingerprint(path)
            exact = tuple(self._catalog.photos_with_content(query.hashes.content))
            return SearchResult(path, exact, self._like(query, top, min_score))

    def like(self, query: Fingerprint, top: int) -> tuple[Hit, ...]:
        """The `top` photos most like a picture that is fingerprinted already."""
        with self._lock:
            return self._like(query, top)

    def warm_up(self) -> None:
        """Start the child and load the columns, so that the first query is as fast as the next."""
        with self._lock:
            self._start_pool()
            self._columns()

    def close(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    def _like(self, query: Fingerprint, top: int, min_score: float = -1.0) -> tuple[Hit, ...]:
        scored = [s for s in self._score(query, top) if s.score >= min_score]
        return self._hits(query, scored)[:top]

    def _start_pool(self) -> DecodePool:
        if self._pool is None:
            self._pool = DecodePool(1)
            self._pool.start()
        return self._pool

    def _fingerprint(self, path: bytes) -> Fingerprint:
        try:
            stat = os.stat(path)
        except OSError as error:
            raise SearchQueryError(f"{os.fsdecode(path)}: {error.strerror}") from error
        file = FoundFile(path, stat.st_size, stat.st_mtime_ns, stat.st_dev, stat.st_ino)
        ((_, result),) = self._start_pool().fingerprint([file], RunControl())
        if isinstance(result, Problem):
            raise SearchQueryError(f"{os.fsdecode(path)}: {result.detail}")
        return result

    def _columns(self) -> FeatureTable:
        embedder = self._embedder()
        model_id = embedder.model_id if embedder else None
        stamp = (self._catalog.generation, model_id)
        if self._table is None or self._table[0] != stamp:
            self._table = (stamp, self._catalog.features(model_id))
        return self._table[1]

    def _score(self, query: Fingerprint, top: int) -> list[_Scored]:
        """The best `top` contents, best first."""
        table = self._columns()
        if not len(table.ids):
            return []
        turned = np.array(query.hashes.phash_turns, dtype=np.uint64)
        distances = np.bitwise_count(table.phash_turns[:, :1] ^ turned[None, :])
        turns = distances.argmin(axis=1)
        nearest = distances[np.arange(len(turns)), turns]
        cosines, least = self._cosines(query, table, top) or (None, 1.0)
        scores = 1.0 - nearest / 64.0 if cosines is None else cosines
        best = np.argsort(-scores, kind="stable")[:top]
        phash256 = np.frombuffer(query.hashes.phash256, dtype=np.uint8)
        far = np.bitwise_count(table.phash256[best] ^ phash256[None, :]).sum(axis=1)
        return [
            _Scored(
                content_id=int(table.ids[row]),
                score=float(scores[row]),
                phash_distance=int(nearest[row]),
                phash256_distance=int(far[place]),
                turn=int(turns[row]),
                cosine=None if cosines is None else float(cosines[row]),
                is_near=bool(
                    nearest[row] <= PHASH_BITS or (cosines is not None and cosines[row] >= least)
                ),
            )
            for place, row in enumerate(best)
        ]

    def _cosines(
        self, query: Fingerprint, table: FeatureTable, top: int
    ) -> tuple[NDArray[np.float32], float] | None:
        """(the cosine to every content, -1 where the index gave none; from where on it is near).

        None without a model.
        """
        embedder, index = self._embedder(), self._index()
        if embedder is None or index is None or table.vectors is None:
            return None
        vector = embedder.embed(query.pixels[None])
        ids, found = index.catch_up(table).query(vector, top)
        cosines = np.full(len(table.ids), -1.0, dtype=np.float32)
        rows = np.searchsorted(table.ids, ids[0])  # both the index and the table go by content id
        rows = np.minimum(rows, len(table.ids) - 1)
        known = table.ids[rows] == ids[0]
        cosines[rows[known]] = found[0][known]
        return cosines, float(least_cosine(vector)[0])

    def _hits(self, query: Fingerprint, scored: list[_Scored]) -> tuple[Hit, ...]:
        content_ids = [s.content_id for s in scored]
        subjects = self._catalog.subjects(content_ids)
        photos: dict[int, list[PhotoRecord]] = {}
        for photo in self._catalog.photos(content_ids):
            photos.setdefault(photo.content_id, []).append(photo)
        asked = Subject(_QUERY_ID, query.hashes, query.metadata, damaged=query.damaged)
        hits: list[Hit] = []
        for place, candidate in enumerate(scored):
            shown = query.thumbnail if place < _COMPARED and candidate.is_near else None
            kind, probability = self._kind(asked, subjects[candidate.content_id], candidate, shown)
            hits += [
                Hit(photo, candidate.score, kind, probability)
                for photo in photos.get(candidate.content_id, [])
            ]
        return tuple(hits)

    def _kind(
        self, asked: Subject, other: Subject, scored: _Scored, shown: bytes | None
    ) -> tuple[Kind, float]:
        if asked.hashes.content == other.hashes.content:
            return Kind.IDENTICAL, 1.0
        pair = Candidate(
            a=asked.id,
            b=other.id,
            phash_distance=scored.phash_distance,
            turn=scored.turn,
            phash256_distance=scored.phash256_distance,
            cosine=scored.cosine,
            same_moment=False,
            same_scan=asked.hashes.scan is not None and asked.hashes.scan == other.hashes.scan,
            same_pixels=False,
        )
        alignment = None
        if shown is not None and needs_verification(asked, other, pair):
            thumbnail = self._catalog.thumbnail(other.id)
            if thumbnail is not None:
                alignment = compare_thumbnails(Task(shown, thumbnail, pair.turn))
        relation = decide(asked, other, pair, alignment)
        return relation.kind, relation.probability
