"""Small pictures made large enough to look at."""

from PIL import Image

from core.data.pictures import shown


def blocks(png: str, side: int) -> Image.Image:
    """Small pictures enlarged to about this side, each pixel a block: browsers would blur them."""
    picture = shown(png)
    factor = max(1, side // max(picture.size))
    return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)
