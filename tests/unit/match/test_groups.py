# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgdupe.keeping import KeeperRules
from imgdupe.match.groups import group
from imgdupe.records import (
    Evidence,
    FoundFile,
    Group,
    Hashes,
    Kind,
    Metadata,
    PhotoRecord,
    Relation,
    Shelf,
    Strictness,
)

ALIGNED = Evidence(transform=(1, 0, 0, 0, 1, 0))


def photo(
    number: int,
    content: int | None = None,
    *,
    path: str = "",
    width: int = 600,
    pixel_hash: bytes | None = None,
    damaged: str | None = None,
    offline: bool = False,
    companions: Sequence[str] = (),
    mtime_ns: int = 0,
    **facts: object,
) -> PhotoRecord:
    content = number if content is None else content
    name = path or f"/photos/{number:04d}.jpg"
    digest = (content * 7919 % 65536).to_bytes(16, "big")
    return PhotoRecord(
        id=number,
        content_id=content,
        file=FoundFile(name.encode(), 1000, mtime_ns, 1, number),
        companions=tuple(FoundFile(each.encode(), 10, 0, 1, 900) for each in companions),
        metadata=Metadata(width, 400, "JPEG", **facts),  # type: ignore[arg-type]
        hashes=Hashes(digest, None, 0, (0,) * 8, bytes(32), 100),
        pixel_hash=pixel_hash,
        damaged=damaged,
        offline=offline,
    )


def relation(
    a: int, b: int, kind: Kind = Kind.RESIZED, p: float = 0.999, evidence: Evidence | None = None
) -> Relation:
    return Relation(min(a, b), max(a, b), kind, p, evidence or Evidence())


def grouped(
    photos: Sequence[PhotoRecord],
    relations: Sequence[Relation],
    *,
    strictness: Strictness = Strictness.NORMAL,
    apart: Sequence[tuple[PhotoRecord, PhotoRecord]] = (),
    rules: KeeperRules | None = None,
) -> list[Group]:
    pairs = {tuple(sorted((a.hashes.content, b.hashes.content))) for a, b in apart}
    return group(
        photos,
        relations,
        strictness=strictness,
        not_duplicates=frozenset((a, b) for a, b in pairs),
        rules=rules or KeeperRules(),
    )


def ids(found: Group) -> set[int]:
    return {member.photo.id for member in found.members}


def test_nothing_gives_nothing() -> None:
    assert grouped([], []) == []
    assert grouped([photo(1), photo(2)], []) == []


def test_equal_bytes_need_no_relation() -> None:
    (found,) = grouped([photo(1, 5), photo(2, 5), photo(3)], [])
    assert found.kind is Kind.IDENTICAL
    assert found.probability == 1.0
    assert ids(found) == {1, 2}
    assert [member.preselected for member in found.members] == [False, True]


def test_equal_pixels_join_by_relation_or_hash() -> None:
    by_relation = grouped([photo(1), photo(2)], [relation(1, 2, Kind.SAME_PIXELS, 1.0)])
    by_hash = grouped([photo(1, pixel_hash=b"x" * 16), photo(2, pixel_hash=b"x" * 16)], [])
    assert [each.kind for each in by_relation + by_hash] == [Kind.SAME_PIXELS] * 2
    assert all(each.members[1].preselected for each in by_relation + by_hash)


def test_a_group_shows_its_weakest_member() -> None:
    photos = [photo(1), photo(2, 1), photo(3, width=300), photo(4)]
    relations = [relation(1, 3, Kind.RESIZED, 0.995), relation(1, 4, Kind.EDITED, 0.97)]
    (found,) = grouped(photos, relations)
    assert ids(found) == {1, 2, 3, 4}
    assert found.kind is Kind.EDITED
    assert found.probability == 0.97
    kinds = [member.kind for member in found.members[1:]]
    assert kinds == [Kind.IDENTICAL, Kind.RESIZED, Kind.EDITED]
    assert [m.preselected for m in found.members] == [False, True, True, False]


def test_chains_do_not_join_strangers() -> None:
    photos = [photo(n) for n in range(1, 7)]
    relations = [relation(n, n + 1, Kind.EDITED, 0.95) for n in range(1, 6)]
    assert all(len(each.members) <= 3 for each in grouped(photos, relations))


def test_every_member_knows_the_keeper() -> None:
    photos = [photo(1, width=900), photo(2), photo(3), photo(4)]
    relations = [relation(2, 3), relation(2, 4), relation(3, 4), relation(1, 2)]
    found = grouped(photos, relations)
    known = {(each.a, each.b) for each in relations}
    for each in found:
        keeper = each.members[0].photo.id
        assert all(
            tuple(sorted((keeper, m.photo.id))) in known for m in each.members if not m.keeper
        )


def test_other_captures_share_no_group_of_copies() -> None:
    """Two edits of one photo may differ; two captures that look like a third photo may not."""
    taken = ("2024-05-01T10:00:00.10", "2024-05-01T10:00:00.40")
    frames = [photo(n, camera="M", taken_at=taken[n - 2]) for n in (2, 3)]
    edits = [photo(n, camera="M", taken_at=taken[0]) for n in (2, 3)]
    relations = [
        relation(1, 2),
        relation(1, 3),
        relation(2, 3, Kind.BURST, 0.9, ALIGNED),
    ]
    for pair, size in ((frames, 2), (edits, 3)):
        found = grouped([photo(1, width=900), *pair], relations)
        assert max(len(each.members) for each in found if each.kind is not Kind.BURST) == size


def test_a_border_does_not_make_a_better_original() -> None:
    frame = Evidence(transform=(0.9, 0, 0.05, 0, 0.9, 0.05), notes=("bordered",))
    original, bordered = photo(1, path="/z/long/name.jpg"), photo(2, width=660)
    (found,) = grouped([original, bordered], [relation(1, 2, Kind.EDITED, 0.99, frame)])
    assert found.members[0].photo == original
    (wider,) = grouped([original, bordered], [relation(1, 2, Kind.EDITED, 0.99)])
    assert wider.members[0].photo == bordered


def test_told_apart_by_the_photographer() -> None:
    one, two, three = photo(1), photo(2), photo(3)
    relations = [relation(1, 2), relation(1, 3), relation(2, 3)]
    found = grouped([one, two, three], relations, apart=[(one, two)])
    assert all(not {1, 2} <= ids(each) for each in found)
    same = [photo(4, 9), photo(5, 9)]
    assert grouped(same, [], apart=[(same[0], same[1])]) == []


@pytest.mark.parametrize(
    ("strictness", "probability", "shelf"),
    [
        (Strictness.STRICT, 0.94, Shelf.SIMILAR_SHOTS),
        (Strictness.STRICT, 0.96, Shelf.SAME_PICTURE),
        (Strictness.NORMAL, 0.8, Shelf.SIMILAR_SHOTS),
        (Strictness.NORMAL, 0.9, Shelf.SAME_PICTURE),
        (Strictness.LOOSE, 0.6, Shelf.SAME_PICTURE),
    ],
)
def test_strictness_moves_the_bar_and_what_stays_below_is_alike(
    strictness: Strictness, probability: float, shelf: Shelf
) -> None:
    relations = [relation(1, 2, Kind.EDITED, probability)]
    (found,) = grouped([photo(1), photo(2)], relations, strictness=strictness)
    assert found.shelf is shelf
    assert not any(member.preselected for member in found.members)


@pytest.mark.parametrize("kept_first", [True, False])
def test_a_member_is_described_beside_the_keeper(kept_first: bool) -> None:
    evidence = Evidence(turn=1, transform=(0.5, 0, 0.25, 0, 0.5, 0.1), notes=("darker by 1.0 EV",))
    pair = relation(1, 2, Kind.EDITED, 0.99, evidence)
    big, small = (1, 2) if kept_first else (2, 1)
    photos = [photo(big, width=4000), photo(small, width=2000)]
    (found,) = grouped(photos, [pair])
    said = found.members[1].evidence
    assert found.members[0].photo.content_id == big
    if kept_first:
        assert said == evidence
    else:
        assert (said.turn, said.notes) == (3, ("brighter by 1.0 EV",))
        assert said.transform == pytest.approx((2, 0, -0.5, 0, 2, -0.2))


def test_frames_are_on_their_own_shelf_and_copies_stand_for_each_other() -> None:
    photos = [photo(1), photo(2, 1), photo(3), photo(4)]
    relations = [
        relation(1, 3, Kind.BURST, 0.9),
        relation(3, 4, Kind.BURST, 0.9),
        relation(1, 4, Kind.BURST, 0.9),
    ]
    copies, burst = grouped(photos, relations)
    assert (copies.shelf, burst.shelf) == (Shelf.IDENTICAL, Shelf.SIMILAR_SHOTS)
    assert len(burst.members) == 3
    assert len(ids(burst) & {1, 2}) == 1
    assert not any(member.preselected for member in burst.members)


def test_similar_and_burst_do_not_mix() -> None:
    photos = [photo(n) for n in range(1, 5)]
    relations = [relation(1, 2, Kind.BURST, 0.95), relation(2, 3, Kind.SIMILAR, 0.95)]
    (found,) = grouped(photos, relations)
    assert found.kind is Kind.BURST
    assert ids(found) == {1, 2}


@pytest.mark.parametrize(
    "kept",
    [
        photo(2, 1, companions=["/photos/0002.xmp"]),
        photo(2, 1, path="/safe/2.jpg"),
        photo(2, 1, offline=True),
    ],
)
def test_not_preselected_where_something_would_be_lost(kept: PhotoRecord) -> None:
    keeper = photo(1, path="/first/1.jpg")
    rules = KeeperRules(preferred=(b"/first",), protected=(b"/safe",))
    (found,) = grouped([keeper, kept], [], rules=rules)
    assert found.members[0].photo == keeper
    assert not found.members[1].preselected


@pytest.mark.parametrize(
    "copy",
    [
        photo(2, width=300, rating=4),
        photo(2, width=300, keywords=("tram",)),
        photo(2, width=300, title="Tram"),
    ],
)
def test_a_copy_with_more_to_say_is_not_preselected(copy: PhotoRecord) -> None:
    rules = KeeperRules(preferred=(b"/first",))
    (found,) = grouped([photo(1, path="/first/1.jpg"), copy], [relation(1, 2)], rules=rules)
    assert found.members[0].photo.id == 1
    assert not found.members[1].preselected


def test_unsure_or_damaged_copies_are_not_preselected() -> None:
    for copy, p in ((photo(2, width=300), 0.9), (photo(2, width=300, damaged="cut"), 0.999)):
        (found,) = grouped([photo(1), copy], [relation(1, 2, Kind.RESIZED, p)])
        assert found.members[0].photo.id == 1
        assert not found.members[1].preselected


def test_the_key_depends_on_contents_alone() -> None:
    (before,) = grouped([photo(1, 5), photo(2, 5)], [])
    (after,) = grouped([photo(8, 5, path="/moved/a.jpg"), photo(9, 5)], [])
    (other,) = grouped([photo(1, 6), photo(2, 6)], [])
    assert before.key == after.key != other.key


_KINDS = st.sampled_from([Kind.SAME_PIXELS, Kind.RESIZED, Kind.EDITED, Kind.BURST, Kind.SIMILAR])


@st.composite
def libraries(draw: st.DrawFn) -> tuple[list[PhotoRecord], list[Relation]]:
    size = draw(st.integers(2, 9))
    photos = [
        photo(n, draw(st.integers(0, size - 1)), width=draw(st.sampled_from([300, 600])))
        for n in range(size)
    ]
    contents = sorted({each.content_id for each in photos})
    relations = []
    for a, b in combinations(contents, 2):
        if draw(st.booleans()):
            kind = draw(st.sampled_from(list(Kind)[1:]))
            p = 1.0 if kind is Kind.SAME_PIXELS else draw(st.floats(0.5, 1.0))
            evidence = ALIGNED if draw(st.booleans()) else Evidence()
            relations.append(relation(a, b, kind, p, evidence))
    return photos, relations


@settings(deadline=None, max_examples=60)
@given(libraries(), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_the_rules_hold(
    library: tuple[list[PhotoRecord], list[Relation]], shuffler: object
) -> None:
    photos, relations = library
    found = grouped(photos, relations)
    mixed_photos, mixed_relations = list(photos), list(relations)
    shuffler.shuffle(mixed_photos)  # type: ignore[attr-defined]
    shuffler.shuffle(mixed_relations)  # type: ignore[attr-defined]
    assert grouped(mixed_photos, mixed_relations) == found
    copies = [each for each in found if each.shelf is not Shelf.SIMILAR_SHOTS]
    frames = [each for each in found if each.shelf is Shelf.SIMILAR_SHOTS]
    for level in (copies, frames):
        seen = [member.photo.id for each in level for member in each.members]
        assert len(seen) == len(set(seen))
    for each in found:
        assert len(each.members) >= 2
        assert each.members[0].keeper
        assert sum(member.keeper for member in each.members) == 1
