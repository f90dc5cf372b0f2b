"""Files and the clipboard: images come in by dialog, drop and paste; drawings and answers leave."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import platformdirs
import pygame
import pytest
from PIL import Image, ImageGrab

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.catalog import Catalog, bundled_models
from drawapp.ui import clipboard, files
from nn_scratch.errors import UserError
from tests.helpers.user import User, opened

CTRL, SHIFT = pygame.KMOD_LCTRL, pygame.KMOD_LSHIFT


@pytest.fixture
def user(bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(platformdirs, "user_pictures_dir", lambda: str(tmp_path / "pictures"))
    with opened(User(Catalog(bundled_models()))) as user:
        yield user


def image_of(digit: str, path: Path) -> Path:
    """An image file of `digit`, dark on light."""
    canvas = Canvas()
    sample_digits.draw(digit, canvas)
    Image.fromarray((255 - canvas.ink * 255).astype(np.uint8)).resize((500, 500)).save(path)
    return path


def finish(user: User) -> None:
    """Let the job come to its end."""
    user.app.files.wait(10)
    user.turn()


def test_a_dropped_image_is_shown_as_ink_and_read(user: User, tmp_path: Path) -> None:
    user.drop(image_of("7", tmp_path / "seven.png"))
    assert user.app.prediction is not None
    assert user.app.prediction.label == "7"
    assert user.app.canvas.grid().max() > 200
    assert user.app.preferences.image_folder == str(tmp_path)
    user.key(pygame.K_z, CTRL)
    assert user.app.canvas.is_empty


def test_a_photograph_is_shown_as_ink_and_what_is_left_out_is_told(user: User, tmp_path: Path) -> None:
    page = Image.new("L", (800, 600), 255)
    page.paste(Image.open(image_of("7", tmp_path / "seven.png")).convert("L").resize((250, 250)), (280, 170))
    page.paste(Image.open(image_of("4", tmp_path / "four.png")).convert("L").resize((110, 110)), (340, 470))
    light = 1 - 0.5 * np.linspace(0, 1, 800) ** 2
    noise = np.random.default_rng(0).normal(0, 1.5, (600, 800))
    Image.fromarray((np.asarray(page) * light * 0.9 + 10 + noise).astype(np.uint8)).save(tmp_path / "photograph.jpg")
    user.drop(tmp_path / "photograph.jpg")
    assert user.app.screen.view.message == "1 other line is left out."
    assert user.app.prediction is not None
    assert user.app.prediction.label == "7"


def test_what_is_no_image_gets_a_sentence(user: User, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("not an image")
    user.drop(tmp_path / "letter.txt")
    assert "letter.txt" in user.app.screen.view.message
    assert user.app.canvas.is_empty
    Image.new("L", (40, 40), 255).save(tmp_path / "blank.png")
    user.drop(tmp_path / "blank.png")
    assert "There is no ink in" in user.app.screen.view.message
    user.key(pygame.K_ESCAPE)
    assert not user.app.screen.view.message


def test_the_drawing_and_the_window_are_saved_and_read_again(user: User, tmp_path: Path) -> None:
    sample_digits.draw("4", user.app.canvas)
    user.key(pygame.K_s, CTRL)
    user.key(pygame.K_s, CTRL)
    first, second = sorted((tmp_path / "pictures").glob("drawing-*.png"))
    assert str(second) in user.app.screen.view.message or str(first) in user.app.screen.view.message
    user.key(pygame.K_F12)
    user.key(pygame.K_2)
    user.key(pygame.K_s, CTRL)
    windows = sorted((tmp_path / "pictures").glob("window-*.png"))
    assert len(windows) == 2
    for window in windows:
        with Image.open(window) as image:
            assert image.size == user.app.screen.size
    assert len(list((tmp_path / "pictures").glob("drawing-*.png"))) == 2
    user.click_on("clear")
    user.drop(first)
    assert user.app.prediction is not None
    assert user.app.prediction.label == "4"


@pytest.mark.parametrize(("key", "mod"), [(pygame.K_F12, 0), (pygame.K_s, CTRL)])
def test_a_key_that_is_held_saves_one_file(user: User, tmp_path: Path, key: int, mod: int) -> None:
    for _ in range(10):
        user.key_down(key, mod)
    assert len(list((tmp_path / "pictures").iterdir())) == 1


def test_a_folder_that_cannot_be_written_gets_a_sentence(user: User, tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file in the way")
    user.key(pygame.K_s, CTRL)
    assert "could not be saved" in user.app.screen.view.message


def test_the_answer_is_copied_as_text(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    user.key(pygame.K_c, CTRL)
    assert "no answer" in user.app.screen.view.message
    sample_digits.draw("4", user.app.canvas)
    user.wait(1.1)
    user.key(pygame.K_c, CTRL)
    assert pygame.scrap.get_text() == "4"


def test_the_drawing_is_copied_where_the_system_allows(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[Path] = []
    monkeypatch.setattr(clipboard, "copy_image", copied.append)
    user.key(pygame.K_c, CTRL | SHIFT)
    finish(user)
    with Image.open(copied[0]) as image:
        assert image.size == (896, 896)
    assert user.app.screen.view.message == "Copied the drawing."


def test_without_a_way_to_copy_images_the_user_is_told(
    user: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(clipboard, "copying", lambda path: None)
    user.key(pygame.K_c, CTRL | SHIFT)
    finish(user)
    assert "cannot copy images" in user.app.screen.view.message
    monkeypatch.setattr(clipboard, "copying", lambda path: [str(tmp_path / "no-such-program")])
    with pytest.raises(UserError, match="could not be copied"):
        clipboard.copy_image(tmp_path / "any.png")


@pytest.mark.parametrize("platform", ["darwin", "win32", "linux"])
def test_each_system_has_its_command(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(clipboard, "which", lambda name: name == "xclip")
    command = clipboard.copying(Path("drawing.png"))
    assert command is not None
    assert "drawing.png" in " ".join(command)


def test_an_image_is_pasted(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.open(image_of("3", tmp_path / "three.png"))
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: image)
    user.key(pygame.K_v, CTRL)
    finish(user)
    assert user.app.prediction is not None
    assert user.app.prediction.label == "3"
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: [str(tmp_path / "three.png")])
    assert clipboard.pasted_image(tmp_path) == tmp_path / "three.png"


def test_what_passes_the_clipboard_leaves_no_file_and_the_folder_of_the_dialog(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    user.drop(image_of("7", tmp_path / "seven.png"))
    image = Image.open(tmp_path / "seven.png")
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: image)
    copied: list[Path] = []
    monkeypatch.setattr(clipboard, "copy_image", copied.append)
    for key, mod in ((pygame.K_v, CTRL), (pygame.K_c, CTRL | SHIFT)):
        user.key(key, mod)
        finish(user)
    assert user.app.preferences.image_folder == str(tmp_path)
    assert copied[0].parent.parent == temporary
    assert copied[0].parent.stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    user.app.files.close()
    assert not list(temporary.iterdir())


def test_a_file_that_cannot_be_read_leaves_the_folder_of_the_dialog(user: User, tmp_path: Path) -> None:
    user.drop(image_of("7", tmp_path / "seven.png"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "broken.png").write_text("not an image")
    user.drop(tmp_path / "other" / "broken.png")
    assert "broken.png" in user.app.screen.view.message
    assert user.app.preferences.image_folder == str(tmp_path)


def test_an_empty_clipboard_gets_a_sentence(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise NotImplementedError("wl-paste or xclip is required")

    for grab in (none, lambda: None):
        monkeypatch.setattr(ImageGrab, "grabclipboard", grab)
        user.key(pygame.K_v, CTRL)
        finish(user)
        assert "no image on the clipboard" in user.app.screen.view.message


def dialog(monkeypatch: pytest.MonkeyPatch, answer: str) -> list[dict[str, object]]:
    """Put a dialog in place of the system's, which answers with `answer`. Returns what it is asked."""
    asked: list[dict[str, object]] = []

    def open_file(**details: object) -> str:
        asked.append(details)
        return answer

    monkeypatch.setitem(sys.modules, "crossfiledialog", types.SimpleNamespace(open_file=open_file))
    return asked


def test_an_image_is_opened_by_the_dialog_of_the_system(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = dialog(monkeypatch, str(image_of("7", tmp_path / "seven.png")))
    for _ in range(2):
        user.key(pygame.K_o, CTRL)
        finish(user)
    assert user.app.prediction is not None
    assert "*.png" in str(asked[0]["filter"])
    assert asked[1]["start_dir"] == str(tmp_path)


def test_a_custom_model_is_opened_by_the_dialog_of_the_system(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = dialog(monkeypatch, "/nowhere/model.npy")
    user.click_on("models")
    user.click_row(len(user.app.screen.models.names))
    finish(user)
    assert asked[0]["filter"] == ["*.npy"]
    assert "model.npy" in user.app.screen.view.message


def test_a_dialog_that_is_cancelled_changes_nothing(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog(monkeypatch, "")
    user.key(pygame.K_o, CTRL)
    finish(user)
    assert not user.app.files.is_busy
    assert not user.app.screen.view.message
    assert user.app.canvas.is_empty


def test_where_the_system_has_no_dialog_it_says_what_to_do(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "crossfiledialog", None)  # importing it raises ImportError
    user.key(pygame.K_o, CTRL)
    finish(user)
    assert "Drop the file on the window" in user.app.screen.view.message


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Permission denied"), "cannot be opened ([Errno 13] Permission denied)."),
        (MemoryError(), "cannot be opened (MemoryError)."),
        (type("NoImplementationFoundException", (Exception,), {})(), "no file dialog (zenity or kdialog)."),
        (OSError("execution error: User canceled. (-128)"), ""),  # macOS: nothing was chosen
    ],
)
def test_a_dialog_that_fails_says_why(
    user: User, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def open_file(**details: object) -> str:
        raise error

    monkeypatch.setitem(sys.modules, "crossfiledialog", types.SimpleNamespace(open_file=open_file))
    user.key(pygame.K_o, CTRL)
    finish(user)
    assert sentence in user.app.screen.view.message
    assert bool(user.app.screen.view.message) == bool(sentence)


def test_where_the_clipboard_fails_a_sentence_says_why(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def pasted_image(folder: Path) -> Path:
        raise MemoryError

    monkeypatch.setattr(clipboard, "pasted_image", pasted_image)
    user.key(pygame.K_v, CTRL)
    finish(user)
    assert user.app.screen.view.message == "Something went wrong (MemoryError())."


def test_the_window_goes_on_while_the_dialog_is_open(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ask_for_file", lambda kind, folder: types.SimpleNamespace(is_done=False))
    user.key(pygame.K_o, CTRL)
    user.drag((5, 5), (20, 5))
    assert user.app.canvas.grid()[5, 10] > 200
    assert user.app.files.is_busy


def test_the_app_starts_without_the_library_of_the_dialog() -> None:
    code = "import sys, drawapp.app; assert 'crossfiledialog' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
