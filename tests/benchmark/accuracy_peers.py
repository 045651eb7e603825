# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Other programs on the same edit library, each with its own defaults, from the package index.

Each gets an environment of its own and prints the pairs that it calls duplicates. One that cannot
be installed here is reported as such.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

Pairs = set[frozenset[str]]

_GROUPS = """
import itertools, json, sys
from pathlib import Path
folder = sys.argv[1]
files = sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())
groups = []
{body}
pairs = (itertools.combinations(map(str, group), 2) for group in groups)
Path(sys.argv[2]).write_text(json.dumps(sorted(set(itertools.chain(*pairs)))))
"""
_CZKAWKA = """
from czkawka import ImageSimilarity
finder = ImageSimilarity()
finder.set_directories([folder])
finder.set_similarity(5)
groups = [[getattr(image, "path", image) for image in group] for group in finder.find_similar()]
"""
_DIFPY = """
import difPy
built = difPy.build(folder, recursive=True, show_progress=False, processes=1)
found = difPy.search(built, similarity="similar", show_progress=False, processes=1).result
groups = [[first, *(other[0] for other in others)] for first, others in found.items()]
"""
_NEAR = """
import numpy
near = numpy.bitwise_count(words[:, None] ^ words[None]).sum(axis=2) <= {limit}
groups = [[files[a], files[b]] for a, b in zip(*numpy.nonzero(numpy.triu(near, 1)))]
"""
_IMAGEHASH = """
import imagehash, numpy
from PIL import Image
bits = [imagehash.phash(Image.open(file)).hash.ravel() for file in files]
words = numpy.packbits(bits, axis=1).view(numpy.uint64)
""" + _NEAR.format(limit=8)
_PDQ = """
import numpy, pdqhash
from PIL import Image
found = [pdqhash.compute(numpy.asarray(Image.open(file).convert("RGB"))) for file in files]
files = [file for file, (_, quality) in zip(files, found) if quality >= 50]
words = numpy.packbits([b for b, q in found if q >= 50], axis=1).view(numpy.uint64)
""" + _NEAR.format(limit=31)
_IMAGEDEDUP = """
import os
from imagededup.methods import PHash
method = PHash(verbose=False)
hashes = {file: method.encode_image(image_file=file) for file in files}
found = method.find_duplicates(encoding_map=hashes)
groups = [[first, other] for first, others in found.items() for other in others]
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """`needs`: what pip installs; `body`: makes `groups`, lists of paths, of `folder`'s `files`."""

    name: str
    needs: tuple[str, ...]
    body: str


PEERS = {
    peer.name: peer
    for peer in (
        Peer("czkawka", ("czkawka",), _CZKAWKA),
        Peer("difPy", ("difPy",), _DIFPY),
        Peer("imagehash", ("imagehash", "numpy>=2"), _IMAGEHASH),
        Peer("pdq", ("pdqhash", "pillow", "numpy>=2"), _PDQ),
        Peer("imagededup", ("imagededup",), _IMAGEDEDUP),
    )
}


def peer_pairs(peer: Peer, photos: Path, work: Path) -> Pairs | str:
    """The pairs of paths that the peer calls duplicates; a sentence where it cannot be had."""
    home = work / peer.name
    python = home / "bin" / "python"
    out = work / f"{peer.name}.json"
    script = _GROUPS.replace("{body}", peer.body)
    try:
        _run(sys.executable, "-m", "venv", str(home))
        _run(str(python), "-m", "pip", "install", "-q", "--only-binary=:all:", *peer.needs)
        _run(str(python), "-c", script, str(photos), str(out))
    except subprocess.CalledProcessError as error:
        return f"{peer.name} cannot be had here: {error.stderr.strip().splitlines()[-1]}"
    return {frozenset(pair) for pair in json.loads(out.read_text(encoding="utf-8"))}


def pairs_of(groups: Iterable[Iterable[str]]) -> Pairs:
    """All pairs within groups."""
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
