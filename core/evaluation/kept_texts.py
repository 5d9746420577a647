"""What is kept of a test text: what the network saw of it, as far as it can, and what stands before that."""

from core.data.base import Dataset

_MOST_SEEN = 50_000  # characters
_MOST_BEFORE = 8_000
_ALTOGETHER = 200_000_000  # of all texts
_LEAST = 1_000

TEXT, UNSEEN = "text", "unseen"  # columns; the second: characters at the beginning of the first that were cut off


def kept_texts(data: Dataset) -> tuple[list[str], list[int]]:
    """Both columns, of texts."""
    assert data.texts_test is not None
    share = max(_LEAST, _ALTOGETHER // max(1, len(data.texts_test)))
    texts, unseen = [], []
    for text in data.texts_test.tolist():
        before, seen = (
            ("", str(text)) if data.vocabulary is None else data.vocabulary.cut(str(text), data.info.shape[0])
        )
        before, seen = _shortened(before, min(_MOST_BEFORE, share)), _shortened(seen, min(_MOST_SEEN, share))
        texts.append(before + seen)
        unseen.append(len(before))
    return texts, unseen


def told(unseen: list[int], length: int) -> list[str]:
    """That texts were longer than what the network sees, where some were."""
    cut = sum(map(bool, unseen))
    if not cut:
        return []
    return [
        f"Of {cut:,} of {len(unseen):,} test texts, the network saw the last {length:,} tokens only. What it did not "
        "see stands apart with each example. A greater length in the config lets it see more."
    ]


def _shortened(text: str, most: int) -> str:
    """Without its middle, where it is longer."""
    if len(text) <= most:
        return text
    left_out = f" […{len(text) - most:,} characters…] "
    return text[: most // 2] + left_out + text[len(text) - most // 2 :]
