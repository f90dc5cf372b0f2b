"""The theme of the file dialog: this app's colours and type, in the terms of pygame_gui.

The dialog should look like the rest of the window, at any size. pygame_gui takes colours and lengths as a tree of
strings, which is built here from the app's theme and layout.
"""

from __future__ import annotations

from typing import Any

from drawapp.ui import theme
from drawapp.ui.layout import Layout
from drawapp.ui.theme import Colour

STATES = ("normal", "hovered", "active", "selected", "disabled")
TITLE_BAR, ROW = 56, 32  # pixels of a window of the default size
WINDOW_RADIUS, RADIUS, ROW_RADIUS, HANDLE_RADIUS = 16, 10, 6, 4


def dialog_theme(layout: Layout) -> dict[str, Any]:
    """The theme for a window with the given layout, as pygame_gui takes it."""
    return {
        "defaults": {
            "colours": states("text", theme.TEXT, disabled=theme.CENTRE_MARK)
            | states("border", theme.EDGE, hovered=theme.OTHER)
            | hex_colours(dark_bg=theme.PAPER, text_cursor=theme.ANSWER, selected_bg=theme.OTHER)
        },
        "text_entry_line": {
            "font": font(layout, theme.CAPTION),
            "misc": shape(layout, RADIUS, border=1, padding=10),
        },
        **window_theme(layout),
        **button_theme(layout),
        **list_theme(layout),
    }


def window_theme(layout: Layout) -> dict[str, Any]:
    """The frame of the dialog and its title bar."""
    height = str(layout.pixels(TITLE_BAR))
    return {
        "window": {
            "colours": hex_colours(dark_bg=theme.PANEL),
            "misc": shape(layout, WINDOW_RADIUS, border=1, title_bar_height=height, enable_close_button="0"),
        },
        "window.#title_bar": {
            "colours": states("bg", theme.PANEL, alpha=0),  # or it would hide the edge of the window
            "font": font(layout, theme.BODY),
            "misc": shape(layout, 0, padding=20, text_horiz_alignment="left"),
        },
    }


def button_theme(layout: Layout) -> dict[str, Any]:
    """The buttons. The one that opens the file has the colour of an answer."""
    button = {
        "colours": states("bg", theme.PANEL, hovered=theme.TRACK, active=theme.EDGE),
        "font": font(layout, theme.CAPTION),
        "misc": shape(layout, RADIUS, border=1, text_vert_alignment="center"),
    }
    return {
        "button": button,
        "file_dialog.#home_icon_button": button,
        "file_dialog.#parent_icon_button": button,
        "file_dialog.#ok_button": {"colours": hex_colours(normal_text=theme.ANSWER, hovered_text=theme.ANSWER)},
    }


def list_theme(layout: Layout) -> dict[str, Any]:
    """The list of files and folders, and its scroll bar."""
    row = {
        "colours": states("bg", theme.PAPER, hovered=theme.TRACK, active=theme.EDGE, selected=theme.EDGE)
        | states("text", theme.TEXT, selected=theme.ANSWER),
        "misc": shape(layout, ROW_RADIUS, padding=8, text_horiz_alignment="left"),
    }
    folder = {**row, "colours": row["colours"] | states("text", theme.MUTED, selected=theme.ANSWER)}
    bar = {"misc": shape(layout, HANDLE_RADIUS, enable_arrow_buttons="0")}
    handle = {
        "colours": states("bg", theme.DIM, hovered=theme.OTHER, active=theme.OTHER),
        "misc": shape(layout, HANDLE_RADIUS),
    }
    return {
        "selection_list": {"misc": shape(layout, RADIUS, border=1, list_item_height=str(layout.pixels(ROW)))},
        "file_dialog.#file_display_list.#file_list_item": row,
        "file_dialog.#file_display_list.#directory_list_item": folder,
        "file_dialog.#file_display_list.vertical_scroll_bar": bar,
        "file_dialog.#file_display_list.vertical_scroll_bar.button": handle,
    }


def shape(layout: Layout, radius: int, border: int = 0, padding: int = 12, **more: str) -> dict[str, str]:
    """The outline of an element, with lengths in pixels of a window of the default size, and whatever `more` says."""
    outline = "rounded_rectangle" if radius else "rectangle"
    lengths = {"shape_corner_radius": layout.pixels(radius), "text_horiz_alignment_padding": layout.pixels(padding)}
    widths = {"border_width": border, "shadow_width": 0}
    return {"shape": outline, **{name: str(value) for name, value in (lengths | widths).items()}, **more}


def font(layout: Layout, size: int) -> dict[str, str]:
    """The app's type, `size` in pixels of a window of the default size."""
    return {"name": "noto_sans", "size": str(layout.pixels(size))}


def states(use: str, colour: Colour, alpha: int = 255, **others: Colour) -> dict[str, str]:
    """The colours for one `use`, such as "text", in each state of an element: `colour`, except in the `others`."""
    return hex_colours(alpha, **{f"{state}_{use}": others.get(state, colour) for state in STATES})


def hex_colours(alpha: int = 255, /, **colours: Colour) -> dict[str, str]:
    """`colours` as strings such as "#0a0d14ff"."""
    return {name: "#{:02x}{:02x}{:02x}{:02x}".format(*colour, alpha) for name, colour in colours.items()}
