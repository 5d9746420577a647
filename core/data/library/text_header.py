"""Is the first row of a table of labelled texts names, or an example? Told by names, and by what stands below."""

from collections.abc import Sequence

LABELS = (  # the surest first
    *("label", "labels", "class", "target", "y", "标签", "类别", "sentiment", "emotion", "stance", "polarity"),
    *("category", "topic", "rating", "stars"),
)
TEXTS = ("text", "review", "sentence", "message", "comment", "content", "body", "document", "文本", "评论", "内容")
_LONGEST = 40  # characters of a name


def has_names(rows: Sequence[Sequence[str]]) -> tuple[bool, str]:
    """Whether it has names that columns of labels or texts go by, or in no column what other rows have; and why."""
    first = [cell.strip() for cell in rows[0]]
    if any(cell.lower() in (*LABELS, *TEXTS) for cell in first):
        return True, "The first row holds the names."
    others = [{row[at].strip().lower() for row in rows[1:] if len(row) > at} for at in range(len(first))]
    names = len(rows) > 1 and all(
        len(cell) <= _LONGEST and cell.lower() not in known for cell, known in zip(first, others, strict=True)
    )
    if not names:
        return False, "The first row is an example like the others."
    return True, (
        f"The first row is taken for names: {', '.join(first[:5])}. Is it an example? Then say so (--header no)."
    )
