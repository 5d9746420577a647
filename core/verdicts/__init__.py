"""Which of several configs or networks is better: by how much, how sure, on what grounds, what would settle it."""

from core.verdicts.estimates import SURE, Estimate
from core.verdicts.judging import Verdict, judged
from core.verdicts.sentences import heading, told
from core.verdicts.two_sides import Against, Side

__all__ = ["SURE", "Against", "Estimate", "Side", "Verdict", "heading", "judged", "told"]
