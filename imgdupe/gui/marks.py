# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the photographer decided about each photo, with undo. Marking never touches a file.

Main thread. The model itself refuses to mark the last copy that can be kept of a group; only
`remove_whole_group`, which its caller confirms, may. Verdicts are stored as they are made;
suggested keepers chosen with K and whole groups live as long as the window.
"""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from imgdupe.gui import explain, formatting
from imgdupe.gui.mark_steps import Change, Parting, Step
from imgdupe.gui.pairs import relation_between
from imgdupe.match.keeper import is_under
from imgdupe.records import Group, Kind, Member, PhotoRecord, Verdict
from imgdupe.removal.plan import RemovalRequest

_UNDO_LIMIT = 2000
_SURENESS = list(Kind)


Steps = dict[PhotoRecord, Verdict | None]
"""Verdicts that are given together."""


class Settings(Protocol):
    """The part of the settings that marks respect."""

    @property
    def protected(self) -> tuple[str, ...]: ...


class HasDecisions(Protocol):
    """What of the session is used here."""

    @property
    def settings(self) -> Settings: ...

    def verdicts(self) -> dict[bytes, Verdict]: ...

    def set_verdicts(self, changes: Mapping[PhotoRecord, Verdict | None]) -> None: ...

    def not_duplicates(self, photos: Sequence[PhotoRecord]) -> None: ...

    def duplicates_again(self, photos: Sequence[PhotoRecord]) -> None: ...


class Marks(QObject):
    """`changed` after every change; `refused` carries a sentence that says why nothing happened.

    `hidden_changed`: groups were called not duplicates, or duplicates again.
    """

    changed = Signal()
    refused = Signal(str)
    hidden_changed = Signal()

    def __init__(self, session: HasDecisions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._verdicts = dict(session.verdicts())
        self._groups_of: dict[bytes, list[Group]] = {}
        self._keepers: dict[str, bytes] = {}
        self._emptied: set[str] = set()
        self._parted: set[frozenset[int]] = set()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(_UNDO_LIMIT)

    # -- reading ----------------------------------------------------------------------------------

    def set_groups(self, groups: Sequence[Group]) -> None:
        """The groups that there are now; marks on photos outside of them rest."""
        groups_of: dict[bytes, list[Group]] = {}
        for group in groups:
            for member in group.members:
                path = member.photo.file.path
                if path in groups_of:
                    groups_of[path].append(group)
                else:
                    groups_of[path] = [group]
        self._groups_of = groups_of
        self._heal(self.marked())

    def verdict(self, photo: PhotoRecord) -> Verdict | None:
        return self._verdicts.get(photo.path)

    def verdicts(self) -> dict[bytes, Verdict]:
        """All verdicts by path; not to be changed."""
        return self._verdicts

    def hidden(self, group: Group) -> bool:
        """Called not duplicates since the groups were made."""
        return group.content_ids in self._parted

    def reviewed(self, group: Group) -> bool:
        """Whether a photo of it was decided."""
        return any(each.photo.path in self._verdicts for each in group.members)

    def keeper(self, group: Group) -> Member:
        """Who stays: the first one kept, else the suggestion, else the first not marked."""
        members = group.members
        for member in members:
            if self._verdicts.get(member.photo.path) is Verdict.KEEP:
                return member
        chosen = self._keepers.get(group.key)
        for member in members:
            if member.photo.path == chosen and not self._is_marked(member):
                return member
        return next((each for each in members if not self._is_marked(each)), members[0])

    def suggested(self, group: Group) -> list[Member]:
        """Who goes when the suggestion is accepted: preselected, undecided, removable members."""
        keeper = self.keeper(group)
        if keeper.photo.offline:
            return []
        going = [each for each in group.members if each.preselected or each.keeper]
        if keeper not in going:
            return []
        return [
            each
            for each in going
            if each is not keeper
            and self.verdict(each.photo) is None
            and self.obstacle(each.photo) is None
        ]

    def obstacle(self, photo: PhotoRecord) -> str | None:
        """Why the photo cannot be marked for removal at all."""
        name = explain.file_name(photo)
        if photo.offline:
            return self.tr("{0} stays: its drive is not connected.").format(name)
        folder = self.protector(photo)
        if folder is not None:
            text = self.tr("{0} stays: {1} is a protected folder.")
            return text.format(name, formatting.home_path(folder))
        return None

    def protector(self, photo: PhotoRecord) -> bytes | None:
        """The protected folder that a photo lies in."""
        folders = map(os.fsencode, self._session.settings.protected)
        return next((each for each in folders if is_under(photo.path, (each,))), None)

    def marked(self) -> list[PhotoRecord]:
        """The photos of the present groups that are marked for removal."""
        found: dict[bytes, PhotoRecord] = {}
        for path, verdict in self._verdicts.items():
            if verdict is Verdict.REMOVE and path in self._groups_of:
                members = self._groups_of[path][0].members
                found[path] = next(each.photo for each in members if each.photo.path == path)
        return list(found.values())

    def removals(self) -> list[RemovalRequest]:
        """What to ask the removal for: each marked photo with the copy that stays."""
        return [request for photo in self.marked() if (request := self._request(photo))]

    # -- deciding ---------------------------------------------------------------------------------

    def keep(self, photos: Iterable[PhotoRecord]) -> bool:
        return self._do(self.tr("keep"), Change(dict.fromkeys(photos, Verdict.KEEP)))

    def undecide(self, photos: Iterable[PhotoRecord]) -> bool:
        return self._do(self.tr("undecided"), Change(dict.fromkeys(photos)))

    def remove(self, photos: Iterable[PhotoRecord]) -> bool:
        """Mark for removal; refused as a whole if a group would lose its last copy."""
        return self.set(dict.fromkeys(photos, Verdict.REMOVE), self.tr("mark for removal"))

    def set(self, changes: Mapping[PhotoRecord, Verdict | None], text: str = "") -> bool:
        """Several verdicts as one step; False (and `refused`) if one of them must not be."""
        reason = self.objection(changes)
        if reason is not None:
            self.refused.emit(reason)
            return False
        return self._do(text or self.tr("marks"), Change(dict(changes)))

    def keep_this_remove_rest(self, group: Group, photo: PhotoRecord) -> bool:
        """Shift+P: one stays, what can go of the others is marked."""
        changes: dict[PhotoRecord, Verdict | None] = {photo: Verdict.KEEP}
        for member in group.members:
            if member.photo != photo and self.obstacle(member.photo) is None:
                changes[member.photo] = Verdict.REMOVE
        return self.set(changes, self.tr("keep one, remove the rest"))

    def accept(self, groups: Sequence[Group]) -> int:
        """Mark what is suggested in these groups, as one step; the number of photos marked.

        A group that cannot lose what is suggested is left as it is.
        """
        steps: list[Steps] = []
        for group in groups:
            step: Steps = dict.fromkeys((m.photo for m in self.suggested(group)), Verdict.REMOVE)
            if step:
                steps.append({**step, self.keeper(group).photo: Verdict.KEEP})
        changes = self.allowed(steps)
        self._do(self.tr("accept the suggestion"), Change(changes))
        return sum(verdict is Verdict.REMOVE for verdict in changes.values())

    def allowed(self, steps: Iterable[Steps]) -> Steps:
        """All steps together, but for those that must not follow the ones before."""
        changes: Steps = {}
        after: dict[bytes, Verdict | None] = {}
        for step in steps:
            new = {photo: each for photo, each in step.items() if photo not in changes}
            if Verdict.REMOVE in new.values() and self.objection(new, after) is None:
                changes.update(new)
                after.update((photo.path, each) for photo, each in new.items())
        return changes

    def next_keeper(self, group: Group) -> Member:
        """K: suggest the next member that can stay."""
        now = self.keeper(group)
        places = [each for each in group.members if not self._is_marked(each) or each is now]
        following = places[(places.index(now) + 1) % len(places)]
        self.suggest(group, following.photo)
        return following

    def suggest(self, group: Group, photo: PhotoRecord) -> bool:
        """Another keeper; the old one's KEEP and the new one's REMOVE are taken away."""
        change = Change(keepers={group.key: photo.path})
        old = self.keeper(group).photo
        if old != photo and self.verdict(old) is Verdict.KEEP:
            change.verdicts[old] = None
        if self.verdict(photo) is Verdict.REMOVE:
            change.verdicts[photo] = None
        return self._do(self.tr("suggest another keeper"), change)

    def remove_whole_group(self, group: Group) -> bool:
        """Mark every photo of a group. Only after the user was asked about exactly this."""
        reasons = [self.obstacle(each.photo) for each in group.members]
        refused = next((each for each in reasons if each is not None), None)
        if refused is not None:
            self.refused.emit(refused)
            return False
        marks: dict[PhotoRecord, Verdict | None] = {
            each.photo: Verdict.REMOVE for each in group.members
        }
        after = {photo.path: verdict for photo, verdict in marks.items()}
        touched = {g.key: g for photo in marks for g in self._groups_of.get(photo.path, [])}
        emptied = {key: True for key, g in touched.items() if not self._stays(g, after)}
        return self._do(self.tr("remove the whole group"), Change(marks, emptied=emptied))

    def not_duplicates(self, group: Group) -> bool:
        """Shift+N: never show these together again, and take their marks away.

        Of what was called so before: let them belong together again.
        """
        apart = group.kind is not Kind.DIFFERENT
        if apart and len(group.content_ids) < 2:
            text = self.tr("These files are the same, byte for byte. To leave them, keep each (P).")
            self.refused.emit(text)
            return False
        photos = [each.photo for each in group.members if apart and self.verdict(each.photo)]
        after = Change(dict.fromkeys(photos))
        text = self.tr("not duplicates") if apart else self.tr("duplicates again")
        self.undo_stack.push(Parting(self, text, (self.now(after), after), group, apart=apart))
        return True

    def cut(self, group: Group, member: Member) -> bool:
        """This member is not what the group's first photo is; remembered by content."""
        return self.not_duplicates(replace(group, members=(group.members[0], member)))

    def forget(self, photos: Iterable[PhotoRecord]) -> None:
        """These photos were removed: their marks are settled."""
        self.apply(Change(dict.fromkeys(photos)))

    def mark_again(self, photos: Iterable[PhotoRecord]) -> None:
        """These photos came back: they are marked as they were before they went."""
        self.apply(Change(dict.fromkeys(photos, Verdict.REMOVE)))

    # -- one step ---------------------------------------------------------------------------------

    def _do(self, text: str, change: Change) -> bool:
        """Push the step unless it changes nothing."""
        before = self.now(change)
        if before == change:
            return False
        self.undo_stack.push(Step(self, text, before, change))
        return True

    def now(self, change: Change) -> Change:
        """What undoes a change."""
        return Change(
            {photo: self._verdicts.get(photo.path) for photo in change.verdicts},
            {key: self._keepers.get(key) for key in change.keepers},
            {key: key in self._emptied for key in change.emptied},
        )

    def apply(self, change: Change) -> None:
        """Set, store and tell; for the steps."""
        self._session.set_verdicts(change.verdicts)
        for photo, verdict in change.verdicts.items():
            _put(self._verdicts, photo.path, verdict)
        for key, path in change.keepers.items():
            _put(self._keepers, key, path)
        for key, whole in change.emptied.items():
            (self._emptied.add if whole else self._emptied.discard)(key)
        self._heal(change.verdicts)
        self.changed.emit()

    def part(self, group: Group, *, apart: bool) -> None:
        """Remember, and hide the group until the groups are derived anew; for the steps."""
        photos = [each.photo for each in group.members]
        if apart:
            self._session.not_duplicates(photos)
            self._parted.add(group.content_ids)
        else:
            self._session.duplicates_again(photos)
            self._parted = {each for each in self._parted if len(each & group.content_ids) < 2}
        self.hidden_changed.emit()

    # -- the rule of the last copy ----------------------------------------------------------------

    def objection(
        self,
        changes: Mapping[PhotoRecord, Verdict | None],
        beside: dict[bytes, Verdict | None] | None = None,
    ) -> str | None:
        """Why these verdicts must not be given, in a sentence; None if they may.

        beside: verdicts by path that are to be given in the same step.
        """
        own: dict[bytes, Verdict | None] = {
            photo.path: verdict for photo, verdict in changes.items()
        }
        after = ChainMap(own, beside or {})
        for photo, verdict in changes.items():
            if verdict is not Verdict.REMOVE:
                continue
            obstacle = self.obstacle(photo)
            if obstacle is not None:
                return obstacle
            if photo.path not in self._groups_of:
                text = self.tr("{0} stays: it belongs to no group now.")
                return text.format(explain.file_name(photo))
            for group in self._groups_of[photo.path]:
                if group.key not in self._emptied and not self._stays(group, after):
                    return self.tr(
                        "{0} stays: it is the last copy of its group that can be kept."
                    ).format(explain.file_name(photo))
        return None

    def _stays(self, group: Group, after: Mapping[bytes, Verdict | None]) -> bool:
        """Whether a member that is there stays unmarked."""
        return any(
            not each.photo.offline
            and after.get(each.photo.path, self._verdicts.get(each.photo.path))
            is not Verdict.REMOVE
            for each in group.members
        )

    def _heal(self, photos: Iterable[PhotoRecord]) -> None:
        """No mark on these empties a group or holds in a protected folder.

        Marks of another day, and what an undo brings back, were given for other groups.
        """
        spared: dict[PhotoRecord, Verdict | None] = {}
        for photo in photos:
            if self.verdict(photo) is Verdict.REMOVE and self.protector(photo) is not None:
                spared[photo] = None
            for group in self._groups_of.get(photo.path, []):
                if group.key in self._emptied or self._stays(group, {}):
                    continue
                there = [each.photo for each in group.members if not each.photo.offline]
                spared.update((each, None) for each in there[:1])
        if spared:
            self.apply(Change(spared))

    def _is_marked(self, member: Member) -> bool:
        return self._verdicts.get(member.photo.path) is Verdict.REMOVE

    def _request(self, photo: PhotoRecord) -> RemovalRequest | None:
        """The surest reason for which a marked photo can go."""
        found: list[RemovalRequest] = []
        for group in self._groups_of[photo.path]:
            keeper = self.keeper(group)
            if not self._is_marked(keeper):
                kind, probability = relation_between(group, photo, keeper.photo)
                found.append(RemovalRequest(photo, keeper.photo, kind, probability))
            elif group.key in self._emptied:
                found.append(RemovalRequest(photo, None, group.kind, group.probability))
        found.sort(key=lambda each: (each.keeper is None, _SURENESS.index(each.kind)))
        return found[0] if found else None


def _put(table: dict, key: object, value: object | None) -> None:  # type: ignore[type-arg]
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
