# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a photo's tool tip says, and the menu of things to do with a photo. Main thread."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from imgdupe.gui import desktop, drags, explain, formatting, icons
from imgdupe.records import Group, PhotoRecord

translate = QCoreApplication.translate


def photo_tip(group: Group, number: int) -> str:
    """The whole path, what it is and why it is in this group."""
    member = group.members[number]
    lines = [f"<b>{escape(explain.file_name(member.photo))}</b>"]
    lines.append(escape(explain.folder(member.photo)))
    data = member.photo.metadata
    facts = [
        formatting.megapixels(data.width, data.height),
        formatting.size(member.photo.file.size),
        data.format,
        (data.taken_at or "").replace("T", " "),
    ]
    lines.append(escape("  ·  ".join(each for each in facts if each)))
    lines.append(escape(explain.member_note(member)))
    if not member.keeper:
        lines.append(escape(explain.why(member.kind, member.evidence)))
    return "<br>".join(lines)


def photo_menu(parent: QWidget, photo: PhotoRecord, similar: Callable[[], object]) -> QMenu:
    """A menu of what can be done with any photo."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    add_photo_entries(menu, photo, similar)
    return menu


def add_photo_entries(menu: QMenu, photo: PhotoRecord, similar: Callable[[], object]) -> None:
    """Open, show in the folder, copy the path, look for more like it."""
    entries: list[tuple[str, str, Callable[[], object]]] = [
        (translate("menu", "Open"), "open", lambda: desktop.open_file(photo.path)),
        (translate("menu", "Show in folder"), "reveal", lambda: desktop.reveal(photo.path)),
        (translate("menu", "Copy path"), "copy", lambda: drags.copy_path(photo.path)),
        (translate("menu", "More like this"), "search", similar),
    ]
    for text, icon, work in entries:
        action = add_entry(menu, text, icon, work)
        if icon != "copy":
            action.setEnabled(not photo.offline)


def add_entry(menu: QMenu, text: str, icon: str, work: Callable[[], object]) -> QAction:
    """One more line of a menu."""
    action = menu.addAction(text)
    icons.put(action, icon)
    action.triggered.connect(lambda _checked=False: work())
    return action
