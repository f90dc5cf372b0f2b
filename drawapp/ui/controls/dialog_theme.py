"""The theme of the file dialog: this app's colours and type, in the terms of pygame_gui."""

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
            "colours": _states("text", theme.TEXT, disabled=theme.CENTRE_MARK)
            | _states("border", theme.EDGE, hovered=theme.OTHER)
            | _hex(dark_bg=theme.PAPER, text_cursor=theme.ANSWER, selected_bg=theme.OTHER)
        },
        "text_entry_line": {
            "font": _font(layout, theme.CAPTION),
            "misc": _misc(layout, RADIUS, border=1, padding=10),
        },
        **_frame(layout),
        **_buttons(layout),
        **_list(layout),
    }


def _frame(layout: Layout) -> dict[str, Any]:
    height = str(layout.pixels(TITLE_BAR))
    return {
        "window": {
            "colours": _hex(dark_bg=theme.PANEL),
            "misc": _misc(layout, WINDOW_RADIUS, border=1, title_bar_height=height, enable_close_button="0"),
        },
        "window.#title_bar": {
            "colours": _states("bg", theme.PANEL, alpha=0),  # or it would hide the edge of the window
            "font": _font(layout, theme.BODY),
            "misc": _misc(layout, 0, padding=20, text_horiz_alignment="left"),
        },
    }


def _buttons(layout: Layout) -> dict[str, Any]:
    button = {
        "colours": _states("bg", theme.PANEL, hovered=theme.TRACK, active=theme.EDGE),
        "font": _font(layout, theme.CAPTION),
        "misc": _misc(layout, RADIUS, border=1, text_vert_alignment="center"),
    }
    return {
        "button": button,
        "file_dialog.#home_icon_button": button,
        "file_dialog.#parent_icon_button": button,
        "file_dialog.#ok_button": {"colours": _hex(normal_text=theme.ANSWER, hovered_text=theme.ANSWER)},
    }


def _list(layout: Layout) -> dict[str, Any]:
    row = {
        "colours": _states("bg", theme.PAPER, hovered=theme.TRACK, active=theme.EDGE, selected=theme.EDGE)
        | _states("text", theme.TEXT, selected=theme.ANSWER),
        "misc": _misc(layout, ROW_RADIUS, padding=8, text_horiz_alignment="left"),
    }
    folder = {**row, "colours": row["colours"] | _states("text", theme.MUTED, selected=theme.ANSWER)}
    bar = {"misc": _misc(layout, HANDLE_RADIUS, enable_arrow_buttons="0")}
    handle = {
        "colours": _states("bg", theme.DIM, hovered=theme.OTHER, active=theme.OTHER),
        "misc": _misc(layout, HANDLE_RADIUS),
    }
    return {
        "selection_list": {"misc": _misc(layout, RADIUS, border=1, list_item_height=str(layout.pixels(ROW)))},
        "file_dialog.#file_display_list.#file_list_item": row,
        "file_dialog.#file_display_list.#directory_list_item": folder,
        "file_dialog.#file_display_list.vertical_scroll_bar": bar,
        "file_dialog.#file_display_list.vertical_scroll_bar.button": handle,
    }


def _misc(layout: Layout, radius: int, border: int = 0, padding: int = 12, **more: str) -> dict[str, str]:
    shape = "rounded_rectangle" if radius else "rectangle"
    lengths = {"shape_corner_radius": layout.pixels(radius), "text_horiz_alignment_padding": layout.pixels(padding)}
    widths = {"border_width": border, "shadow_width": 0}
    return {"shape": shape, **{name: str(value) for name, value in (lengths | widths).items()}, **more}


def _font(layout: Layout, size: int) -> dict[str, str]:
    return {"name": "noto_sans", "size": str(layout.pixels(size))}


def _states(part: str, colour: Colour, alpha: int = 255, **others: Colour) -> dict[str, str]:
    """The colour of a part, such as "text", in each state of a button: `colour` but in the `others`."""
    return _hex(alpha, **{f"{state}_{part}": others.get(state, colour) for state in STATES})


def _hex(alpha: int = 255, /, **colours: Colour) -> dict[str, str]:
    return {name: "#{:02x}{:02x}{:02x}{:02x}".format(*colour, alpha) for name, colour in colours.items()}
