# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The one error that is shown to people. Everything else that is raised is a bug.

Floor 0: any floor, any thread.
"""

from __future__ import annotations


class UserError(Exception):
    """The environment is at fault (disk full, no permission, wrong usage).

    The message is complete: it names the file, says what is wrong and what to do.
    """


class LibraryBusy(UserError):  # noqa: N818 - a state of the library
    """Another imgdupe holds the library."""


class ModelMissing(UserError):  # noqa: N818 - a state of the installation
    """The network's file is not there or not the right one; pHash alone still works."""


class SearchQueryError(UserError):
    """A picture given to a search could not be read."""
