# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S3: the groups on their shelves, to be decided page by page.

Main thread. Marks and never removes; opens nothing itself but asks the window by signals.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QSettings, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from imgdupe.gui import explain, formatting
from imgdupe.gui.arrange import Order, arranged, folder_pair, folders_of
from imgdupe.gui.dialogs.folder_choice import FolderChoice
from imgdupe.gui.group_filter import Filter, choices_of
from imgdupe.gui.marks import Marks
from imgdupe.gui.review_keys import Deed, decide, deed_of
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.empty import EmptyState
from imgdupe.gui.views.group_hands import GroupHands
from imgdupe.gui.views.group_menu import GroupMenu
from imgdupe.gui.views.groups_bars import FilterBar, FootBar
from imgdupe.gui.views.hint import Hint
from imgdupe.gui.views.toast import Toast
from imgdupe.records import Group, PhotoRecord, Shelf

_FILTER_MS = 150
_SHELVES = tuple(Shelf)
_WITHOUT_MARKS = {Deed.NOT_DUPLICATES, Deed.COMPARE, Deed.ZOOM, Deed.GRID}


class GroupsView(QWidget):
    """`compare_requested` carries a Group, `similar_requested` a PhotoRecord.

    `protect_requested`: a folder, and whether it is to be protected.
    """

    compare_requested = Signal(object)
    remove_requested = Signal()
    similar_requested = Signal(object)
    protect_requested = Signal(object, bool)

    def __init__(
        self,
        marks: Marks,
        thumbs: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._marks = marks
        self._given: Sequence[Group] = ()
        self._parted: Sequence[Group] = ()
        self._shelves: dict[Shelf, list[Group]] = {shelf: [] for shelf in _SHELVES}
        self._chosen = False
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(self.tr("Shelves"))
        for shelf in _SHELVES:
            self.tabs.addTab(explain.shelf_name(shelf))
        self.filters = FilterBar()
        self.grid = GroupHands(marks, thumbs)
        self.foot = FootBar()
        self.hint = Hint()
        self._empty = EmptyState("keep", "", "")
        self._filter_timer = QTimer(self, interval=_FILTER_MS, singleShot=True)
        self._lay_out()
        self._connect()

    # -- groups -----------------------------------------------------------------------------------

    def set_groups(self, groups: Sequence[Group], parted: Sequence[Group] = ()) -> None:
        """The groups that there are now. What is shown keeps its place, new ones come below.

        `parted`: what was called not duplicates, for the last shelf.
        """
        if groups is self._given and parted == self._parted:
            return
        self._given, self._parted = groups, parted
        self._marks.set_groups(groups)
        self._sort_out()
        if not self._chosen:
            self._show_first_filled()
        self._show(in_place=True)

    def shown(self) -> list[Group]:
        """The groups of the shelf in front, filtered and in order."""
        return list(self.grid.model_.groups())

    def show_group(self, key: str) -> None:
        """Make that group current, if it is shown."""
        row = self.grid.model_.row_of(key)
        if row is not None:
            self.grid.select(row)

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filters.text.setFocus()
        self.filters.text.selectAll()

    def remember(self, memory: QSettings) -> None:
        """Write down order, filter and shelf."""
        memory.setValue("groups/order", str(self.filters.order()))
        memory.setValue("groups/filter", self.filters.filter().to_text())
        memory.setValue("groups/shelf", str(self.shelf) if self._chosen else "")

    def restore(self, memory: QSettings) -> None:
        """What `remember` wrote; anything else is passed over."""
        order, shelf = memory.value("groups/order"), memory.value("groups/shelf")
        if order in set(Order):
            self.filters.set_order(Order(str(order)))
        self.filters.set_filter(Filter.from_text(str(memory.value("groups/filter", ""))))
        if shelf in set(Shelf):
            self.tabs.setCurrentIndex(_SHELVES.index(Shelf(str(shelf))))
            self._chosen = True

    @property
    def shelf(self) -> Shelf:
        return _SHELVES[max(self.tabs.currentIndex(), 0)]

    def _show(self, *, in_place: bool) -> None:
        """Fill the grid by shelf, filter and order."""
        shelf = self._shelves[self.shelf]
        kept = set(self.grid.model_.keys()) if in_place else set()
        listed = arranged(
            shelf, self.filters.order(), self.filters.filter(), lambda g: self._reviewed(g, kept)
        )
        by_folders = self.filters.order() is Order.FOLDERS
        self.grid.model_.show(listed, in_place=in_place, by_folders=by_folders)
        self._show_or_explain(shelf)
        self._show_foot()
        self._show_marked()

    def _reviewed(self, group: Group, kept: Collection[str]) -> bool:
        """For the filter; what is shown stays while it is being decided."""
        reviewed = self._marks.reviewed(group)
        wanted = self.filters.filter().reviewed
        return reviewed if wanted is None or group.key not in kept else wanted

    def _sort_out(self) -> None:
        """Put the groups on their shelves, and the numbers on the tabs."""
        self._shelves = {shelf: [] for shelf in _SHELVES}
        for group in self._given:
            if not self._marks.hidden(group):
                self._shelves[group.shelf].append(group)
        self._shelves[Shelf.NOT_DUPLICATES] = list(self._parted)
        for place, shelf in enumerate(_SHELVES):
            own = self._shelves[shelf]
            text = f"{explain.shelf_name(shelf)}   {formatting.number(len(own))}"
            if own and shelf is not Shelf.NOT_DUPLICATES:
                text += "  ·  " + formatting.size(sum(each.reclaimable_bytes for each in own))
            if self.tabs.tabText(place) != text:
                self.tabs.setTabText(place, text)

    def _show_first_filled(self) -> None:
        """Until the user chooses a tab: the surest shelf that has something."""
        for place, shelf in enumerate(_SHELVES):
            if self._shelves[shelf] and shelf is not Shelf.NOT_DUPLICATES:
                self.tabs.blockSignals(True)
                self.tabs.setCurrentIndex(place)
                self.tabs.blockSignals(False)
                return

    def _show_or_explain(self, shelf: list[Group]) -> None:
        shown = self.grid.model_.rowCount()
        if not shown and shelf:
            self._empty.set(
                "filter",
                self.tr("No group passes the filter"),
                self.tr("{0} on this shelf are hidden by it.").format(
                    formatting.groups(len(shelf))
                ),
                self.tr("Clear the filter"),
            )
        elif not shown:
            self._empty.set("keep", self.tr("Nothing on this shelf"), _meaning(self.shelf))
        here = self.hasFocus() or self.isAncestorOf(QApplication.focusWidget() or self)
        self.pages.setCurrentWidget(self.grid if shown else self._empty)
        # Without groups the tabs keep the keys, so that other shelves can be reached.
        self.setFocusProxy(self.grid if shown else self.tabs)
        if here and not shown and not self.filters.text.hasFocus():
            self.tabs.setFocus()

    # -- deciding ---------------------------------------------------------------------------------

    def _on_asked(self, deed: Deed) -> None:
        grid = self.grid
        moves = {
            Deed.NEXT_PHOTO: lambda: grid.step_photo(1),
            Deed.PREVIOUS_PHOTO: lambda: grid.step_photo(-1),
            Deed.NEXT_GROUP: lambda: grid.step_group(1),
            Deed.PREVIOUS_GROUP: lambda: grid.step_group(-1),
            Deed.NEXT_PAGE: lambda: grid.step_page(1),
            Deed.PREVIOUS_PAGE: lambda: grid.step_page(-1),
            Deed.FIRST_GROUP: lambda: grid.select(0),
            Deed.LAST_GROUP: lambda: grid.select(grid.model_.rowCount() - 1),
            Deed.NEXT_SHELF: lambda: self._step_shelf(1),
            Deed.PREVIOUS_SHELF: lambda: self._step_shelf(-1),
        }
        group, photo = grid.group(), grid.photo()
        if deed in moves:
            moves[deed]()
        elif group is not None and photo is not None:
            self._decide(deed, group, photo)

    def _decide(self, deed: Deed, group: Group, photo: PhotoRecord) -> None:
        self.toast.say("")
        if self.shelf is Shelf.NOT_DUPLICATES and deed not in _WITHOUT_MARKS:
            self.toast.say(self.tr("Nothing is decided here; Shift+N makes them duplicates again."))
        elif deed is Deed.ACCEPT:
            self._marks.accept([group])
            self._go_on()
        elif deed is Deed.ACCEPT_PAGE:
            self.accept_page()
        elif deed is Deed.KEEP_REST:
            if self._marks.keep_this_remove_rest(group, photo):
                self._go_on()
        elif deed is Deed.NOT_DUPLICATES:
            self._marks.not_duplicates(group)
        elif deed in {Deed.COMPARE, Deed.ZOOM}:
            self.compare_requested.emit(group)
        elif deed is not Deed.GRID:
            decide(self._marks, deed, group, self.grid.photos())

    def _go_on(self) -> None:
        """To the next group; at the end, say where to go."""
        if self.grid.currentIndex().row() + 1 < self.grid.model_.rowCount():
            self.grid.step_group(1)
        else:
            self.toast.say(self.tr("This was the last group of this shelf. Next: Ctrl+Page Down"))

    def _step_shelf(self, by: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % self.tabs.count())

    def accept_page(self) -> None:
        """Mark what is suggested in the groups in view, and go on to the next page."""
        page = self.grid.page()
        count = self._marks.accept(page)
        text = self.tr("{0} marked on this page").format(formatting.photos(count))
        self.toast.say(text if count else self.tr("Nothing is suggested on this page"))
        self.grid.step_page(1)
        self.grid.setFocus()

    def _choose_folder_here(self) -> None:
        """For the folder pair of the current group."""
        section = self.grid.layout_.section_of(self.grid.currentIndex().row())
        if section is not None:
            self._choose_folder(section)

    def _choose_folder(self, number: int) -> None:
        """One decision for all listed groups of a folder pair."""
        folders = self.grid.model_.sections()[number].folders
        if len(folders) > 1 and self.shelf is not Shelf.NOT_DUPLICATES:
            groups = [each for each in self.shown() if folder_pair(each) == folders]
            FolderChoice(groups, self._marks, self).open()

    def _on_hidden(self) -> None:
        self._sort_out()
        self._show(in_place=True)

    # -- the bars ---------------------------------------------------------------------------------

    def _show_foot(self) -> None:
        page = self.grid.page() if self.grid.model_.rowCount() else []
        by_folders = self.filters.order() is Order.FOLDERS
        parted = self.shelf is Shelf.NOT_DUPLICATES
        self.filters.keep_folder.setVisible(by_folders and not parted)
        self.foot.show_parted(parted, bool(page))
        suggested = sum(len(self._marks.suggested(each)) for each in page)
        self.foot.show_page(len(page), self.grid.model_.rowCount(), suggested)

    def _show_marked(self) -> None:
        marked = self._marks.marked()
        self.foot.show_marked(len(marked), sum(each.bytes_total for each in marked))

    def _on_step(self, _index: int) -> None:
        self.toast.say("")

    def _on_marks(self) -> None:
        self._show_foot()
        self._show_marked()
        self.grid.viewport().update()

    def _on_tab(self, _place: int) -> None:
        self._chosen = True
        self._show(in_place=False)
        self.setFocus()

    def _offer_folders(self) -> None:
        self.filters.set_folders(folders_of(self._shelves[self.shelf]))

    def _offer_choices(self) -> None:
        self.filters.panel.offer(choices_of(self._shelves[self.shelf]))

    def _on_order(self) -> None:
        self._show(in_place=False)
        if self.grid.model_.rowCount():
            self.grid.select(0)

    # -- menu -------------------------------------------------------------------------------------

    def _on_menu(self, point: QPoint) -> None:
        menu = self.photo_menu()
        if menu is not None:
            menu.popup(point)

    def photo_menu(self) -> QMenu | None:
        """What can be done with the current photo and its group."""
        group, photo = self.grid.group(), self.grid.photo()
        if group is None or photo is None:
            return None
        menu = GroupMenu(self, group, photo, self._marks, self._on_asked)
        menu.similar_requested.connect(self.similar_requested)
        menu.protect_requested.connect(self.protect_requested)
        return menu

    # -- building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        self.pages.addWidget(self.grid)
        self.pages.addWidget(self._empty)
        self.toast = Toast(self.pages)
        self.grid.setAccessibleName(self.tr("Groups"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.hint)
        column.addWidget(self.tabs)
        column.addWidget(self.filters)
        column.addWidget(self.pages, 1)
        column.addWidget(self.foot)
        self.setFocusProxy(self.grid)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_tab)
        self.filters.order_chosen.connect(self._on_order)
        self.filters.folders_wanted.connect(self._offer_folders)
        self.filters.panel.wanted.connect(self._offer_choices)
        self.filters.filter_changed.connect(self._filter_timer.start)
        self._filter_timer.timeout.connect(self._on_order)
        self._empty.pressed.connect(self.filters.clear)
        self.grid.asked.connect(self._on_asked)
        self.grid.opened.connect(self.compare_requested)
        self.grid.menu_wanted.connect(self._on_menu)
        self.grid.section_pressed.connect(self._choose_folder)
        self.filters.keep_folder.clicked.connect(lambda _checked: self._choose_folder_here())
        self.grid.moved.connect(self._show_foot)
        self.foot.accept.clicked.connect(self.accept_page)
        self.foot.rejoin.clicked.connect(lambda: self._on_asked(Deed.NOT_DUPLICATES))
        self.foot.review.clicked.connect(self.remove_requested)
        # What was said of the last step is no longer true after the next one.
        self._marks.undo_stack.indexChanged.connect(self._on_step)
        self._marks.changed.connect(self._on_marks)
        self._marks.hidden_changed.connect(self._on_hidden)
        self._marks.refused.connect(self.toast.say)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the tabs and the bars, other shelves can be reached too."""
        deed = deed_of(event)
        if deed in {Deed.NEXT_SHELF, Deed.PREVIOUS_SHELF}:
            self._on_asked(deed)
        else:
            event.ignore()


def _meaning(shelf: Shelf) -> str:
    texts = {
        Shelf.IDENTICAL: explain.translate(
            "shelf", "Files with the same bytes, or the same pixels, appear here."
        ),
        Shelf.SAME_PICTURE: explain.translate(
            "shelf", "Smaller, re-saved and edited copies of a picture appear here."
        ),
        Shelf.SIMILAR_SHOTS: explain.translate(
            "shelf", "Frames of one moment and pictures that look alike appear here."
        ),
        Shelf.NOT_DUPLICATES: explain.translate(
            "shelf",
            "Groups that you call not duplicates (Shift+N) are kept here. They are never shown "
            "together again, until you make them duplicates again.",
        ),
    }
    return texts[shelf]
