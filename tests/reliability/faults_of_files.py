# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What can be the matter with the photographs, their folders, drives and trash."""

from __future__ import annotations

from tests.reliability.row import Row

_HERE = "tests/reliability/"
_REMOVAL = "tests/unit/removal/"
_CATALOG = "tests/unit/catalog/"
_LIBRARY = "tests/unit/library/"
_ENGINE = "tests/unit/engine/"
_ODD = "tests/e2e/test_odd_images.py::"

FILES: dict[int, Row] = {
    14: Row(
        "the keeper vanishes, is edited, saved over, becomes a link, a folder, a FIFO: any moment",
        "restored or refused",
        524,
        (f"{_HERE}test_races.py",),
    ),
    15: Row(
        "the victim is edited, saved over or replaced: any moment",
        "what the user saved is under its name",
        21,
        (f"{_HERE}test_races.py::test_a_victim", f"{_HERE}test_races.py::test_a_unit"),
    ),
    16: Row(
        "one file by two routes",
        "not removable through one for the other",
        20,
        (
            f"{_HERE}test_places.py::test_a_hard_link",
            f"{_HERE}test_places.py::test_a_folder_that_is_a_link",
            f"{_HERE}test_places.py::test_a_link_made_after",
            f"{_HERE}test_places.py::test_a_keeper_of_another",
            f"{_HERE}test_places.py::test_a_bind_mount",
            f"{_HERE}test_places.py::test_an_overlay",
            f"{_HERE}test_routes.py",
            f"{_REMOVAL}test_check.py::test_untrusted_volumes",
            f"{_REMOVAL}test_check.py::test_two_names_in_one_folder",
            f"{_LIBRARY}test_walk.py::test_each_folder_once",
            f"{_LIBRARY}test_roots.py::test_normalise",
        ),
    ),
    17: Row(
        "link loops, deep trees, very full folders",
        "the walk ends, each file once",
        4,
        (
            f"{_LIBRARY}test_walk.py::test_each_folder_once",
            f"{_LIBRARY}test_walk.py::test_a_root_may_be_a_link",
            f"{_LIBRARY}test_walk.py::test_deep_trees",
            f"{_HERE}test_scans.py::test_a_very_full_folder",
        ),
    ),
    18: Row(
        "FIFO, socket, device, folder with a picture's name",
        "not opened, no hang",
        6,
        (
            f"{_LIBRARY}test_walk.py::test_pipes",
            f"{_REMOVAL}test_check.py::test_a_victim_that_became_a_fifo",
            f"{_HERE}test_scans.py::test_special_files",
        ),
    ),
    19: Row(
        "awkward names, look-alikes",
        "the right one goes and comes back, byte for byte",
        75,
        (f"{_HERE}test_names.py", f"{_LIBRARY}test_walk.py::test_every_awkward_name"),
    ),
    20: Row(
        "paths and names almost too long",
        "taken, or named as too long",
        4,
        (
            f"{_HERE}test_names.py::test_more_names",
            f"{_HERE}test_names.py::test_paths_almost",
            f"{_LIBRARY}test_walk.py::test_a_path_too_long",
            f"{_LIBRARY}test_walk.py::test_deep_trees",
        ),
    ),
    21: Row(
        "files created, changed, renamed, deleted while they are scanned",
        "the next scan agrees with a fresh one; a hash belongs to one state",
        50,
        (
            f"{_HERE}test_scans.py::test_files_that_change",
            f"{_ENGINE}test_workers.py::test_files_that_go_away",
            f"{_LIBRARY}test_walk.py::test_a_file_that_goes_away",
        ),
    ),
    22: Row(
        "a folder that cannot be read",
        "named, its photos stay known",
        10,
        (
            f"{_LIBRARY}test_walk.py::test_a_folder_without_permission",
            f"{_LIBRARY}test_walk.py::test_an_unreadable_folder",
            f"{_CATALOG}test_scans.py::test_photos_below_a_folder",
            f"{_CATALOG}test_scans.py::test_a_photo_that_cannot_be_read",
        ),
    ),
    23: Row(
        "a drive away, back, an empty mount point, another drive in its place",
        "offline, not deleted; decisions kept",
        10,
        (
            f"{_HERE}test_scans.py::test_a_drive",
            f"{_LIBRARY}test_roots.py::test_online",
            f"{_CATALOG}test_library.py::test_photos_of_an_absent_root",
            f"{_REMOVAL}test_plan.py::test_drives_that_are_away",
            f"{_REMOVAL}test_recover.py::test_a_volume_that_is_away",
        ),
    ),
    24: Row(
        "read-only medium",
        "a scan works, a removal is refused with a reason",
        5,
        (
            f"{_HERE}test_places.py::test_a_read_only_volume",
            f"{_HERE}test_scans.py::test_a_read_only_medium",
            f"{_REMOVAL}test_check.py::test_nothing_moves_out",
            f"{_CATALOG}test_faults.py::test_a_read_only_database",
        ),
    ),
    25: Row(
        "online-only files",
        "never opened, counted, not removable",
        10,
        (
            f"{_LIBRARY}test_walk.py::test_placeholders",
            f"{_LIBRARY}test_walk.py::test_what_a_placeholder_is",
            f"{_REMOVAL}test_check.py::test_an_online_only",
            f"{_REMOVAL}test_check.py::test_placeholders",
        ),
    ),
    31: Row(
        "a damaged copy beside the sound one",
        "flagged, never the suggested keeper",
        30,
        (
            f"{_ODD}test_damaged_copies",
            f"{_LIBRARY}test_integrity.py",
            "tests/unit/match/test_groups.py::test_unsure_or_damaged",
        ),
    ),
    32: Row(
        "flat pictures, RAW files cut short",
        "never joined by likeness",
        2,
        (f"{_ODD}test_flat_pictures", f"{_LIBRARY}test_raw_preview.py"),
    ),
    33: Row(
        "RAW and JPEG, sidecars, movie halves, one stem in two folders",
        "one unit, the right halves",
        30,
        (
            f"{_LIBRARY}test_shots.py",
            f"{_REMOVAL}test_check.py::test_a_companion",
            f"{_REMOVAL}test_check.py::test_companions",
            f"{_REMOVAL}test_check.py::test_a_shared_sidecar",
            f"{_REMOVAL}test_check.py::test_a_sidecar",
            f"{_REMOVAL}test_check.py::test_a_raw",
            f"{_REMOVAL}test_merge_metadata.py",
            f"{_ODD}test_one_shot",
        ),
    ),
    36: Row(
        "protected folders by every route, also after the plan",
        "not removed, not written to",
        12,
        (
            f"{_HERE}test_places.py::test_a_protected_folder",
            f"{_HERE}test_places.py::test_a_folder_that_becomes_protected",
            f"{_HERE}test_routes.py::test_a_protected",
            f"{_REMOVAL}test_merge_metadata.py::test_a_protected_keeper",
        ),
    ),
    37: Row(
        "the trash emptied, changed, its volume gone, the name taken",
        "undo says so and loses nothing",
        12,
        (f"{_REMOVAL}test_undo.py",),
    ),
    42: Row(
        "a trash of Windows or macOS that deletes, takes another file, says nothing, does nothing",
        "noticed; the batch stops",
        12,
        (f"{_REMOVAL}test_platform_trash.py",),
    ),
}
