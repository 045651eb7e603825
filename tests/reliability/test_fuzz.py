# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Bytes of strangers, made worse: only errors of our own come out, and a mistake of ours is loud.

Seeds are the corpus of odd pictures where it is there, and made pictures. The decoding runs in the
child pool, as in a scan; any mistake there is logged, and any log fails a test.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imgdupe.catalog import index_file
from imgdupe.catalog.index_file import Stamp
from imgdupe.engine.workers import DecodePool
from imgdupe.gui.drops import parse_uris
from imgdupe.library.packets import embedded, with_packet
from imgdupe.library.xmp import Xmp, parse
from imgdupe.library.xmp_edit import EMPTY, edited
from imgdupe.records import Fingerprint, Kind, Problem
from imgdupe.removal.entries import DamagedEntry, Entry, EntryFile, Identity, State, dump, load
from tests.helpers import children
from tests.helpers.photos import make_photo, save
from tests.reliability.scenes import memory

LARGEST_BYTES = 100_000
FACTS = Xmp(rating=3, keywords=("a", "b"), title="T", gps=(1.5, -2.5))


def full(quick: int, campaign: int) -> list[object]:
    return [quick, pytest.param(campaign, marks=pytest.mark.campaign)]


def worse(body: bytes, other: bytes, dice: random.Random) -> bytes:
    """Flip, cut, splice, repeat, or overwrite with what parsers stumble over."""
    data = bytearray(body or b"\0")
    for _ in range(dice.randrange(1, 5)):
        at = dice.randrange(len(data)) if data else 0
        kind = dice.randrange(6)
        if kind == 0 and data:
            data[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del data[at:]
        elif kind == 2:
            data[at:at] = other[dice.randrange(len(other) + 1) :][: dice.randrange(2_000)]
        elif kind == 3:
            length = dice.randrange(1, 64)
            data[at : at + length] = data[at : at + length] * dice.randrange(2, 9)
        elif kind == 4:
            data[at : at + 4] = dice.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"])
        else:
            data[at : at + 8] = dice.randbytes(8)
    return bytes(data)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    """(suffix, bytes) of made pictures in every format that Pillow writes."""
    folder = tmp_path_factory.mktemp("seeds")
    picture = make_photo(1, (96, 64))
    names = ["a.jpg", "a.png", "a.webp", "a.tif", "a.bmp", "a.gif", "a.avif", "a.jp2"]
    made = [save(picture, folder / name, camera="Made") for name in names[:4]]
    for name in names[4:]:
        picture.save(folder / name)
        made.append(folder / name)
    return [(path.suffix, path.read_bytes()) for path in made]


def of_corpus(shared: Path) -> Iterator[tuple[str, bytes]]:
    corpus = shared / "corpora" / "odd-images"
    for path in sorted(corpus.rglob("*")):
        small = path.is_file() and path.stat().st_size <= LARGEST_BYTES
        if small and path.suffix not in (".md", ".tsv", ".txt", ""):
            yield path.suffix, path.read_bytes()


def decode_worse(sources: list[tuple[str, bytes]], count: int, seed: int) -> None:
    """Every file has a result or a reason, and no mistake is logged."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(dir=memory()) as folder, DecodePool(1) as pool:
        for start in range(0, count, 200):
            files = []
            for number in range(start, min(start + 200, count)):
                suffix, body = dice.choice(sources)
                path = Path(folder) / f"{number}{suffix}"
                path.write_bytes(worse(body, dice.choice(sources)[1], dice))
                files.append(children.found(str(path).encode()))
            results = dict(pool.fingerprint(files))
            assert set(results) == set(files)
            assert all(isinstance(each, Fingerprint | Problem) for each in results.values())
            for path in Path(folder).iterdir():
                path.unlink()


@pytest.mark.parametrize("count", full(60, 6_000))
def test_made_pictures_made_worse(
    seeds: list[tuple[str, bytes]], points: Callable[[int], None], count: int
) -> None:
    decode_worse(seeds, count, seed=1)
    points(count)


@pytest.mark.parametrize("count", full(40, 6_000))
def test_odd_pictures_made_worse(shared: Path, points: Callable[[int], None], count: int) -> None:
    decode_worse(list(of_corpus(shared)), count, seed=2)
    points(count)


@pytest.mark.parametrize("count", full(400, 40_000))
def test_metadata_is_written_into_nothing_that_it_would_break(
    seeds: list[tuple[str, bytes]], points: Callable[[int], None], count: int
) -> None:
    """A JPEG of any kind: refused, or the same but for its XMP, with all the facts in it."""
    dice = random.Random(3)
    whole = with_packet(seeds[0][1], edited(EMPTY, Xmp(rating=1))) or b""
    for _ in range(count):
        data = worse(whole, seeds[1][1], dice) if dice.random() < 0.9 else whole
        try:
            packet = edited(embedded(data) or EMPTY, FACTS)
        except ValueError:
            continue
        made = with_packet(data, packet)
        if made is None:
            continue
        assert parse(embedded(made) or b"").keywords == FACTS.keywords
        again = with_packet(made, packet)
        assert again is not None
        assert _without(again, packet) == _without(made, packet)
    points(count)


def _without(data: bytes, packet: bytes) -> bytes:
    """The file without the packet, its length and the byte that makes sizes differ."""
    at = data.index(packet)
    rest = data[at + len(packet) :]
    return data[: at - 31] + rest.removeprefix(b"\n")


@pytest.mark.parametrize("count", full(400, 40_000))
def test_packets_made_worse(points: Callable[[int], None], count: int) -> None:
    dice = random.Random(4)
    whole = edited(EMPTY, FACTS)
    for _ in range(count):
        packet = worse(whole, EMPTY, dice)
        said = parse(packet)
        assert said.rating is None or -1 <= said.rating <= 5
        try:
            assert parse(edited(packet, FACTS)).rating == 3
        except ValueError:
            continue
    points(count)


def entry() -> Entry:
    identity = Identity(1, 2, 3, 4)
    file = EntryFile(b"/a/caf\xe9.jpg", identity, bytes(16), b"/t/files/a", b"/t/info/a", None)
    return Entry(
        seq=1,
        batch="20240501-0001",
        at="2024-05-01T10:00:00+02:00",
        state=State.TRASHED,
        reason="",
        kind=Kind.IDENTICAL,
        probability=1.0,
        keeper=b"/k.jpg",
        keeper_identity=identity,
        keeper_content=bytes(16),
        files=(file,),
        version="1",
    )


@pytest.mark.parametrize("count", full(1_000, 100_000))
def test_lines_of_the_journal_made_worse(points: Callable[[int], None], count: int) -> None:
    """What is read back is what was written, or it is called damaged."""
    dice = random.Random(5)
    whole = dump(entry())
    for _ in range(count):
        line = worse(whole, whole, dice)
        try:
            assert load(line) == entry()
        except DamagedEntry:
            continue
    points(count)


@pytest.mark.parametrize("count", full(200, 5_000))
def test_index_files_made_worse(tmp_path: Path, points: Callable[[int], None], count: int) -> None:
    dice = random.Random(6)
    stamp, payload = Stamp("m", 8, 3, "ab" * 16), random.Random(7).randbytes(3_000)
    index_file.write(tmp_path, stamp, payload)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for _ in range(count):
        file.write_bytes(worse(whole, payload, dice))
        assert index_file.read(tmp_path, "m") in (None, (stamp, payload))
    points(count)


@pytest.mark.parametrize("count", full(1_000, 100_000))
def test_drops_made_worse(points: Callable[[int], None], count: int) -> None:
    """Whatever is dropped: absolute paths of this computer, or nothing."""
    dice = random.Random(8)
    whole = b"file:///a%20b/caf%E9.jpg\r\n# said\r\nfile://localhost/x.jpg\r\nhttp://a/b\r\n/plain"
    for _ in range(count):
        for path in parse_uris(worse(whole, b"file://%00/../%2e%2e/", dice)):
            assert path.startswith(b"/")
            assert b"\0" not in path
    points(count)
