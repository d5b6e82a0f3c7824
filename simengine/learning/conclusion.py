"""The end of a training: its networks judged on a fresh seed, its figures drawn, its manifest closed."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from analysis.figures import save
from analysis.figures.reaction_surfaces import reaction_surfaces
from analysis.figures.rewards_by_population import rewards_by_population
from analysis.figures.training_curves import training_curves
from simengine.learning.assessment import UNSEEN, Assessment, assess, models_in
from simengine.learning.manifest import FINISHED
from simengine.learning.reactions import surfaces
from simengine.learning.training import Trainer

EVALUATION, FIGURES = "evaluation.json", "figures"


def conclude(trainer: Trainer) -> tuple[Assessment, list[Path]]:
    """Judge the best networks of a training that is over and draw them; what was found, the files written."""
    with trainer.claim:
        return _concluded(trainer)


def _concluded(trainer: Trainer) -> tuple[Assessment, list[Path]]:
    plan, folder = trainer.plan, trainer.folder
    models = models_in(folder)
    models = models._replace(weights={name: models.weights[name] for name in trainer.populations})
    found = assess(models, UNSEEN, plan.evaluate_replicas, plan.evaluate_years, plan.device, plan.precision)
    (folder / EVALUATION).write_text(json.dumps(found.payload(), indent=1) + "\n", encoding="utf-8")
    figures = {
        "training_curves": training_curves(
            pl.DataFrame(trainer.rows, infer_schema_length=None), trainer.best["iteration"]
        ),
        "rewards_by_population": rewards_by_population(found.rewards, tuple(models.weights)),
    }
    drawn = surfaces(models, UNSEEN)
    if drawn:
        figures["reaction_surfaces"] = reaction_surfaces(drawn)
    files = [save(figure, folder / FIGURES / f"{name}.png") for name, figure in figures.items()]
    trainer.write(FINISHED)
    return found, [folder / EVALUATION, *sorted((folder / "models").glob("*.safetensors")), *files]
