# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Finds and stores the relations of contents that are new, so that nothing is computed twice.

candidates -> pixel hashes where they decide -> aligned comparison -> kind -> catalog. Runs in the
thread that saves. Only pairs with an unmatched end are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from imgdupe.catalog.catalog import Catalog
from imgdupe.control import RunControl
from imgdupe.engine.comparing import Comparer, Task
from imgdupe.engine.neighbours import LibraryIndex
from imgdupe.engine.workers import DecodePool
from imgdupe.match import candidates as candidate_search
from imgdupe.match.candidates import Candidate
from imgdupe.match.kinds import ALGORITHM, decide, needs_verification
from imgdupe.records import FeatureTable, Kind, PhotoRecord, Problem, Relation, Subject

_FIRST_ROUND = 128
_ROUND_SHARE = 0.25
_CHUNK = 256


class Relater:
    """Relates the catalog's unmatched contents. One thread at a time."""

    def __init__(
        self, catalog: Catalog, index: LibraryIndex | None, model_id: str | None, workers: int
    ) -> None:
        self._catalog = catalog
        self._index = index
        self._model_id = model_id
        self._workers = workers
        self._waiting = 0
        self._related = 0

    def is_due(self, saved: int) -> bool:
        """Count newly saved photos; True when a round is worth its fixed cost.

        Rounds grow with the library, so that all rounds together cost a few times the last one.
        """
        self._waiting += saved
        return self._waiting >= max(_FIRST_ROUND, _ROUND_SHARE * self._related)

    def relate(self, control: RunControl) -> None:
        """Decide every pair with an unmatched end and store what was found.

        Cancelling keeps what is stored; the rest is taken up by the next call.
        """
        self._related += self._waiting
        self._waiting = 0
        unmatched = self._catalog.unmatched(ALGORITHM)
        if not unmatched:
            return
        table = self._catalog.features(self._model_id)
        found = self._candidates(table, unmatched)
        self._hash_pixels(candidate_search.wants_pixels(found), control)
        known = self._catalog.related_pairs(unmatched, ALGORITHM)
        pairs = [p for p in self._one_per_pixels(found) if (p.a, p.b) not in known]
        with Comparer(self._workers) as comparer:
            for start in range(0, len(pairs), _CHUNK):
                control.checkpoint()
                relations = self._decide(pairs[start : start + _CHUNK], comparer, control)
                self._catalog.save_relations(relations, ALGORITHM)
        self._catalog.mark_matched(unmatched, ALGORITHM)

    def save_index(self) -> None:
        if self._index is not None:
            self._index.save()

    def _candidates(self, table: FeatureTable, unmatched: Sequence[int]) -> list[Candidate]:
        index = None
        if self._index is not None and table.vectors is not None:
            index = self._index.catch_up(table)
        return candidate_search.find(table, np.isin(table.ids, unmatched), index)

    def _hash_pixels(self, content_ids: Iterable[int], control: RunControl) -> None:
        """Decode those contents completely, once: equal pixels are known, not guessed."""
        photos = {photo.content_id: photo for photo in self._catalog.photos(sorted(content_ids))}
        sizes = Counter(_size(photo) for photo in photos.values())
        files = {
            content_id: photo.file
            for content_id, photo in photos.items()
            if photo.pixel_hash is None and not photo.offline and sizes[_size(photo)] > 1
        }
        if not files:
            return
        content_of = {file.path: content_id for content_id, file in files.items()}
        with DecodePool(self._workers) as pool:
            hashes = {
                content_of[file.path]: result
                for file, result in pool.pixel_hash(files.values(), control)
                if not isinstance(result, Problem)
            }
        self._catalog.set_pixel_hashes(hashes)

    def _one_per_pixels(self, pairs: Sequence[Candidate]) -> list[Candidate]:
        """Contents with equal pixels are compared with others through one that stands for them.

        That is the one that says most about its capture; groups contract equal pixels anyway.
        """
        subjects = self._catalog.subjects({key for pair in pairs for key in (pair.a, pair.b)})
        stand_in: dict[bytes, int] = {}
        for subject in sorted(subjects.values(), key=_least_told):
            stand_in.setdefault(_pixels(subject), subject.id)
        chosen: dict[tuple[int, int], Candidate] = {}
        for pair in pairs:
            pixels_a, pixels_b = _pixels(subjects[pair.a]), _pixels(subjects[pair.b])
            if pixels_a == pixels_b:
                standing = pair
            else:
                standing = _between(pair, stand_in[pixels_a], stand_in[pixels_b])
            chosen.setdefault((standing.a, standing.b), standing)
        return list(chosen.values())

    def _decide(
        self, pairs: Sequence[Candidate], comparer: Comparer, control: RunControl
    ) -> list[Relation]:
        """The relations worth storing: all that belong together, and what the pixels told apart."""
        ids = sorted({pair.a for pair in pairs} | {pair.b for pair in pairs})
        subjects = self._catalog.subjects(ids)
        doubtful = [
            pair for pair in pairs if needs_verification(subjects[pair.a], subjects[pair.b], pair)
        ]
        thumbnails = self._thumbnails({key for p in doubtful for key in (p.a, p.b)}, control)
        shown = [pair for pair in doubtful if pair.a in thumbnails and pair.b in thumbnails]
        compared = comparer.compare(
            [Task(thumbnails[pair.a], thumbnails[pair.b], pair.turn) for pair in shown]
        )
        alignments = dict(zip(((pair.a, pair.b) for pair in shown), compared, strict=True))
        relations = []
        for pair in pairs:
            alignment = alignments.get((pair.a, pair.b))
            relation = decide(subjects[pair.a], subjects[pair.b], pair, alignment)
            if relation.kind is not Kind.DIFFERENT or alignment is not None:
                relations.append(relation)
        return relations

    def _thumbnails(self, content_ids: Iterable[int], control: RunControl) -> dict[int, bytes]:
        """The thumbnails by content id; those that cannot be had are left out."""
        keys = sorted(content_ids)
        found = {key: self._catalog.thumbnail(key) for key in keys}
        lost = [key for key in keys if found[key] is None]
        if lost:
            self._remake_thumbnails(lost, control)
            found.update({key: self._catalog.thumbnail(key) for key in lost})
        return {key: thumbnail for key, thumbnail in found.items() if thumbnail is not None}

    def _remake_thumbnails(self, lost: Sequence[int], control: RunControl) -> None:
        """Decode again what the cache has lost: without pixels nothing could be told apart."""
        photos = self._catalog.photos(lost)
        files = {photo.content_id: photo.file for photo in photos if not photo.offline}
        with DecodePool(self._workers) as pool:
            for _, result in pool.fingerprint(files.values(), control):
                if not isinstance(result, Problem):
                    self._catalog.put_thumbnail(result.hashes.content, result.thumbnail)


def _size(photo: PhotoRecord) -> tuple[int, int]:
    """Pictures of another size cannot have equal pixels."""
    return photo.metadata.width, photo.metadata.height


def _pixels(subject: Subject) -> bytes:
    """What two contents share if they show the very same pixels."""
    return subject.pixel_hash or subject.hashes.scan or subject.hashes.content


def _least_told(subject: Subject) -> tuple[bool, bool, int]:
    facts = subject.metadata
    return (facts.taken_at is None, facts.serial is None, subject.id)


def _between(pair: Candidate, a: int, b: int) -> Candidate:
    """The same candidate for contents of the same pixels; a < b may turn it round."""
    if a < b:
        return replace(pair, a=a, b=b)
    # A quarter turn is taken back by the opposite one, a mirroring by itself.
    turn = pair.turn if pair.turn >= 4 else -pair.turn % 4
    return replace(pair, a=b, b=a, turn=turn)
