# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from dataclasses import replace

import pytest

from imgdupe.keeping import KeeperRule, KeeperRules
from imgdupe.match.keeper import choose, is_under
from imgdupe.records import FoundFile, Hashes, Metadata, PhotoRecord

NO_RULES = KeeperRules()


def photo(path: str, mtime_ns: int = 0, companions: tuple[str, ...] = ()) -> PhotoRecord:
    return PhotoRecord(
        id=hash(path) & 0xFFFF,
        content_id=1,
        file=FoundFile(path.encode(), 1000, mtime_ns, 1, 1),
        companions=tuple(FoundFile(name.encode(), 1, 0, 1, 1) for name in companions),
        metadata=Metadata(600, 400, "JPEG", jpeg_quality=90),
        hashes=Hashes(bytes(16), None, 0, (0,) * 8, bytes(32), 100),
    )


def told(path: str, **facts: object) -> PhotoRecord:
    base = photo(path)
    return replace(base, metadata=replace(base.metadata, **facts))  # type: ignore[arg-type]


PLAIN = photo("/a/plain.jpg")
LADDER = [
    ("the others are damaged", photo("/z/sound.jpg"), replace(PLAIN, damaged="cut")),
    ("the others are offline", photo("/z/here.jpg"), replace(PLAIN, offline=True)),
    ("in a preferred folder", photo("/best/small.jpg"), PLAIN),
    ("RAW", photo("/z/shot.jpg", companions=("/z/shot.CR3",)), told("/a/b.jpg", width=900)),
    ("has rating, keywords or a sidecar", told("/z/r.jpg", rating=3), told("/a/b.jpg", width=900)),
    ("most pixels", told("/z/big.jpg", width=900, jpeg_quality=60), PLAIN),
    ("best quality", told("/z/fine.jpg", jpeg_quality=95), told("/a/IMG_1.jpg", jpeg_quality=80)),
    ("has the camera's data", told("/z/exif.jpg", taken_at="2024-05-01T10:00:00"), PLAIN),
    ("in a protected folder", photo("/safe/p.jpg"), PLAIN),
    ("original name", photo("/z/IMG_1.jpg"), photo("/a/IMG_1 (1).jpg")),
    ("oldest file", photo("/z/a.jpg", 5), photo("/a/b.jpg", 9)),
]
RULES = KeeperRules(preferred=(b"/best",), protected=(b"/safe",))


@pytest.mark.parametrize(("reason", "winner", "loser"), LADDER, ids=[row[0] for row in LADDER])
def test_each_rule_decides_and_says_so(
    reason: str, winner: PhotoRecord, loser: PhotoRecord
) -> None:
    for photos in ([winner, loser], [loser, winner]):
        choice = choose(photos, RULES)
        assert (choice.keeper, choice.reason, choice.tie) == (winner, reason, False)


def test_an_earlier_rule_outweighs_all_later_ones() -> None:
    sound = photo("/z/deep/down/copy (3).jpg", 99)
    damaged = replace(
        told("/best/a.jpg", width=9000, rating=5, taken_at="2024-01-01T00:00:00"), damaged="cut"
    )
    assert choose([damaged, sound], RULES).keeper == sound


@pytest.mark.parametrize(
    "name",
    ["IMG_1 (1).jpg", "IMG_1 copy.jpg", "IMG_1-edited.jpg", "IMG_1_copy 2.jpg", "Copy IMG.jpg",
     "IMG_1-1024x768.jpg", "IMG_1~2.jpg", "IMG_1_small.jpg"],
)  # fmt: skip
def test_names_of_copies_are_known(name: str) -> None:
    copy, original = photo(f"/a/{name}"), photo("/much/longer/path/IMG_1.jpg")
    assert choose([copy, original], NO_RULES).keeper == original


@pytest.mark.parametrize(
    "name", ["DSC (Lisbon).jpg", "2024-05-01.jpg", "scopy.jpg", "IMG_0001.jpg"]
)
def test_names_of_originals_are_no_copies(name: str) -> None:
    first, other = photo(f"/a/{name}"), photo("/much/longer/path/IMG_1.jpg")
    assert choose([first, other], NO_RULES).keeper == first


def test_a_tie_is_said_to_be_one() -> None:
    choice = choose([photo("/a/2.jpg"), photo("/a/1.jpg")], NO_RULES)
    assert choice.tie
    assert choice.keeper.path == b"/a/1.jpg"
    assert choose([photo("/a/1.jpg"), photo("/longer/1.jpg")], NO_RULES).tie


def test_two_percent_do_not_make_more_pixels() -> None:
    trimmed = told("/a/fine.jpg", width=595, jpeg_quality=95)
    assert choose([trimmed, PLAIN], NO_RULES).keeper == trimmed


def test_a_png_made_from_the_cameras_jpeg_is_no_better() -> None:
    camera = told("/z/IMG_1.jpg", camera="Made 1", taken_at="2024-05-01T10:00:00")
    png = told("/a/IMG_1.png", format="PNG", jpeg_quality=None)
    assert choose([png, camera], NO_RULES).keeper == camera
    assert choose([png, PLAIN], NO_RULES).keeper == png


def test_only_one_photo() -> None:
    assert choose([PLAIN], NO_RULES).keeper == PLAIN


def test_under_a_folder_means_below_it() -> None:
    assert is_under(b"/best/a/b.jpg", (b"/best",))
    assert is_under(b"/best/a/b.jpg", (b"/other", b"/best/"))
    assert not is_under(b"/best2/a.jpg", (b"/best",))


def test_the_rules_hold_in_the_order_given() -> None:
    large, rated = told("/a/b.jpg", width=900), told("/z/r.jpg", rating=3)
    assert choose([large, rated], NO_RULES).keeper == rated
    order = (KeeperRule.PIXELS, KeeperRule.WORK)
    assert choose([large, rated], KeeperRules(order=order)).keeper == large


def test_safety_comes_before_every_order_and_no_rule_means_undecided() -> None:
    damaged = replace(PLAIN, damaged="cut")
    nothing = KeeperRules(order=())
    assert choose([damaged, photo("/z/sound.jpg")], nothing).reason == "the others are damaged"
    choice = choose([PLAIN, photo("/z/other name (1).jpg")], nothing)
    assert (choice.keeper, choice.tie, choice.decided) == (PLAIN, True, False)
