# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What can happen to the program, its own files and what it is asked for."""

from __future__ import annotations

from tests.reliability.row import Row

_HERE = "tests/reliability/"
_REMOVAL = "tests/unit/removal/"
_CATALOG = "tests/unit/catalog/"
_LIBRARY = "tests/unit/library/"
_ENGINE = "tests/unit/engine/"
_ODD = "tests/e2e/test_odd_images.py::"

PROGRAM: dict[int, Row] = {
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
    4: Row(
        "power cut: what no fsync made durable is lost, file by file",
        "the law; durable rows; the catalog opens",
        100,
        (f"{_HERE}test_power_cut.py",),
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
    34: Row(
        "hostile batches: everything of everything, in any order, with undo and rescans between",
        "the last copy never goes",
        10_000,
        (
            f"{_HERE}test_hostile_batches.py",
            f"{_HERE}test_state_machine.py",
            "tests/gui/test_selection_machine.py",
        ),
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
    43: Row(
        "bytes of strangers: pictures, EXIF, dates, XMP, index, catalog, journal, settings, drops",
        "only errors of our own",
        10_000,
        (
            f"{_HERE}test_fuzz.py",
            f"{_LIBRARY}test_xmp.py",
            f"{_LIBRARY}test_metadata.py",
            "tests/gui/test_drops.py",
        ),
    ),
}
