"""`train` and `eval`: from a world to trained networks, and what they are worth on fresh seeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simengine.cli.say import INTERRUPTED, as_json, say, typed, warn
from simengine.errors import UserError, unknown
from simengine.registry import world_class

if TYPE_CHECKING:
    from simengine.claims import Numbered
    from simengine.learning.plan import Plan
    from simengine.learning.training import Trainer
    from simengine.worlds.contract import Training

World = Annotated[str | None, typer.Argument(help="A world (macro).", show_default=False)]
Populations = Annotated[str | None, typer.Option(help="Populations that learn: firms,banks (all).")]
Iterations = Annotated[
    int | None, typer.Option(min=1, help="How often to simulate a span and learn from it (60).")
]
Steps = Annotated[
    int | None, typer.Option(min=1, help="Agent-months to simulate in all, instead of --iterations.")
]
Replicas = Annotated[int | None, typer.Option("--replicas", "-r", min=1, help="Economies side by side (64).")]
Seed = Annotated[int | None, typer.Option("--seed", "-s", min=0, help="Seed of weights and noise (0).")]
Preset = Annotated[
    str | None,
    typer.Option(help="Hyperparameters: fast; source, an earlier program's; wide, a large network (fast)."),
]
Hyper = Annotated[
    list[str] | None, typer.Option(help="Hyperparameter on top: firms.clip=0.1, all.epochs=4; repeatable.")
]
Policies = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        help="Who does not learn: population=random, fixed:K, FILE.safetensors, ... (rule); comma or repeat.",
    ),
]
Start = Annotated[
    list[str] | None, typer.Option(help="Weights to begin with: population=FILE.safetensors; repeatable.")
]
Setting = Annotated[
    list[str] | None, typer.Option("--set", help="key=value of the world's configuration; repeatable.")
]
Settings = Annotated[Path | None, typer.Option(help="TOML of the world's settings; --set goes on top.")]
SpanYears = Annotated[
    float | None, typer.Option(min=0.01, help="Years of the span that an iteration simulates (4).")
]
EvaluateEvery = Annotated[
    int | None,
    typer.Option(
        min=0, help="Iterations between comparisons with the rule on held-out noise, 0 for none (10)."
    ),
]
EvaluateYears = Annotated[float | None, typer.Option(min=0.01, help="Years of such a comparison (10).")]
Device = Annotated[str | None, typer.Option(help="auto, cpu or cuda (auto: the GPU if there is one).")]
Precision = Annotated[str | None, typer.Option(help="float32 or bfloat16 of networks (float32).")]
Ray = Annotated[
    int | None, typer.Option(min=1, help="Simulate in so many Ray workers, learn in this process.")
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder to train in (runs/train-NNN).")]
Resume = Annotated[
    Path | None,
    typer.Option(help="Folder of an interrupted or killed training, to go on as it was planned."),
]
TensorBoard = Annotated[bool, typer.Option("--tensorboard", help="Also write TensorBoard event files.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no summary.")]
Json = Annotated[bool, typer.Option("--json", help="Print manifest and evaluation as JSON when done.")]


def train(
    world: World = None,
    populations: Populations = None,
    iterations: Iterations = None,
    steps: Steps = None,
    replicas: Replicas = None,
    seed: Seed = None,
    preset: Preset = None,
    hyper: Hyper = None,
    policy: Policies = None,
    start: Start = None,
    setting: Setting = None,
    config: Settings = None,
    span_years: SpanYears = None,
    evaluate_every: EvaluateEvery = None,
    evaluate_years: EvaluateYears = None,
    device: Device = None,
    precision: Precision = None,
    ray: Ray = None,
    out: Out = None,
    resume: Resume = None,
    tensorboard: TensorBoard = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Train networks for a world's populations by PPO; Ctrl-C saves, --resume goes on to the same bits."""
    asked = {
        "world": world, "populations": populations, "iterations": iterations, "steps": steps,
        "replicas": replicas, "seed": seed, "preset": preset, "hyper": hyper, "policy": policy,
        "start": start, "set": setting, "config": config, "span_years": span_years,
        "evaluate_every": evaluate_every, "evaluate_years": evaluate_years, "device": device,
        "precision": precision, "ray": ray,
    }  # fmt: skip
    given = {name: value for name, value in asked.items() if value not in (None, [])}
    from simengine.claims import Numbered
    from simengine.learning.tensorboard import available
    from simengine.learning.training import Trainer, collected_by

    if tensorboard:
        available()
    if resume is not None:
        trainer = reopened(resume, {**given, **({"out": out} if out else {})})
    else:
        plan = planned(given)
        folder, command = out or Numbered("train"), typed()
        if (own := world_class(plan.world).training()) is not None:
            return by_its_own(own, plan, folder)
        trainer = Trainer.begin(plan, folder, command, collected_by(ray))
    carry_out(trainer, tensorboard, quiet, json)


def by_its_own(training: Training, plan: Plan, where: Path | Numbered) -> None:
    """Train as a world does; Ctrl-C stops it, the same command with the same --out goes on."""
    from simengine.claims import Claim
    from simengine.cli.progress import Interruption

    with Claim(where) as claim, Interruption() as interruption:
        folder = claim.folder
        made = training(plan, folder, interruption)
    for name in made:
        say(f"wrote {folder / name}")
    if interruption.asked:
        warn(f"stopped: the same command with --out {folder} goes on")
        raise typer.Exit(INTERRUPTED)


def planned(given: dict[str, Any]) -> Plan:
    """The plan that the options describe."""
    from agents.forward import PRECISIONS
    from agents.hyperparameters import PRESETS
    from simengine.cli.run import pair, policies_in
    from simengine.config import merged, overrides, settings_in
    from simengine.learning.devices import device
    from simengine.learning.plan import Plan
    from simengine.learning.settings import hyperparameters
    from simengine.learning.training import iterations_of

    plain = ("world", "iterations", "replicas", "seed", "preset", "span_years", "evaluate_every",
             "evaluate_years", "precision")  # fmt: skip
    stated = {name: given[name] for name in plain if name in given}
    for name, valid in (("preset", PRESETS), ("precision", PRECISIONS)):
        if name in stated and stated[name] not in valid:
            raise UserError(unknown(name, stated[name], valid))
    if "iterations" in given and "steps" in given:
        raise UserError("--iterations and --steps: give one of the two")
    below = settings_in(given["config"]) if "config" in given else {}
    plan = Plan(
        **stated,
        populations=tuple(name.strip() for name in given.get("populations", "").split(",") if name.strip()),
        settings=hyperparameters(given.get("hyper", ())),
        policies=policies_in(given.get("policy", [])),
        start=dict(pair(text, "--start", "firms=firms.safetensors") for text in given.get("start", ())),
        config=merged(below, overrides(given.get("set", ()))),
        device=device(given.get("device", "auto")),
    )
    return replace(plan, iterations=iterations_of(plan, given["steps"])) if "steps" in given else plan


def reopened(folder: Path, given: dict[str, Any]) -> Trainer:
    """The training of a folder, which holds its plan: no option of the plan may be given again."""
    from simengine.learning.manifest import FINISHED
    from simengine.learning.training import Trainer

    for name in given:
        raise UserError(f"--resume {folder}: the plan is the folder's: give no {name.replace('_', '-')}")
    trainer = Trainer.resume(folder)
    if trainer.manifest["status"] == FINISHED:
        raise UserError(f"{folder}: this training is finished: simengine eval {folder} judges it")
    return trainer


def carry_out(trainer: Trainer, tensorboard: bool, quiet: bool, json: bool) -> None:
    """Train with a progress bar until the end or Ctrl-C, then judge, draw and sum up."""
    from simengine.cli.progress import Interruption
    from simengine.cli.training_progress import TrainingProgress, speed
    from simengine.learning.conclusion import conclude
    from simengine.learning.tensorboard import EventFiles

    progress = TrainingProgress(trainer, quiet or json)
    events = EventFiles(trainer.folder, trainer.agent_steps) if tensorboard else None

    def watch(trainer: Trainer) -> None:
        progress.watch(trainer)
        if events is not None:
            events.write(trainer.rows[-len(trainer.pupils) :])

    try:
        with Interruption() as interruption:
            done = trainer.run(watch, interruption)
    finally:
        progress.close()
        trainer.close()
        if events is not None:
            events.close()
    if not done:
        where = f"after iteration {trainer.iteration} of {trainer.plan.iterations}"
        warn(f"stopped {where}: go on with: simengine train --resume {trainer.folder}")
        raise typer.Exit(INTERRUPTED)
    found, files = conclude(trainer)
    if json:
        as_json({**trainer.manifest, "evaluation": found.payload()})
    elif not quiet:
        say(speed(trainer))
        if trainer.best["iteration"] is not None:
            say(f"kept the networks of iteration {trainer.best['iteration']}, the best on held-out seeds")
        say(found.text())
        for file in files:
            say(f"wrote {file}")


def evaluate(
    folder: Annotated[Path, typer.Argument(help="A training's folder, or one with .safetensors files.")],
    seed: Annotated[
        int | None, typer.Option("--seed", "-s", min=0, help="Seed (700002, which no training uses).")
    ] = None,
    replicas: Annotated[int, typer.Option("--replicas", "-r", min=2, help="Histories per policy.")] = 16,
    years: Annotated[float, typer.Option(min=0.01, help="Recorded years per history.")] = 25.0,
    policy: Policies = None,
    setting: Setting = None,
    device: Device = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Judge trained networks beside the rule and random decisions, on common noise that is new to them."""
    from simengine.cli.run import policies_in
    from simengine.config import merged, overrides
    from simengine.learning import assessment
    from simengine.learning.devices import device as device_of

    models = assessment.models_in(folder)
    others = policies_in(policy or [])
    for name in others:
        if name in models.weights:
            raise UserError(f"--policy {name}: a network of {folder} decides for it: name another population")
    models = models._replace(
        config=merged(models.config, overrides(setting or ())), policies={**models.policies, **others}
    )
    found = assessment.assess(
        models, assessment.UNSEEN if seed is None else seed, replicas, years, device_of(device or "auto")
    )
    as_json(found.payload()) if json else say(found.text())
