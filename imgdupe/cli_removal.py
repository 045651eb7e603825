# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The commands that remove and bring back: remove, history, undo; by the safety protocol."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import Any

from imgdupe.cli_library import absolute, stop_on_interrupt
from imgdupe.cli_output import print_json, printable, size_text
from imgdupe.control import RunControl
from imgdupe.engine.report import path_fields
from imgdupe.engine.session import Session
from imgdupe.errors import UserError
from imgdupe.records import Group, Kind, Member
from imgdupe.removal.execute import BatchResult
from imgdupe.removal.merge_metadata import Merge
from imgdupe.removal.plan import Plan, RemovalRequest

_NEVER_SUGGESTED = (Kind.BURST, Kind.SIMILAR)


def remove(arguments: Namespace) -> int:
    """Move copies to the trash; 1 if the batch was stopped or not agreed to."""
    with Session.open(arguments.data_dir) as session:
        requests = _requests(session.groups(), arguments)
        merge = arguments.merge_metadata
        planned = session.plan_removal(requests, large=arguments.yes, merge_metadata=merge)
        if arguments.dry_run:
            _print_plan(planned, as_json=arguments.json)
            return 0
        if planned.needs_confirmation and not arguments.yes:
            _print_plan(planned, as_json=False, to=sys.stderr)
        if planned.items and not arguments.yes and not _agreed(planned):
            return 1
        planned = session.plan_removal(requests, large=True, merge_metadata=merge)
        control = RunControl()
        stop_on_interrupt(control)
        result = session.remove(planned, control)
    if arguments.json:
        print_json(_result_document(result))
    else:
        _print_result(result)
    return 1 if result.stopped or result.restored else 0


def _requests(groups: Sequence[Group], arguments: Namespace) -> list[RemovalRequest]:
    if arguments.plan:
        return _planned_requests(groups, arguments.plan)
    refused = [kind for kind in arguments.kind if kind in _NEVER_SUGGESTED]
    if refused:
        raise UserError(
            f"{', '.join(refused)}: these are different photographs and are never suggested for "
            "removal. List the ones you decided on in a --plan file."
        )
    if not arguments.kind:
        raise UserError("--suggested needs --kind: say which copies, e.g. --kind identical.")
    return [
        _request(group, member, group.members[0])
        for group in groups
        for member in group.members
        if member.preselected and member.kind in arguments.kind
    ]


def _request(group: Group, victim: Member, keeper: Member) -> RemovalRequest:
    """With the relation of these two; one known only by way of others is the group's."""
    kind, probability = group.kind, group.probability
    ends = {victim.photo.content_id, keeper.photo.content_id}
    if len(ends) == 1:
        kind, probability = Kind.IDENTICAL, 1.0
    for edge in group.edges:
        if {edge.a, edge.b} == ends:
            kind, probability = edge.kind, edge.probability
    return RemovalRequest(victim.photo, keeper.photo, kind, probability)


def _planned_requests(groups: Sequence[Group], name: str) -> list[RemovalRequest]:
    """The requests of a plan file: {"remove": [{"path": …, "keeper": …}, …]}."""
    members = {member.photo.path: (member, group) for group in groups for member in group.members}
    requests = []
    for victim_path, keeper_path in _read_plan(name):
        if victim_path not in members:
            raise UserError(
                f"{printable(victim_path)} is in no group. Scan its folder, or check {name}."
            )
        victim, group = members[victim_path]
        keeper = _keeper(group, keeper_path, victim)
        requests.append(_request(group, victim, keeper))
    return requests


def _keeper(group: Group, path: bytes | None, victim: Member) -> Member:
    """The member that stays: the named one, else the suggested one."""
    if path is None:
        return group.members[0]
    for member in group.members:
        if member.photo.path == path:
            return member
    raise UserError(
        f"{printable(path)} is not in one group with {printable(victim.photo.path)}: "
        "a copy can only go if the one that stays is named from its own group."
    )


def _read_plan(name: str) -> list[tuple[bytes, bytes | None]]:
    try:
        with open(name, encoding="utf-8") as file:
            entries = json.load(file)["remove"]
        return [(_plan_path(entry, "path"), _optional_path(entry, "keeper")) for entry in entries]
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f'{name} is not a plan. It should look like {{"remove": [{{"path": "/photos/copy.jpg", '
            '"keeper": "/photos/original.jpg"}]}.'
        ) from error


def _plan_path(entry: dict[str, str], key: str) -> bytes:
    if f"{key}_hex" in entry:
        return bytes.fromhex(entry[f"{key}_hex"])
    return absolute(entry[key])


def _optional_path(entry: dict[str, str], key: str) -> bytes | None:
    return _plan_path(entry, key) if key in entry or f"{key}_hex" in entry else None


def _agreed(planned: Plan) -> bool:
    if not sys.stdin.isatty():
        raise UserError("Nothing was moved: say --yes to remove without being asked.")
    for warning in planned.needs_confirmation:
        print(f"! {warning}", file=sys.stderr)
    answer = input(f"Move {len(planned.items)} photos to the trash? [y/N] ")
    return answer.strip().casefold() in {"y", "yes"}


def _print_plan(planned: Plan, *, as_json: bool, to: Any = None) -> None:
    if as_json:
        print_json(
            {
                "batch": None,
                "moved": [],
                "would_move": [
                    {
                        **path_fields(item.request.victim.path),
                        **(
                            path_fields(item.request.keeper.path, "keeper")
                            if item.request.keeper
                            else {}
                        ),
                        **_merge_document(item.merge),
                    }
                    for item in planned.items
                ],
                "refused": _refusals(planned.refused),
                "restored": [],
            }
        )
        return
    for item in planned.items:
        photo = item.request.victim
        print(f"would move {printable(photo.path)}  {size_text(photo.bytes_total)}", file=to)
        if item.merge is not None:
            print(f"  into {printable(item.merge.target)}:", file=to)
            for each in item.merge.fields:
                was = f" (was: {each.before})" if each.before else ""
                print(f"    {each.name}: {each.after}{was}", file=to)
    for refusal in planned.refused:
        print(f"refused    {printable(refusal.path)}: {refusal.reason}", file=to)
    for warning in planned.needs_confirmation:
        print(f"! {warning}", file=to)


def _merge_document(merge: Merge | None) -> dict[str, Any]:
    """What the copy that stays gets, field by field; nothing if it gets nothing."""
    if merge is None:
        return {}
    fields = [{"field": f.name, "before": f.before, "after": f.after} for f in merge.fields]
    return {"merge": {**path_fields(merge.target, "into"), "fields": fields}}


def _refusals(refused: Iterable[Any]) -> list[dict[str, Any]]:
    return [{**path_fields(each.path), "reason": each.reason} for each in refused]


def _result_document(result: BatchResult) -> dict[str, Any]:
    return {
        "batch": result.batch,
        "moved": [
            {
                **path_fields(moved.path),
                **path_fields(moved.trash_path, "trash_path"),
                **(path_fields(moved.keeper, "keeper") if moved.keeper else {}),
            }
            for moved in result.moved
        ],
        "refused": _refusals(result.refused),
        "restored": _refusals(result.restored),
        "merged_into": [path_fields(path) for path in result.rewritten],
        "stopped": result.stopped,
    }


def _print_result(result: BatchResult) -> None:
    print(f"{len(result.moved)} photos moved to the trash (batch {result.batch})")
    if result.rewritten:
        print(f"metadata merged into {len(result.rewritten)} photos that stay")
    for refusal in result.refused:
        print(f"kept {printable(refusal.path)}: {refusal.reason}")
    for refusal in result.restored:
        print(f"brought back {printable(refusal.path)}: {refusal.reason}")
    if result.stopped:
        print(f"Stopped: {result.stopped}")
    if result.moved:
        print(f"Take it back with: imgdupe undo {result.batch}")


def history(arguments: Namespace) -> int:
    """List every batch with the state of its files."""
    with Session.open(arguments.data_dir) as session:
        batches = session.history()
    if arguments.json:
        print_json({"batches": [_batch_document(batch) for batch in batches]})
        return 0
    for batch in batches:
        size = sum(item.size for item in batch.items)
        print(f"{batch.id}  {batch.at}  {len(batch.items)} photos, {size_text(size)}")
        for item in batch.items:
            print(
                f"  {item.state:9} {printable(item.path)}"
                + (f": {item.reason}" if item.reason else "")
            )
            for merged in item.merged:
                print(f"            merged into {printable(item.keeper or b'')}: {merged}")
    if not batches:
        print("Nothing was removed yet.")
    return 0


def _batch_document(batch: Any) -> dict[str, Any]:
    return {
        "batch": batch.id,
        "at": batch.at,
        "items": [
            {
                **path_fields(item.path),
                **path_fields(item.trash_path or b"", "trash_path"),
                "state": item.state,
                "size": item.size,
                "kind": item.kind,
                "reason": item.reason,
                "merged": list(item.merged),
            }
            for item in batch.items
        ],
    }


def undo(arguments: Namespace) -> int:
    """Bring a batch back; 1 if a file could not be brought back."""
    with Session.open(arguments.data_dir) as session:
        if not session.history():
            raise UserError("There is nothing to undo: nothing was removed yet.")
        result = session.undo(arguments.batch)
    if arguments.json:
        print_json(
            {
                "batch": result.batch,
                "restored": [
                    {**path_fields(old), **path_fields(new, "restored_as")}
                    for old, new in result.restored
                ],
                "failed": _refusals(result.failed),
                "notes": _refusals(result.notes),
            }
        )
    else:
        print(f"{len(result.restored)} photos brought back (batch {result.batch})")
        for old, new in result.restored:
            if old != new:
                print(f"  {printable(old)} came back as {os.path.basename(printable(new))}")
        for note in result.notes:
            print(f"  {printable(note.path)} is back, but {note.reason}")
        for refusal in result.failed:
            print(f"  not brought back: {printable(refusal.path)}: {refusal.reason}")
    return 1 if result.failed else 0
