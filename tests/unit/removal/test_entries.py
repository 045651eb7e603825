# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Entries survive their way through the journal exactly, or are refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgdupe.records import Kind
from imgdupe.removal.entries import DamagedEntry, Entry, EntryFile, Identity, State, dump, load

numbers = st.integers(0, 2**63 - 1)
paths = st.binary(min_size=1, max_size=60).filter(lambda path: b"\0" not in path)
identities = st.builds(Identity, numbers, numbers, numbers, st.integers(-(2**62), 2**62))
contents = st.binary(min_size=16, max_size=16)
files = st.builds(
    EntryFile, paths, identities, contents, st.none() | paths, st.none() | paths, st.none() | paths
)
entries = st.builds(
    Entry,
    seq=numbers,
    batch=st.text(max_size=20),
    at=st.text(max_size=30),
    state=st.sampled_from(State),
    reason=st.text(max_size=40),
    kind=st.sampled_from(Kind),
    probability=st.floats(0, 1),
    keeper=st.none() | paths,
    keeper_identity=st.none() | identities,
    keeper_content=st.none() | contents,
    files=st.lists(files, min_size=1, max_size=4).map(tuple),
    version=st.just("0.1.0"),
)


@given(entries)
def test_what_is_written_is_read(entry: Entry) -> None:
    line = dump(entry)
    assert b"\n" not in line
    assert load(line) == entry


@given(entries, st.data())
def test_one_flipped_bit_is_noticed(entry: Entry, data: st.DataObject) -> None:
    line = bytearray(dump(entry))
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(DamagedEntry):
        assert load(bytes(line)) == entry


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b"null", b'{"crc": 1}', b"\xff", b"[" * 100_000, b'{"crc":"x"}']
)
def test_what_is_no_entry_is_refused(line: bytes) -> None:
    with pytest.raises(DamagedEntry):
        load(line)
