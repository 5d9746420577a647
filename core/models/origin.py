"""Where a version came from, in words: a checkpoint of a run, several networks that were made one, or a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.common.text import plural
from core.runs.compressing import in_words
from db.registry_records import VersionRecord

ENSEMBLE, AVERAGED, UPLOADED = "ensemble", "averaged", "uploaded"  # in place of the name of a checkpoint
LOGGED = "logged"  # by a client of MLflow, as files that only it reads


@dataclass(frozen=True)
class Member:
    """A run whose network is a part of an ensemble."""

    run: int
    uid: str
    name: str
    checkpoint: str = "best"
    seed: int | None = None


def members(version: VersionRecord) -> list[Member]:
    """Of an ensemble; none of others."""
    told = version.facts.get("members") if version.checkpoint == ENSEMBLE else None
    known = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return [
        Member(
            run=int(each.get("run", 0)),
            uid=str(each.get("uid", "")),
            name=str(each.get("name", "")),
            checkpoint=str(each.get("checkpoint", "best")),
            seed=each.get("seed"),
        )
        for each in known
    ]


def uploaded(version: VersionRecord) -> dict[str, Any]:
    """Of a file that somebody gave: file, bytes, sha256, by, format, like, unmeasured; nothing of others."""
    told = version.facts.get("uploaded") if version.checkpoint == UPLOADED else None
    return told if isinstance(told, dict) else {}


def sentence(version: VersionRecord) -> str:
    """What the version is, beginning with a capital, to stand before a verb."""
    match version.checkpoint:
        case "ensemble":
            return f"The mean of the answers of runs {_listed([each.run for each in members(version)])}"
        case "averaged":
            return f"The mean of the weights of epochs {_epochs(version)} of run {version.run_id}"
        case "uploaded":
            return f"The file {version.run_name}"
        case "logged":
            return f"What a client logged{f' in run {version.run_id}' if version.run_id else ''}"
    return f"The {version.checkpoint} checkpoint of run {version.run_id}"


def sparsity(facts: Mapping[str, Any]) -> str:
    """Of a pruned network, how many weights are zero and how small they are zipped; "" of others."""
    told = facts.get("pruned")
    if not isinstance(told, dict) or not told.get("weights"):
        return ""
    zeros = f"{100 * told['zeros'] / told['weights']:.1f} % of its {told['weights']:,} weights are zero"
    zipped = facts.get("zipped_weights")
    return f"{zeros}; zipped, all its weights take {plural(zipped, 'byte')}" if isinstance(zipped, int) else zeros


def not_begun_from(version: VersionRecord) -> str:
    """Why no run can begin from this version, and what can be done; "" of a run's best checkpoint."""
    register = f"python -m core models register {version.run_id or 'RUN'} NAME"
    match version.checkpoint:
        case "ensemble":
            runs = _listed([each.run for each in members(version)])
            distil = f"python -m core models compress {version.title} --method distil"
            can = f"Have a smaller network learn from it: {distil}; or compress one of runs {runs}: {register}"
        case "uploaded":
            can = "Train a run of your own and compress that"
        case "logged":
            can = "Train a run of your own, or upload the network's file as a version"
        case "best":
            return ""
        case _:
            can = f"Compress the best checkpoint of run {version.run_id}: {register}"
    if version.checkpoint != LOGGED and uploaded(version).get("format", "keras") == "keras":  # others are what they are
        can += f"; or export this one in a small format: python -m core models shrink {version.title}"
    return (
        f"{version.title} is {sentence(version)[:1].lower()}{sentence(version)[1:]}, and a run begins from the best "
        f"checkpoint of one run. {can}."
    )


def short(version: VersionRecord) -> str:
    if version.checkpoint == LOGGED and not version.run_id:
        return "what a client logged"
    return f"run {version.run_id}" if version.run_id else f"the file {version.run_name}"


def label(version: VersionRecord) -> str:
    """For a cell of a table."""
    match version.checkpoint:
        case "ensemble":
            return f"ensemble of {', '.join(f'#{each.run}' for each in members(version))}"
        case "averaged":
            return f"mean of epochs {_epochs(version, brief=True)} of #{version.run_id}"
        case "uploaded":
            return f"file {version.run_name}"
        case "logged" if not version.run_id:
            return "logged by a client"
    how = made_smaller(version)
    return f"#{version.run_id} {version.run_name}{f' · {how}' if how else ''}"


def made_smaller(version: VersionRecord) -> str:
    """How a run made its network smaller: "pruned 80 %"; "" of others, and where the run's name says it."""
    how = in_words(version.config)
    return "" if how and how.split()[0] in version.run_name else how


def in_row(version: VersionRecord) -> str | int:
    """The run's number, where it came of one."""
    return label(version) if members(version) or not version.run_id else version.run_id


def told(version: VersionRecord) -> dict[str, Any]:
    """For the history."""
    if version.checkpoint == UPLOADED:
        return {"file": version.run_name}
    runs = [each.run for each in members(version)] or version.run_id
    return {"run": runs, "checkpoint": version.checkpoint}


def _listed(numbers: list[int]) -> str:
    texts = [str(each) for each in numbers]
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else "".join(texts)


def _epochs(version: VersionRecord, *, brief: bool = False) -> str:
    known = version.facts.get("averaged")
    told = known.get("epochs") if isinstance(known, dict) else None
    if not isinstance(told, list) or not told:
        return "that are not known"
    found = sorted(int(each) for each in told)
    if brief and len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]}–{found[-1]}"
    return _listed(found)
