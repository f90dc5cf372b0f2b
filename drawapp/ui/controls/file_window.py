"""The window of the file dialog: that of pygame_gui, arranged for this app.

pygame_gui's has small elements, buttons that delete files, and a list that fails on folders that cannot be read and
names that cannot be shown. Here it is adapted, so that the rest of the app need not know.
"""

from __future__ import annotations

import os
from pathlib import Path

import pygame
from pygame_gui import UI_FILE_DIALOG_PATH_PICKED, UI_TEXT_ENTRY_CHANGED, UI_TEXT_ENTRY_FINISHED, UIManager
from pygame_gui import UI_SELECTION_LIST_DOUBLE_CLICKED_SELECTION as LIST_DOUBLE_CLICKED
from pygame_gui.core import UIElement
from pygame_gui.windows.ui_file_dialog import UIFileDialog

from drawapp.ui.layout import Layout

TITLE = "Custom model: choose a .npy file"
SUFFIX = ".npy"
WIDTH, HEIGHT, MARGIN, GAP, LINE, BUTTON = 600, 520, 20, 12, 36, 104  # pixels of a window of the default size
INSET, SCROLL_BAR = 6, 10


class FileWindow(UIFileDialog):
    """Lists the models in `folder`. It cannot delete files."""

    def __init__(self, manager: UIManager, layout: Layout, folder: Path) -> None:
        width, height = layout.pixels(WIDTH), layout.pixels(HEIGHT)
        place = pygame.Rect((layout.window[0] - width) // 2, (layout.window[1] - height) // 2, width, height)
        super().__init__(place, manager, TITLE, {SUFFIX}, str(folder), allow_existing_files_only=True)
        self.resizable = self.draggable = False  # what lies behind it is veiled
        self.home_button.set_text("Home")
        self.parent_directory_button.set_text("Up")
        self.ok_button.set_text("Open")
        self.ok_button.disable()
        self.delete_button.hide()
        self.refresh_button.hide()
        self._arrange(layout)

    def _arrange(self, layout: Layout) -> None:
        margin, gap, line, button, inset = map(layout.pixels, (MARGIN, GAP, LINE, BUTTON, INSET))
        left, top, width, height = self.get_container().get_rect()
        left, right, bottom = left + margin, left + width - margin, top + height - margin

        def put(element: UIElement, left: int, top: int, right: int, bottom: int) -> None:
            element.set_dimensions((right - left, bottom - top))
            element.set_position((left, top))

        put(self.home_button, left, top, left + button, top + line)
        put(self.parent_directory_button, left + button + gap, top, left + 2 * button + gap, top + line)
        put(self.cancel_button, right - button, bottom - line, right, bottom)
        put(self.ok_button, right - 2 * button - gap, bottom - line, right - button - gap, bottom)
        top, bottom = top + line + gap, bottom - line - gap
        put(self.file_path_text_line, left, top, right, top + line)
        top, files = top + line + gap, self.file_selection_list
        put(files, left, top, right, bottom)
        if files.list_and_scroll_bar_container is not None:
            put(files.list_and_scroll_bar_container, left + inset, top + inset, right - inset, bottom - inset)
        files.set_item_list([])  # takes away a scroll bar of the old width
        files.scroll_bar_width = layout.pixels(SCROLL_BAR)
        files.set_item_list(self.current_file_list)

    def process_event(self, event: pygame.Event) -> bool:
        """Handle `event`. Returns whether no other element should.

        While a path is being typed, pygame_gui takes it for the folder already. The folder stays the listed one here,
        or a click on the list would look for the file in a folder that does not exist.
        """
        handled = super().process_event(event)
        if event.type == UI_TEXT_ENTRY_CHANGED:
            self.current_directory_path = self.last_valid_directory_path
        return handled

    def picked_by(self, event: pygame.Event) -> Path | None:
        """The file that `event` picks: by the button, by a double click, or by Enter after its path."""
        source = getattr(event, "ui_element", None)
        by_button = event.type == UI_FILE_DIALOG_PATH_PICKED and source is self
        by_enter = event.type == UI_TEXT_ENTRY_FINISHED and source is self.file_path_text_line
        by_double_click = event.type == LIST_DOUBLE_CLICKED and source is self.file_selection_list
        if not (by_button or by_enter or by_double_click):
            return None
        path = Path(self.current_directory_path if by_double_click else "", event.text)
        return path if os.path.isfile(path) else None

    def update_current_file_list(self, should_try_again: bool = True) -> None:
        """List the folder: folders first, without hidden files and names that cannot be shown."""
        try:
            names = sorted(os.listdir(self.current_directory_path), key=str.casefold)
        except (OSError, ValueError):
            self.current_directory_path = self.last_valid_directory_path
            if should_try_again:
                self.update_current_file_list(should_try_again=False)
            return
        self.last_valid_directory_path = self.current_directory_path
        here = Path(self.current_directory_path)
        shown = [name for name in names if not name.startswith(".") and name == name.encode(errors="ignore").decode()]
        folders = [name for name in shown if os.path.isdir(here / name)]
        models = [name for name in shown if name.lower().endswith(SUFFIX) and os.path.isfile(here / name)]
        self.current_file_list = [
            *((f"{name}/", "#directory_list_item") for name in folders),
            *((name, "#file_list_item") for name in models),
        ]
