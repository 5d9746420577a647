"""What is known of several at once, in words."""

from collections.abc import Mapping, Sequence

from core.common.text import percentage, plural
from core.verdicts.several import MOST_PAIRED, Several

_TEST = {"test examples": "Cochran's Q"}  # of right and wrong answers; elsewhere Friedman's test


def ranks_told(found: Several, names: Mapping[int, str]) -> list[str]:
    """Which are best and which cannot be told apart, by their ranks; or why there are none."""
    if found.ranking is None:
        return [f"No ranks over all of them: {found.reason}."]
    test = _TEST.get(found.over, "Friedman's test")
    blocks = plural(found.ranking.blocks, found.over[:-1])
    often = f"chance gives as uneven ranks {_often(found.ranking.chance)}"
    if not found.is_found:
        told = f"Over {blocks}, ranks tell none of the {len(found.sides)} from the others: {often} ({test})."
        return [told, _although_pairs(found)] if any(pair.is_sure for pair in found.pairs) else [told]
    best = found.best
    rest = [side for side in found.sides if side not in best]
    lines = [f"Over {blocks}, the {len(found.sides)} are not all alike: {often} ({test})."]
    if not rest:
        return [*lines, f"Which of them differ is not told: no ranks are {_apart(found)} apart (Nemenyi)."]
    if len(best) == 1:
        lines.append(f"{names[best[0]]} ranks best, before each of the others by {_apart(found)} or more (Nemenyi).")
    else:
        lines.append(
            f"{_listed([names[side] for side in best])} rank best and cannot be told apart; "
            f"{_listed([names[side] for side in rest])} {'ranks' if len(rest) == 1 else 'rank'} behind "
            f"{names[best[0]]} by {_apart(found)} or more (Nemenyi)."
        )
    return lines


def pairs_told(found: Several) -> str:
    """How many pairs are told apart, and by what."""
    if not found.pairs:
        return f"Of more than {MOST_PAIRED} not every two are compared." if len(found.sides) > MOST_PAIRED else ""
    known = [pair for pair in found.pairs if pair.chance is not None]
    if not known:
        return ""
    sure = sum(pair.is_sure for pair in known)
    by = "Wilcoxon's test of signed ranks" if found.over == "data sets" else "the tests that the verdict asks of two"
    told = f"Of {plural(len(known), 'pair')}, {sure} {'is' if sure == 1 else 'are'} told apart by {by}"
    return f"{told}, corrected for their number (Holm)."


def _although_pairs(found: Several) -> str:
    """Which to believe where ranks find no difference and the tests of two do."""
    sure = sum(pair.is_sure for pair in found.pairs)
    pairs = f"The {plural(sure, 'pair')} that {'is' if sure == 1 else 'are'} told apart all the same"
    return (
        f"{pairs}: go by {'it' if sure == 1 else 'them'}, as ranks leave out how far apart results are, which the "
        "tests of two take into account."
    )


def _apart(found: Several) -> str:
    assert found.ranking is not None
    return f"{found.ranking.critical:.2f} ranks"


def _often(chance: float) -> str:
    if chance < 0.001:
        return "in fewer than 1 of 1,000 cases"
    return f"in {percentage(chance, 1)} of cases"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
