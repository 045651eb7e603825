# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Runs a plan: check, write down, move, verify, look at the keeper again; one photo at a time.

Called in a job's thread or by a command, while the library's lock is held. The steps and their
exits are drawn in the package's docstring. Must not touch the catalog: the caller does, after.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from imgdupe import __version__
from imgdupe.control import Cancelled, RunControl
from imgdupe.errors import UserError
from imgdupe.removal.check import Checked, CheckedFile, Context, checked
from imgdupe.removal.entries import Entry, EntryFile, State
from imgdupe.removal.identity import Refused, digest, hold, is_listed, shown, verify_moved
from imgdupe.removal.journal import Journal, JournalUnavailable
from imgdupe.removal.moves import sync_folder
from imgdupe.removal.plan import Plan, PlannedItem, Refusal
from imgdupe.removal.recover import recover
from imgdupe.removal.settle import take_back
from imgdupe.removal.trash import Slot, TrashMisbehavedError, release

_MAX_ERRORS = 3
_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk's quota is used up",
    errno.EROFS: "the volume is read-only",
    errno.EACCES: "no permission to move it",
    errno.EPERM: "no permission to move it",
    errno.EXDEV: "its trash is on another volume, and nothing is copied",
    errno.EIO: "the disk reports an error",
}
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Moved:
    """A photo that is in the trash now; `keeper` is None if its whole group went."""

    path: bytes
    trash_path: bytes
    keeper: bytes | None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What was done and what was not. `stopped`: why the batch ended early, else None.

    `rewritten`: photos that stay and got metadata, in their own file or a sidecar.
    """

    batch: str
    moved: tuple[Moved, ...]
    refused: tuple[Refusal, ...]
    restored: tuple[Refusal, ...]
    stopped: str | None
    rewritten: tuple[bytes, ...] = ()


class _Undone(Exception):  # noqa: N818 - a way out, not an error
    """The move was taken back; `stops` ends the batch."""

    def __init__(self, reason: str, *, stops: bool) -> None:
        super().__init__(reason)
        self.stops = stops


def execute(
    plan: Plan,
    journal: Journal,
    *,
    still_decodes: Callable[[bytes], bool],
    control: RunControl,
    on_item: Callable[[int, int], None] | None = None,
) -> BatchResult:
    """Move the plan's photos to the trash. UserError if the plan was not confirmed.

    `still_decodes(keeper path)`: can the picture be opened now. Cancelling finishes the photo at
    hand; what moved stays moved and is reported.
    """
    if plan.needs_confirmation:
        raise UserError("Confirm first: " + " ".join(plan.needs_confirmation))
    recover(journal)
    batch = _Batch(plan, journal, still_decodes)
    for done, item in enumerate(plan.items, start=1):
        try:
            control.checkpoint()
        except Cancelled:
            batch.stopped = "You stopped it."
        if batch.stopped:
            break
        batch.remove(item)
        if on_item is not None:
            on_item(done, len(plan.items))
    return batch.result()


@dataclass(slots=True)
class _Batch:
    """The batch under way and its breaker."""

    plan: Plan
    journal: Journal
    still_decodes: Callable[[bytes], bool]
    stopped: str | None = None
    _id: str = ""
    _moved: list[Moved] = field(default_factory=list)
    _refused: list[Refusal] = field(default_factory=list)
    _restored: list[Refusal] = field(default_factory=list)
    _rewritten: list[bytes] = field(default_factory=list)
    _errors: int = 0
    _context: Context = field(init=False)

    def __post_init__(self) -> None:
        self._id = self.journal.next_batch()
        self._refused.extend(self.plan.refused)
        self._context = Context(
            items=self.plan.items,
            protected=self.plan.protected,
            litter=self.journal.litter,
            still_decodes=self.still_decodes,
        )

    def result(self) -> BatchResult:
        return BatchResult(
            self._id,
            tuple(self._moved),
            tuple(self._refused),
            tuple(self._restored),
            self.stopped,
            tuple(dict.fromkeys(self._rewritten)),
        )

    def remove(self, item: PlannedItem) -> None:
        """One photo, to an end: moved, refused or restored. Trouble is counted."""
        path = item.victim.path
        try:
            with checked(item, self._context) as unit:
                self._moved.append(self._move(item, unit))
        except Refused as refusal:
            self._refused.append(Refusal(path, str(refusal)))
        except _Undone as undone:
            self._restored.append(Refusal(path, str(undone)))
            if undone.stops:
                self.stopped = str(undone)
        except JournalUnavailable as error:
            self._refused.append(Refusal(path, "it could not be written down first"))
            self.stopped = str(error)
        except OSError as error:
            self._refused.append(Refusal(path, _text(error)))
            self._count(error)

    def _count(self, error: OSError) -> None:
        self._errors += 1
        if error.errno in _FULL:
            self.stopped = "The disk is full. Make room, then go on with the rest."
        elif self._errors >= _MAX_ERRORS:
            self.stopped = f"{self._errors} photos could not be moved; the last: {_text(error)}"

    def _move(self, item: PlannedItem, unit: Checked) -> Moved:
        """INTENT, the moves, and what proves them. Anything else takes the unit back."""
        slots: list[Slot] = []
        try:
            for each in unit.files:
                slots.append(unit.trash.reserve(each.held.path, self.journal.litter))  # noqa: PERF401
            if unit.rewrite:
                target = unit.rewrite.merge.target
                slots.append(unit.rewrite.trash.reserve(target, self.journal.litter))
            entry = self.journal.begin(self._entry(item, unit, slots))
        except BaseException:
            for slot in slots:
                release(slot)
            raise
        self.journal.litter.clear()
        files = list(entry.files)
        try:
            with self._rewritten_keepers(entry, unit) as keepers:
                for number, each in enumerate(unit.files):
                    where = unit.trash.put(each.held.path, slots[number])
                    files[number] = replace(files[number], slot=where)
                    verify_moved(where, each.held, each.content, trusted=unit.trusted)
                _confirm(keepers)
                for folder in _folders(files):
                    sync_folder(folder)
                done = replace(entry, state=State.TRASHED, files=tuple(files))
                self.journal.put(_kept_by(done, keepers))
        except BaseException as error:
            self._take_back(replace(entry, files=tuple(files)), error)
            raise
        self._note_rewrite(entry)
        return Moved(entry.victim, files[0].slot or b"", entry.keeper)

    @contextmanager
    def _rewritten_keepers(self, entry: Entry, unit: Checked) -> Iterator[tuple[CheckedFile, ...]]:
        """What has to be there after the move; metadata is merged first, so that none is lost."""
        if unit.rewrite is None or entry.merge is None:
            yield unit.keepers
            return
        unit.rewrite.apply(entry.merge)
        with hold(entry.merge.path) as held:
            others = [each for each in unit.keepers if each.held.path != held.path]
            new = CheckedFile(held, entry.merge.content_after)
            yield (new, *others) if len(others) < len(unit.keepers) else (*others, new)

    def _note_rewrite(self, entry: Entry) -> None:
        if entry.merge is None or entry.keeper is None:
            return
        self._rewritten.append(entry.keeper)
        if entry.merge.path == entry.keeper:
            self._context.note_rewrite(entry.keeper, entry.merge.slot, entry.merge.content_after)

    def _take_back(self, entry: Entry, error: BaseException) -> None:
        """Settle a failed move, then say so: RESTORED and NEEDS_USER end as `_Undone`."""
        reason = _text(error) if isinstance(error, OSError) else str(error)
        try:
            settled = take_back(entry, reason)
        except OSError as trouble:
            settled = replace(entry, state=State.NEEDS_USER, reason=_text(trouble))
        try:
            self.journal.put(settled)
        except JournalUnavailable as trouble:
            self.stopped = str(trouble)  # the row stays open; the next start settles it again
        if not isinstance(error, OSError | Refused | UserError):
            return  # a bug, or the program is being ended: it is heard, and the photo is back
        stops = isinstance(error, _KeeperLost | JournalUnavailable | TrashMisbehavedError)
        if settled.state is State.VOID and not stops:
            return  # nothing had moved: it counts as refused
        if isinstance(error, OSError):
            self._count(error)
        if settled.state is State.NEEDS_USER:
            reason, stops = settled.reason, True
        raise _Undone(reason, stops=stops) from error

    def _entry(self, item: PlannedItem, unit: Checked, slots: list[Slot]) -> Entry:
        files = tuple(
            EntryFile(each.held.path, each.held.identity, each.content, slot.path, slot.info)
            for each, slot in zip(unit.files, slots, strict=False)
        )
        keeper = unit.keepers[0] if unit.keepers else None
        return Entry(
            seq=0,
            batch=self._id,
            at=dt.datetime.now().astimezone().isoformat(timespec="seconds"),
            state=State.INTENT,
            reason="",
            kind=item.request.kind,
            probability=item.request.probability,
            keeper=keeper.held.path if keeper else None,
            keeper_identity=keeper.held.identity if keeper else None,
            keeper_content=keeper.content if keeper else None,
            files=files,
            version=__version__,
            merge=unit.rewrite.entry(slots[-1]) if unit.rewrite else None,
        )


class _KeeperLost(Refused):
    """The copy that was to stay is not what it was."""


def _kept_by(entry: Entry, keepers: Sequence[CheckedFile]) -> Entry:
    """With the keeper as it is now: merging gave it other bytes."""
    for each in keepers:
        if each.held.path == entry.keeper:
            identity = each.held.identity
            return replace(entry, keeper_identity=identity, keeper_content=each.content)
    return entry


def _confirm(keepers: Iterable[CheckedFile]) -> None:
    """What stays is still listed, still that file, with those bytes; else _KeeperLost."""
    for keeper in keepers:
        path = keeper.held.path
        try:
            if not is_listed(path):
                raise Refused(f"the copy that stays, {shown(path)}, is gone")
            with hold(path) as found:
                same = found.identity == keeper.held.identity
                if not same or digest(found) != keeper.content:
                    raise Refused(f"the copy that stays, {shown(path)}, was changed")
        except (Refused, OSError) as error:
            raise _KeeperLost(str(error)) from error


def _folders(files: Iterable[EntryFile]) -> list[bytes]:
    """The folders that lost or got a name, each once."""
    paths = [path for each in files for path in (each.path, each.slot) if path]
    return list(dict.fromkeys(map(os.path.dirname, paths)))


def _text(error: OSError) -> str:
    where = f" ({shown(os.fsencode(error.filename))})" if error.filename else ""
    words = _WORDS.get(error.errno or 0) or error.strerror or str(error)
    return words + where
