# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The session keeps catalog, decisions and journal in step, whatever ended the last one."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from imgdupe import resources
from imgdupe.control import RunControl
from imgdupe.engine.comparing import Comparer
from imgdupe.engine.session import Session
from imgdupe.errors import LibraryBusy
from imgdupe.match.groups import THRESHOLDS
from imgdupe.match.kinds import ALGORITHM
from imgdupe.progress import Counters
from imgdupe.records import Kind, Shelf, Strictness, Verdict
from imgdupe.removal.plan import RemovalRequest
from tests.helpers import edits
from tests.helpers.photos import make_photo, save


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two photographs, the first one twice."""
    folder = tmp_path / "photos"
    for number in (1, 2):
        save(make_photo(number, (480, 320)), folder / f"IMG_{number}.jpg")
    shutil.copy(folder / "IMG_1.jpg", folder / "IMG_1 (1).jpg")
    return folder


def scanned(data: Path, photos: Path) -> Session:
    session = Session.open(data)
    session.scan([os.fsencode(photos)], RunControl(), Counters(), workers=1)
    return session


def test_a_second_session_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    with Session.open(tmp_path), pytest.raises(LibraryBusy):
        Session.open(tmp_path)
    Session.open(tmp_path).close()


def test_the_catalog_follows_the_journal_after_a_kill(
    tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = scanned(tmp_path / "data", photos)
    (group,) = session.groups()
    keeper, victim = group.members
    request = RemovalRequest(victim.photo, keeper.photo, victim.kind, victim.probability)

    def killed(_paths: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(session._catalog, "remove_photos", killed)
    with pytest.raises(KeyboardInterrupt):
        session.remove(session.plan_removal([request]), RunControl())
    session.close()
    assert not os.path.exists(victim.photo.path)
    with Session.open(tmp_path / "data") as again:
        assert again.groups() == []
        again.undo()
        assert {m.photo.path for m in again.groups()[0].members} == {
            keeper.photo.path,
            victim.photo.path,
        }


def test_a_decision_about_a_file_that_changed_is_forgotten(tmp_path: Path, photos: Path) -> None:
    session = scanned(tmp_path / "data", photos)
    (group,) = session.groups()
    session.set_verdicts({member.photo: Verdict.REMOVE for member in group.members[1:]})
    victim = group.members[1].photo
    assert session.verdicts() == {victim.path: Verdict.REMOVE}
    save(make_photo(9, (480, 320)), Path(os.fsdecode(victim.path)))
    session.scan([os.fsencode(photos)], RunControl(), Counters(), workers=1)
    assert session.verdicts() == {}
    session.close()


def test_not_duplicates_are_remembered_through_renames(tmp_path: Path, photos: Path) -> None:
    turned = photos / "turned.jpg"
    save(make_photo(2, (480, 320)).rotate(90, expand=True), turned)
    session = scanned(tmp_path / "data", photos)
    group = next(g for g in session.groups() if len({m.photo.content_id for m in g.members}) > 1)
    session.not_duplicates([member.photo for member in group.members])
    turned.rename(photos / "renamed.jpg")
    session.scan([os.fsencode(photos)], RunControl(), Counters(), workers=1)
    keys = {g.key for g in session.groups()}
    assert group.key not in keys
    session.duplicates_again([member.photo for member in group.members])
    assert group.key in {g.key for g in session.groups()}
    session.close()


def test_a_lost_thumbnail_is_made_again(tmp_path: Path, photos: Path) -> None:
    scanned(tmp_path / "data", photos).close()
    for file in (tmp_path / "data" / "cache").glob("thumbs.db*"):
        file.unlink()
    with Session.open(tmp_path / "data") as session:
        photo = session.groups()[0].members[0].photo
        first = session.thumbnail(photo)
        assert first is not None
        assert session.thumbnail(photo) == first


def test_another_model_embeds_anew_and_keeps_what_was_decided(tmp_path: Path, photos: Path) -> None:
    other = tmp_path / "other model"
    shutil.copytree(resources.path("model"), other)
    card = json.loads((other / "card.json").read_text(encoding="utf-8"))
    (other / "card.json").write_text(json.dumps({**card, "id": "another"}), encoding="utf-8")
    with scanned(tmp_path / "data", photos) as session:
        copy = os.fsencode(photos / "IMG_1 (1).jpg")
        (group,) = session.groups()
        (photo,) = (each.photo for each in group.members if each.photo.path == copy)
        session.set_verdicts({photo: Verdict.KEEP})
        session.save_settings(replace(session.settings, model=str(other)))
        report = session.scan([os.fsencode(photos)], RunControl(), Counters(), workers=1)
        assert report.fingerprinted == 3
        assert session._catalog.features("another").vectors is not None
        assert session.verdicts() == {copy: Verdict.KEEP}
        assert len(session.find(copy).hits) == 3
        assert session.scan([os.fsencode(photos)], RunControl(), Counters()).fingerprinted == 0


def test_a_chosen_model_that_is_gone_means_phash_alone_and_says_what_to_do(
    tmp_path: Path, photos: Path
) -> None:
    with Session.open(tmp_path / "data") as session:
        session.save_settings(replace(session.settings, model=str(tmp_path / "gone")))
        session.scan([os.fsencode(photos)], RunControl(), Counters(), workers=1)
        assert "choose imgdupe's own model" in str(session.model_missing)
        assert len(session.groups()) == 1
        session.save_settings(replace(session.settings, model=""))
        session.scan([os.fsencode(photos)], RunControl(), Counters(), workers=1)
        assert session.model_missing is None


def test_photos_of_an_ignored_folder_take_no_part(tmp_path: Path, photos: Path) -> None:
    with scanned(tmp_path / "data", photos) as session:
        folder = os.path.dirname(session.groups()[0].members[1].photo.path)
        session.save_settings(replace(session.settings, ignored=(os.fsdecode(folder),)))
        members = [each.photo.path for group in session.groups() for each in group.members]
        assert not any(path.startswith(folder + b"/") for path in members)
        session.save_settings(replace(session.settings, ignored=()))
        assert session.groups()


def test_strictness_decides_anew_from_stored_relations(
    tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(edits.crop(make_photo(1, (480, 320)), 0.8), photos / "IMG_1 crop.jpg")
    with scanned(tmp_path / "data", photos) as session:
        (relation,) = session._catalog.relations({Kind.EDITED})
        unsure = replace(relation, probability=0.9)
        session._catalog.save_relations([unsure], ALGORITHM)
        monkeypatch.setattr(Comparer, "compare", None)  # nothing may be compared again
        photos.rename(tmp_path / "unplugged")  # nor read again
        shelves = {}
        for strictness in Strictness:
            session.save_settings(replace(session.settings, strictness=strictness))
            shelves[strictness] = {group.shelf for group in session.groups()}
    assert Shelf.SAME_PICTURE in shelves[Strictness.NORMAL] & shelves[Strictness.LOOSE]
    assert shelves[Strictness.STRICT] == {Shelf.IDENTICAL, Shelf.SIMILAR_SHOTS}


def test_the_examples_are_copies_that_each_strictness_finds(tmp_path: Path, photos: Path) -> None:
    path = next(photos.rglob("*.jpg"))
    with Image.open(path) as picture:
        picture.resize((picture.width // 2, picture.height // 2)).save(photos / "small.jpg")
    with scanned(tmp_path / "data", photos) as session:
        found = session.example_pairs()
        assert found
        for strictness, example in found.items():
            assert example.relation.probability >= THRESHOLDS[strictness][example.relation.kind]
            assert {example.left.content_id, example.right.content_id} == {
                example.relation.a,
                example.relation.b,
            }
