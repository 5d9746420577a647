"""Greys of more than eight bits: which number is white in a data set, by all of its pictures together."""

from collections.abc import Mapping, Sequence

from core.common.settings import Settings
from core.common.text import plural
from core.data.library.placing import Placed
from core.data.library.read_options import ImageOptions
from core.data.library.trees import Tree
from core.data.picture_files import BrokenPictureError, Header, brightest_of
from core.data.picture_modes import white_of

_FULL = 65_535
_FEWEST = 8  # pictures that show how large their numbers get; fewer may all be dark


def white_of_all(
    tree: Tree, placed: Sequence[Placed], headers: Mapping[int, Header], options: ImageOptions, settings: Settings
) -> tuple[int, list[str]]:
    """As said or found, 0 for that of their type; and what there is to tell.

    Cameras of 10, 12 and 14 bits write files of 16 bits, in which nothing says so but that no number is larger.
    """
    deep = [at for at, header in headers.items() if header.deep]
    if not deep:
        return 0, []
    told = []
    if len(deep) < len(headers):
        told.append(f"Pictures of several depths: {len(deep):,} of {len(headers):,} are greys of 16 bits.")
    if options.white:
        return options.white, [*told, _scaled(len(deep), options.white, "as you say")]
    most = 0
    for at in deep:
        try:
            most = max(most, brightest_of(tree.read(placed[at].entry), settings.max_pixels))
        except BrokenPictureError:
            continue  # told when it is decoded
        if not white_of(most):
            return 0, [*told, _scaled(len(deep), _FULL, "the range of their type")] if told else []
    white = white_of(most)
    if len(deep) < _FEWEST:
        why = f"the range of their type, though none of them holds more than {most:,}; --white {white} takes less"
        return 0, [*told, _scaled(len(deep), _FULL, why)]
    why = f"as none of them holds more than {most:,}; --white {_FULL} takes all 16 bits"
    return white, [*told, _scaled(len(deep), white, why)]


def _scaled(count: int, white: int, why: str) -> str:
    return f"{plural(count, 'grey picture')} of 16 bits: 0 is black and {white:,} white, {why}."
