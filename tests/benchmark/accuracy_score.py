# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Holds the groups of a run against the truth of an edit library."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations, product
from pathlib import Path
from typing import Any

from tests.benchmark.accuracy_peers import Pairs
from tests.benchmark.edit_library import EditLibrary

COPY_KINDS = frozenset({"identical", "same_pixels", "resized", "edited"})
Group = Mapping[str, Any]


def scores(library: EditLibrary, groups: Iterable[Group]) -> dict[str, Any]:
    """All figures of one run; `groups` as `imgdupe groups --json` prints them."""
    groups = list(groups)
    copies = [group for group in groups if group["kind"] in COPY_KINDS]
    found = _clusters(copies)
    truth = _truth(library)
    paths = sorted(set(truth) | set(found))
    return {
        "photos": _count(library),
        "groups": dict(Counter(group["kind"] for group in groups)),
        "edits": _edits(library, found),
        "kinds": _kinds(library, copies),
        "pairs": _pairs(truth, found),
        "b3": _b_cubed(paths, truth, found),
        "bursts": _bursts(library, copies, groups),
        "flat_groups": _touching(groups, library.flats),
        "text_groups": _touching(groups, library.texts),
        "preselected": _preselected(truth, groups),
        "false_groups": _false_groups(truth, copies),
    }


def pair_scores(library: EditLibrary, pairs: Pairs) -> dict[str, Any]:
    """What a program's pairs of duplicates are worth: recall by edit, and the wrong ones by source.

    A copy counts as found where it is paired with its original.
    """
    truth = _truth(library)
    sources = {str(path): "flat" for path in library.flats}
    sources |= {str(path): "text" for path in library.texts}
    sources |= {str(path): "frames" for frames in library.bursts for path in frames}
    burst_of = {str(path): n for n, frames in enumerate(library.bursts) for path in frames}
    wrong: Counter[str] = Counter({"frames": 0, "flat": 0, "text": 0, "unrelated": 0})
    for a, b in (sorted(pair) for pair in pairs):
        if truth.get(a, a) != truth.get(b, b):
            same_burst = a in burst_of and burst_of[a] == burst_of.get(b)
            kind = sources.get(a) if sources.get(a) == sources.get(b) else None
            wrong[
                "unrelated" if kind is None or (kind == "frames" and not same_burst) else kind
            ] += 1
    made, found = Counter[str](), Counter[str]()
    for copy in library.copies:
        made[copy.edit] += 1
        found[copy.edit] += frozenset((str(copy.original), str(copy.path))) in pairs
    return {
        "recall": {edit: round(found[edit] / made[edit], 4) for edit in made},
        "precision": round(1 - sum(wrong.values()) / max(len(pairs), 1), 5),
        "wrong": dict(wrong),
    }


def _count(library: EditLibrary) -> int:
    bursts = sum(map(len, library.bursts))
    alone = len(library.lonely) + len(library.flats) + len(library.texts)
    return bursts + alone + len(library.copies) + len(library.originals)


def _clusters(groups: Iterable[Group]) -> dict[str, int]:
    """The number of the group of copies by path."""
    return {
        member["path"]: number for number, group in enumerate(groups) for member in group["members"]
    }


def _truth(library: EditLibrary) -> dict[str, str]:
    """What each photo shows; photos with copies share it, every other one is alone."""
    truth = {str(copy.path): str(copy.original) for copy in library.copies}
    truth |= {str(path): str(path) for path in library.originals}
    others = [library.lonely, library.flats, library.texts, *library.bursts]
    return truth | {str(path): str(path) for paths in others for path in paths}


def _edits(library: EditLibrary, found: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """By edit: how many copies, and the share that is in the group of its original."""
    made: Counter[str] = Counter()
    joined: Counter[str] = Counter()
    strength = {}
    for copy in library.copies:
        made[copy.edit] += 1
        strength[copy.edit] = copy.strength
        group = found.get(str(copy.path))
        joined[copy.edit] += group is not None and group == found.get(str(copy.original))
    return {
        edit: {
            "strength": strength[edit],
            "copies": made[edit],
            "recall": round(joined[edit] / made[edit], 4),
        }
        for edit in made
    }


def _kinds(library: EditLibrary, groups: Iterable[Group]) -> dict[str, dict[str, int]]:
    """expected kind -> said kind -> how often, for pairs of original and copy; "-": not said."""
    said: dict[frozenset[str], str] = {}
    for group in groups:
        said |= _said(group)
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for copy in library.copies:
        pair = frozenset((str(copy.original), str(copy.path)))
        table[copy.kind][said.get(pair, "-")] += 1
    return {kind: dict(counts) for kind, counts in table.items()}


def _said(group: Group) -> dict[frozenset[str], str]:
    """The kind of each pair of files; an edge speaks for all files with the bytes of its ends."""
    twins: dict[str, list[str]] = {}
    by_bytes: dict[bytes, list[str]] = defaultdict(list)
    for member in group["members"]:
        same = by_bytes[Path(member["path"]).read_bytes()]
        same.append(member["path"])
        twins[member["path"]] = same
    said = {
        frozenset(pair): "identical" for same in by_bytes.values() for pair in combinations(same, 2)
    }
    for edge in group["edges"]:
        for a, b in product(twins[edge["a"]], twins[edge["b"]]):
            said[frozenset((a, b))] = edge["kind"]
    return said


def _pairs(truth: Mapping[str, str], found: Mapping[str, int]) -> dict[str, float]:
    """Precision, recall and F1 over all pairs of photos in one group."""
    true, said = _sizes(truth.values()), _sizes(found.values())
    both = _sizes((truth.get(path, path), group) for path, group in found.items())
    right = sum(n * (n - 1) // 2 for n in both.values())
    claimed = sum(n * (n - 1) // 2 for n in said.values())
    there = sum(n * (n - 1) // 2 for n in true.values())
    return _f1(right / claimed if claimed else 1.0, right / there if there else 1.0)


def _b_cubed(
    paths: Iterable[str], truth: Mapping[str, str], found: Mapping[str, int]
) -> dict[str, float]:
    """B³ over the photos that have copies or were put into a group."""
    true, said = defaultdict(set), defaultdict(set)
    for path in paths:
        true[truth.get(path, path)].add(path)
        said[found.get(path, path)].add(path)
    items = [
        (true[truth.get(path, path)], said[found.get(path, path)])
        for path in paths
        if len(true[truth.get(path, path)]) > 1 or path in found
    ]
    if not items:
        return _f1(1.0, 1.0)
    precision = sum(len(a & b) / len(b) for a, b in items) / len(items)
    recall = sum(len(a & b) / len(a) for a, b in items) / len(items)
    return _f1(precision, recall)


def _bursts(
    library: EditLibrary, copies: Iterable[Group], groups: Iterable[Group]
) -> dict[str, Any]:
    """How many pairs of frames were called copies, and how many share any group."""
    called, together = _clusters(copies), defaultdict(set)
    for number, group in enumerate(groups):
        for member in group["members"]:
            together[member["path"]].add(number)
    result: dict[str, Counter[str]] = defaultdict(Counter)
    for frames in library.bursts:
        source = "made" if "bursts" in frames[0].parts else "real"
        for a, b in combinations(map(str, frames), 2):
            result[source]["pairs"] += 1
            result[source]["called_copies"] += a in called and called[a] == called.get(b)
            result[source]["together"] += bool(together[a] & together[b])
    return {source: dict(counts) for source, counts in result.items()}


def _touching(groups: Iterable[Group], paths: Iterable[Path]) -> int:
    wanted = {str(path) for path in paths}
    return sum(any(m["path"] in wanted for m in group["members"]) for group in groups)


def _preselected(truth: Mapping[str, str], groups: Iterable[Group]) -> dict[str, int]:
    """Photos that go at one stroke, and those of them that are no copy of their keeper."""
    chosen = wrong = 0
    for group in groups:
        keeper = group["members"][0]["path"]
        for member in group["members"][1:]:
            if member["preselected"]:
                chosen += 1
                wrong += truth.get(member["path"]) != truth.get(keeper)
    return {"photos": chosen, "wrong": wrong}


def _false_groups(truth: Mapping[str, str], copies: Iterable[Group]) -> list[list[str]]:
    """Groups of copies that hold strangers; one path for each picture in them."""
    mixed = []
    for group in copies:
        shown = {truth.get(m["path"], m["path"]): m["path"] for m in group["members"]}
        if len(shown) > 1:
            mixed.append(sorted(shown.values()))
    return mixed


def _sizes(labels: Iterable[Any]) -> Counter[Any]:
    return Counter(labels)


def _f1(precision: float, recall: float) -> dict[str, float]:
    total = precision + recall
    f1 = 2 * precision * recall / total if total else 0.0
    return {"precision": round(precision, 5), "recall": round(recall, 5), "f1": round(f1, 5)}
