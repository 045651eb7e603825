# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""`DecodeError`, and how whatever a codec raises becomes a reason that a person understands.

Any thread. Codecs raise almost anything (OSError, ValueError, SyntaxError, RuntimeError,
MemoryError, struct.error, …), so calls into them stand inside `codec_errors`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError

from imgdupe.records import ProblemKind

_ENDS_EARLY = ("truncated", "end of file", "eof", "not enough", "too few", "broken data stream")
_NOT_READ = ("not supported", "unsupported", "not implemented", "no decoder", "no codec")
_MEMORY = ("memory", "could not create decoder", "allocat", "security limit")
_MESSAGE_CHARS = 120

MEMORY_TEXT = "Decoding it would need more memory than one picture may have (1 GiB)."


class DecodeError(Exception):
    """A file has no picture to compare; `detail` says why in words."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail

    def __reduce__(self) -> tuple[type[DecodeError], tuple[ProblemKind, str]]:
        return DecodeError, (self.kind, self.detail)


@contextmanager
def codec_errors(format_name: str) -> Iterator[None]:
    """Turn whatever a codec raises inside into a `DecodeError`."""
    try:
        yield
    except DecodeError:
        raise
    except Exception as error:  # codecs raise anything; little of ours runs inside
        raise _explained(format_name, error) from error


def file_error(error: OSError) -> DecodeError:
    """The reason why a file could not be opened or read."""
    kind, text = {
        errno.ENOENT: (ProblemKind.NOT_FOUND, "The file is not there (any more)."),
        errno.EACCES: (ProblemKind.NO_ACCESS, "You have no permission to read it."),
        errno.EPERM: (ProblemKind.NO_ACCESS, "You have no permission to read it."),
        errno.ENXIO: (ProblemKind.NOT_AN_IMAGE, "This is not a file but a pipe or a socket."),
    }.get(error.errno or 0, (ProblemKind.OTHER, f"It could not be read: {error.strerror}."))
    return DecodeError(kind, text)


def _explained(format_name: str, error: Exception) -> DecodeError:
    message = str(error).strip()
    words = message.lower()
    if isinstance(error, MemoryError | Image.DecompressionBombError) or _any(words, _MEMORY):
        return DecodeError(ProblemKind.TOO_LARGE, MEMORY_TEXT)
    if isinstance(error, NotImplementedError) or _any(words, _NOT_READ):
        text = f"This variant of {format_name} is not read"
        return DecodeError(ProblemKind.UNSUPPORTED, _with_message(text, message))
    if isinstance(error, EOFError) or _any(words, _ENDS_EARLY):
        text = f"The {format_name} file ends before the picture does"
        return DecodeError(ProblemKind.TRUNCATED, _with_message(text, message))
    text = f"The {format_name} file is damaged and cannot be decoded"
    if isinstance(error, UnidentifiedImageError):
        message = "the header makes no sense"
    return DecodeError(ProblemKind.DAMAGED, _with_message(text, message))


def _with_message(text: str, message: str) -> str:
    """The reason, with what the codec said in brackets for those who want to look it up."""
    message = " ".join(message.split())[:_MESSAGE_CHARS]
    return f"{text} ({message})." if message else f"{text}."


def _any(words: str, marks: tuple[str, ...]) -> bool:
    return any(mark in words for mark in marks)
