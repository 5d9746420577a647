"""Small pictures made large enough to look at."""

import streamlit as st
from PIL import Image

from core.data.pictures import shown

_SEEN = 128  # pixels of the side of a picture, as the network saw it


def blocks(png: str, side: int) -> Image.Image:
    """Small pictures enlarged to about this side, each pixel a block: browsers would blur them."""
    picture = shown(png)
    factor = max(1, side // max(picture.size))
    return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)


def seen(png: str) -> None:
    """The picture that the network was asked about, as it took it."""
    st.image(blocks(png, 2 * _SEEN), caption="Network's input", width=_SEEN, alt="The picture as the network saw it")
