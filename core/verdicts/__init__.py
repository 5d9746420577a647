"""Which of several configs or networks is better: by how much, how sure, on what grounds, what would settle it."""

from core.verdicts.estimates import SURE, Estimate
from core.verdicts.judging import Against, Side, Verdict, judged
from core.verdicts.sentences import heading, told

__all__ = ["SURE", "Against", "Estimate", "Side", "Verdict", "heading", "judged", "told"]
