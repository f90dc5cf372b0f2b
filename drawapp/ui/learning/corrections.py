"""The work of a part of Learn: what the user has corrected, and what the network learns from it.

A correction is kept at once. The copy that has learned is saved as soon as it is ready and reads from then on; undoing
brings back the model from before, whose file was never touched.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import platformdirs

from drawapp.learning import correcting
from drawapp.learning.adapting import Lesson
from drawapp.reading import own_models
from drawapp.reading.catalog import Model
from drawapp.reading.charset import knows_only_digits
from drawapp.session.corrections import MOST, Corrections
from drawapp.session.language import gettext as _
from drawapp.session.language import ngettext
from drawapp.ui import learn_intents as asked
from drawapp.ui.intents import ChooseModel, Intent, OpenModel, Redraw, Tell
from drawapp.ui.learning.learning_job import LearningJob
from drawapp.ui.learning.work import Desk, Work
from drawapp.ui.saving import unused
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, cannot_write, read_file
from nn_scratch.model_file import MAX_FILE_SIZE
from nn_scratch.network import Network

UNTRUE = ("scores", "significant_bits")  # what the metadata of the network from before tells, once a copy has learned
PAUSE = 0.1  # seconds between two looks at the progress: drawing takes time from learning


@dataclass(frozen=True)
class CorrectionsView:
    """What the part shows: the corrections that are `kept`; the `progress` of the learning, None where nothing learns;
    the `lesson` learned last, and the `name` of the model that has learned it."""

    kept: Corrections = field(default_factory=Corrections)
    progress: float | None = None
    lesson: Lesson | None = None
    name: str = ""


@dataclass
class Learned:
    """A `lesson`, the file `path` of the model that has learned it, and what was there before: the model that was
    chosen, and the bytes of the file where it existed."""

    lesson: Lesson
    path: Path
    model: Model
    content: bytes | None


class CorrectionsWork(Work):
    """Keeps corrections, and lets a copy of the chosen model learn them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.job: LearningJob | None = None
        self._learned: Learned | None = None
        self._shown_at = 0.0  # when the progress was shown last

    @property
    def kept(self) -> Corrections:
        """The corrections of the session."""
        return self.desk.session.corrections

    @property
    def view(self) -> CorrectionsView:
        """What the part shows now."""
        progress = self.job.progress if self.job else None
        if self._learned is None:
            return CorrectionsView(self.kept, progress)
        return CorrectionsView(self.kept, progress, self._learned.lesson, self._learned.path.stem)

    def follow(self, intent: Intent) -> Intent | None:
        """Do what the user means, if it is for this part. Returns what follows from it, such as a message."""
        try:
            return self._follow_correction(intent) or self._follow_lesson(intent)
        except UserError as error:
            return Tell(str(error))

    def turn(self, now: float) -> Intent | None:
        """Tell what could not be read, and see what the job has come to."""
        if self.kept.trouble:
            sentence, self.kept.trouble = self.kept.trouble, ""
            return Tell(sentence)
        if self.job is None:
            return None
        job, result = self.job, self.job.result
        if result is None:
            if now - self._shown_at < PAUSE:
                return None
            self._shown_at = now
            return Redraw()
        self.job = None
        try:
            return self._use(job.model, result) if isinstance(result, Lesson) else Tell(result)
        except UserError as error:
            return Tell(str(error))

    def close(self) -> None:
        """End what is going on: the window closes."""
        if self.job:
            self.job.stop()

    def _follow_correction(self, intent: Intent) -> Intent | None:
        """Keep, show, delete or hand over corrections. Raises UserError where a file is in the way."""
        match intent:
            case asked.Correct(label):
                return self._correct(label)
            case asked.ShowCorrection(number):
                shown = self.kept.all[number]
                return asked.PutOnSheet(shown.image if shown.ink is None else shown.ink, shown.strokes)
            case asked.DeleteCorrection(number):
                self.kept.delete(self.kept.all[number])
                return Redraw()
            case asked.ExportCorrections():
                return self._export()
            case asked.ImportCorrections(path):
                return self._import(path)
        return None

    def _correct(self, label: str) -> Intent | None:
        """Keep that the character whose bars are shown is a `label`."""
        character = self.desk.reader.character
        if character is None:
            return None
        model = self.desk.reader.models.chosen.name
        found = correcting.corrected(character, label, self.desk.canvas, model, time.time())
        self.kept.add(found)
        return Tell(
            _("Kept as a correction: {read} → {label}. All of them are in Learn.").format(read=found.read, label=label)
        )

    def _export(self) -> Intent:
        """Save all corrections in the user's folder of documents."""
        folder, corrections = Path(platformdirs.user_documents_dir()), self.kept.all
        path = unused(folder / datetime.now().strftime("corrections-%Y%m%d-%H%M%S.npz"))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(path, error) from error
        correcting.write_npz(corrections, self.desk.reader.classes, path)
        words = _("Saved as {path}").format(path=path)
        fewest = correcting.FEWEST_FOR_TRAINING
        if len(corrections) < fewest:
            words += ". " + _("Training on them alone needs at least {fewest}.").format(fewest=fewest)
        return Tell(words)

    def _import(self, path: Path) -> Intent:
        """Import the corrections in the file `path`."""
        found = correcting.read_npz(path, time.time())
        if len(found) + len(self.kept.all) > MOST:
            return Tell(_("At most {most} corrections are kept. Delete some first.").format(most=MOST))
        for each in reversed(found):
            self.kept.add(each)
        words = ngettext("Imported {count} correction.", "Imported {count} corrections.", len(found))
        return Tell(words.format(count=len(found)))

    def _follow_lesson(self, intent: Intent) -> Intent | None:
        """Learn, stop, undo, or give a name. Raises UserError where a file is in the way."""
        match intent:
            case asked.LearnCorrections():
                return self._begin()
            case asked.StopLearning() if self.job:
                self.job.stop()
                self.job = None
                return Redraw()
            case asked.UndoLearning() if self._learned:
                return self._undo(self._learned)
            case asked.NameModel(name) if self._learned:
                return self._rename(self._learned, own_models.as_name(name))
        return None

    def _begin(self) -> Intent:
        """Let a copy of the chosen model learn."""
        models = self.desk.reader.models
        network = models.recognizer.network
        data = correcting.learnable(self.kept.all, network.classes)
        if data is None or not isinstance(network, Network):
            return Tell(_("{model} has none of their classes.").format(model=models.chosen.name))
        self.job = self.job or LearningJob(models.chosen, network, data, self.kept.all)
        return Redraw()

    def _use(self, model: Model, lesson: Lesson) -> Intent:
        """Save what has learned, and read with it: one of the user's own models learns on under its name."""
        name, content = model.path.stem, None
        if own_models.has(model.path) and model.path.exists():
            content = read_file(model.path, MAX_FILE_SIZE, "model file")
        else:
            wanted = _("my digits") if knows_only_digits(lesson.network.classes) else _("my characters")
            name = own_models.unused_name(wanted, self.desk.reader.models.names)
        metadata = {key: value for key, value in lesson.network.metadata.items() if key not in UNTRUE}
        lesson.network.metadata = {**metadata, "adapted_from": model.name, "corrections": lesson.count}
        self._learned = Learned(lesson, own_models.save(lesson.network, name), model, content)
        return OpenModel(self._learned.path)

    def _undo(self, learned: Learned) -> Intent:
        """Bring back what was there before."""
        models = self.desk.reader.models
        if learned.content is not None:
            with atomic_write(learned.path) as file:
                file.write(learned.content)
            self._learned = None
            return OpenModel(learned.path)
        own_models.delete(learned.path)
        models.forget(learned.path)
        self._learned = None
        return ChooseModel(models.offered.index(learned.model) if learned.model in models.offered else 0)

    def _rename(self, learned: Learned, name: str) -> Intent:
        """Give the model that has learned another name."""
        models = self.desk.reader.models
        if not name or name == learned.path.stem:
            return Redraw()
        if name in models.names:
            return Tell(_("There is a model called {name} already; choose another name.").format(name=name))
        old, learned.path = learned.path, own_models.rename(learned.path, name)
        models.forget(old)
        return OpenModel(learned.path)
