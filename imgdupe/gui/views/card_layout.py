# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Where the cards of a list of groups lie, in the coordinates of the whole list.

Main thread (it measures fonts); knows no widget. Laying 50,000 cards out takes some 50 ms, so it is
done only when the groups, the room or the font are others than before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont

from imgdupe.gui.delegates.group_card import GAP_PX, CardSizes
from imgdupe.gui.views.flow import Flow

MARGIN_PX = 8
_COLUMN_PX = 146
_MOST_TILES = 6


class CardLayout:
    """Lines of one height; a card takes a column for each photo, up to a whole line.

    A section begins a line, below a heading.
    """

    def __init__(self, font: QFont) -> None:
        self.flow = Flow()
        self.sizes = CardSizes.of(font, _COLUMN_PX)
        self._columns = 2
        self._width = 0
        self._widths: list[int] = []
        self._section_rows: Sequence[int] = ()
        self._section_lines: list[int] = []
        self._stamp: object = None

    def arrange(
        self,
        spans: Sequence[int],
        section_rows: Sequence[int],
        version: object,
        width: int,
        font: QFont,
    ) -> None:
        """Lay out cards with room for so many photos in this width; sections begin at some rows.

        `version` tells one list of groups from another. Columns are as wide as they can be, an even
        number of them, so that pairs fill the lines.
        """
        stamp = (version, width, font.key())
        if stamp == self._stamp:
            return
        self._stamp = stamp
        self._width = width
        room = max(width - 2 * MARGIN_PX + GAP_PX, _COLUMN_PX)
        self._columns = max(room // _COLUMN_PX // 2 * 2, 2)
        self.sizes = CardSizes.of(font, room // self._columns)
        most = min(self._columns, _MOST_TILES)
        self._widths = [min(span, most) for span in spans]
        self.flow.arrange(self._widths, self._columns, frozenset(section_rows))
        self._section_rows = section_rows
        self._section_lines = [self.flow.line(row) for row in section_rows]

    def __len__(self) -> int:
        return len(self.flow)

    @property
    def pitch(self) -> int:
        """From one line's top to the next one's, where no heading is between."""
        return self.sizes.height + GAP_PX

    @property
    def heading(self) -> int:
        """The height of a section's heading, with the gap below it."""
        return self.sizes.head + 2 * GAP_PX

    @property
    def height(self) -> int:
        """Of the whole list."""
        return self._top(self.flow.lines) + MARGIN_PX - GAP_PX

    def shown(self, row: int) -> int:
        """How many photos a card shows at once."""
        return self._widths[row]

    def card(self, row: int) -> QRect:
        """The card of a row."""
        left = MARGIN_PX + self.flow.column(row) * self.sizes.column
        width = self._widths[row] * self.sizes.column - GAP_PX
        return QRect(left, self._top(self.flow.line(row)), width, self.sizes.height)

    def heading_box(self, section: int) -> QRect:
        """Where a section's heading is written."""
        top = self._top(self._section_lines[section]) - self.heading
        return QRect(MARGIN_PX, top, self._width - 2 * MARGIN_PX, self.heading - GAP_PX)

    def section_of(self, row: int) -> int | None:
        """The section a row is in."""
        found = bisect_right(self._section_rows, row) - 1
        return found if found >= 0 else None

    def touched(self, top: int, bottom: int) -> range:
        """The rows whose lines, or the headings above them, have a part between these heights."""
        below = self.heading if self._section_lines else 0
        return self.flow.rows(self._line_at(top), self._line_at(bottom + below))

    def whole(self, top: int, bottom: int) -> range:
        """The rows whose lines lie between these heights as a whole."""
        first, last = self._line_at(top), self._line_at(bottom)
        first += self._top(first) < top
        last -= self._top(last) + self.sizes.height > bottom
        return self.flow.rows(first, last)

    def _line_at(self, y: int) -> int:
        """The last line that begins at or above this height; -1 above the first."""
        return bisect_right(range(self.flow.lines), y, key=self._top) - 1

    def _top(self, line: int) -> int:
        headings = bisect_right(self._section_lines, line)
        return MARGIN_PX + line * self.pitch + headings * self.heading
