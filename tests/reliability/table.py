# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The table of faults: what can go wrong, how often it is tried in the full campaign, and where.

`tests` are beginnings of test ids; a file stands for all its tests. `points` is how many faults the
full campaign is to try; a test counts as one unless it records how many it tried. `report.py` runs
the table and counts; `test_table.py` keeps it true.
"""

from __future__ import annotations

from dataclasses import dataclass

_HERE = "tests/reliability/"
_REMOVAL = "tests/unit/removal/"
_CATALOG = "tests/unit/catalog/"
_LIBRARY = "tests/unit/library/"
_ENGINE = "tests/unit/engine/"
_ODD = "tests/e2e/test_odd_images.py::"


@dataclass(frozen=True, slots=True)
class Row:
    """One fault. `must`: what has to come of it."""

    fault: str
    must: str
    points: int
    tests: tuple[str, ...]


ROWS: dict[int, Row] = {
    1: Row(
        "killed at every file system call of a removal, an undo, a merge and a recovery",
        "the law; recovery brings back or completes",
        600,
        (f"{_HERE}test_campaign.py::test_killed", f"{_REMOVAL}test_recover.py"),
    ),
    2: Row(
        "the whole program killed at random during a removal (window, command line)",
        "the law after a restart",
        200,
        (f"{_HERE}test_whole_program.py::test_a_removal",),
    ),
    3: Row(
        "killed during a scan, and at each call that saves catalog, index, decisions, settings",
        "the next start goes on; nothing reported is lost; decisions are kept",
        200,
        (
            f"{_HERE}test_whole_program.py::test_a_scan",
            f"{_HERE}test_saving.py::test_killed",
            f"{_CATALOG}test_threads_and_kills.py::test_killed",
            f"{_CATALOG}test_opening.py::test_commits_of_a_killed_process",
            f"{_ENGINE}test_session.py::test_the_catalog_follows_the_journal",
        ),
    ),
    5: Row(
        "disk full on the app-data volume",
        "no false success; nothing moves without a journal; the message says what to do",
        60,
        (
            f"{_HERE}test_places.py::test_a_full_app_data_folder",
            f"{_HERE}test_limits.py::test_a_full_app_data",
            f"{_HERE}test_saving.py::test_calls_that_save_fail",
            f"{_CATALOG}test_faults.py::test_a_full_disk",
        ),
    ),
    6: Row(
        "disk full on the volume of the photos",
        "refused, the file stays",
        10,
        (
            f"{_HERE}test_places.py::test_a_full_volume",
            f"{_HERE}test_limits.py::test_a_library_volume_of_any_fullness",
        ),
    ),
    7: Row(
        "EIO, EXDEV, EROFS, EACCES, EINVAL, ENOSPC at every call of a removal and its undo",
        "the file is named; the batch goes on or stops by rule; the law",
        300,
        (f"{_HERE}test_campaign.py::test_calls_fail", f"{_HERE}test_campaign.py::test_every_call_"),
    ),
    8: Row(
        "a limit on the size of files",
        "as a full disk",
        5,
        (f"{_HERE}test_limits.py::test_a_limit_on_the_size_of_files",),
    ),
    9: Row(
        "index file cut, flipped, zeroed, empty, foreign, of another model or library",
        "never loaded unless everything fits",
        300,
        (f"{_CATALOG}test_index_file.py",),
    ),
    10: Row(
        "the index cannot be saved, or only partly",
        "the old one stays",
        30,
        (
            f"{_CATALOG}test_index_file.py::test_a_failed_write",
            f"{_HERE}test_saving.py::test_killed",
        ),
    ),
    11: Row(
        "catalog damaged: bits, pages, cut, emptied, foreign WAL; then a scan, then a removal",
        "detected or harmless; no removal decided by a damaged hash",
        500,
        (
            f"{_HERE}test_damaged_catalog.py",
            f"{_CATALOG}test_damage.py",
            f"{_CATALOG}test_opening.py::test_a_damaged",
            f"{_CATALOG}test_opening.py::test_a_foreign_wal",
            f"{_CATALOG}test_thumbs.py::test_a_damaged_cache",
            f"{_CATALOG}test_decisions.py::test_decisions_survive",
        ),
    ),
    12: Row(
        "journal damaged",
        "what can be read is kept, the lines repair the rows; else removal is locked",
        200,
        (f"{_REMOVAL}test_journal.py",),
    ),
    13: Row(
        "two to five instances at once; a lock left by a killed one; its number used again",
        "one winner, never two",
        50,
        (
            f"{_HERE}test_instances.py",
            f"{_CATALOG}test_paths_and_lock.py",
            "tests/gui/test_single_instance.py",
            f"{_ENGINE}test_session.py::test_a_second_session",
        ),
    ),
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
    26: Row(
        "the clock stands in the past, the future; equal times; a time kept by an edit",
        "no decision by time alone; order by number",
        20,
        (
            f"{_HERE}test_clock.py",
            f"{_REMOVAL}test_journal.py::test_batches_are_numbered",
            f"{_CATALOG}test_opening.py::test_a_backup_is_due",
            f"{_HERE}test_races.py::test_the_victim_stays_when_its_keeper_is_touched[edit_keeping",
            f"{_HERE}test_races.py::test_a_victim_that_is_touched_is_let_go[edit_keeping",
        ),
    ),
    27: Row(
        "bombs of every kind",
        "10 s and 1 GiB at most, named",
        5,
        (
            f"{_ODD}test_no_file_holds_up",
            f"{_ENGINE}test_workers.py::test_computing_is_limited",
            f"{_ENGINE}test_workers.py::test_memory_is_limited",
            f"{_ENGINE}test_workers.py::test_the_limit_is_for_each_file",
        ),
    ),
    28: Row(
        "a decoding child dies or hangs",
        "the file is named, the pool goes on",
        200,
        (f"{_ENGINE}test_workers.py", f"{_HERE}test_scans.py::test_children_die"),
    ),
    29: Row(
        "little memory for the program",
        "an end with a message, the library and its catalog whole",
        10,
        (f"{_HERE}test_limits.py::test_little_memory",),
    ),
    30: Row(
        "the corpus of odd pictures, whole",
        "every file has a result or a reason",
        10,
        (_ODD,),
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
    34: Row(
        "hostile batches: everything of everything, in any order, with undo and rescans between",
        "the last copy never goes",
        10_000,
        (f"{_HERE}test_hostile_batches.py",),
    ),
    35: Row(
        "chains over one batch and several",
        "one survives",
        2,
        (
            f"{_HERE}test_hostile_batches.py::test_chains",
            f"{_HERE}test_hostile_batches.py::test_a_selection_of_everything",
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
    38: Row(
        "cancelled, or told to end, at any moment",
        "the photo at hand is finished or taken back; the law",
        100,
        (f"{_HERE}test_campaign.py::test_interrupted", f"{_ENGINE}test_pipeline.py"),
    ),
    39: Row(
        "readers beside a writer, several writers",
        "no crash, whole batches only",
        2,
        (f"{_CATALOG}test_threads_and_kills.py",),
    ),
    40: Row(
        "settings empty, binary, huge, of another version, of wrong types",
        "defaults, the odd file kept aside",
        200,
        (f"{_CATALOG}test_settings.py",),
    ),
    41: Row(
        "an older schema, a newer one",
        "migrated after a backup; refused and left alone",
        4,
        (
            f"{_CATALOG}test_opening.py::test_an_older_schema",
            f"{_CATALOG}test_opening.py::test_a_step_that_fails",
            f"{_CATALOG}test_opening.py::test_a_newer_schema",
            f"{_REMOVAL}test_journal.py::test_a_newer_journal",
        ),
    ),
    42: Row(
        "a trash of Windows or macOS that deletes, takes another file, says nothing, does nothing",
        "noticed; the batch stops",
        12,
        (f"{_REMOVAL}test_platform_trash.py",),
    ),
}
