# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Pictures of what can go wrong, and of what is empty; stops of the screenshots' tour."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from imgdupe.gui.dialogs.remove import RemoveDialog
from tests.gui import states

if TYPE_CHECKING:
    from tests.gui.screenshots import Tour


def troubles(tour: Tour) -> None:
    """What can go wrong while the window is open."""
    tour.window.show_view("groups")
    tour.work.groups.filters.text.setText("no such name")
    tour.shoot("filter-hides-all")
    tour.work.groups.filters.clear()
    for name in ("disk_full", "crashed_last_time", "no_permission"):
        getattr(states, name)(tour.work, tour.wait)
        tour.shoot(name.replace("_", "-"))
        for banner in tour.window.banners.banners():
            banner.dismiss()
    tour.window.show_view("groups")
    group = tour.group(0)
    if group is not None:
        dialog = states.trash_failed(tour.work, group, tour.wait)
        tour.shoot("trash-failed", dialog)
        tour.wait(dialog.close)
        tour.work.marks.undo_stack.undo()
    for view in ("history", "problems"):
        tour.window.show_view(view)
    tour.window.show_view("groups")


def changed_since_the_scan(tour: Tour, victim: Path) -> None:
    """A file that was written to after the scan is refused in the removal dialog."""
    groups = tour.work.snapshot.groups if tour.work.snapshot else []
    path = os.fsencode(victim)
    group = next(g for g in groups if any(m.photo.path == path for m in g.members))
    tour.work.marks.remove([m.photo for m in group.members if m.photo.path == path])
    victim.write_bytes(victim.read_bytes() + b"more")
    tour.work.removals.review()
    dialog = next(each for each in tour.window.findChildren(RemoveDialog) if each.isVisible())
    tour.wait(dialog.remove_button.isEnabled)
    tour.shoot("changed-before", dialog)
    dialog.remove_button.click()
    tour.wait(dialog.close_button.isVisible)
    dialog.summary.kept.button.click()
    tour.shoot("changed-since-the-scan", dialog)
    tour.wait(dialog.close)
    tour.work.marks.undo_stack.undo()


def nothing_yet(tour: Tour) -> None:
    """An empty library's pages."""
    for view in ("history", "problems"):
        tour.window.show_view(view)
        tour.shoot(f"{view}-empty")
    tour.window.show_view("groups")


def no_photos(tour: Tour, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "notes.txt").write_text("no picture")
    tour.work.add_folders([os.fsencode(folder)])
    tour.settle()
    tour.shoot("no-photos")
