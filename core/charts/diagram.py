"""A network as a drawing: one box a layer, as wide as its output is large. Pure: layer rows in, Figure out."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.layout import blank
from core.jobs.inspection import LayerRow

ROW = 40  # pixels from one layer to the next
_BOX = 0.68  # share of a row that the box takes; the rest is the arrow
_WIDEST, _NARROWEST = 0.70, 0.40  # of the drawing's width; the right part holds the shapes
_MIDDLE = 0.36
_LONGEST = 30  # characters in a box

# Mid tones, so that a thin fill reads on white and on near-black.
_COLOURS = {
    "core": "#0f9d94",
    "convolution": "#3b82d6",
    "sequence": "#8b5cf6",
    "shape": "#c2860a",
    "helper": "#7b8a91",
    "input": "#7b8a91",
}
_FAMILIES = {
    "Conv": "convolution",
    "Separable": "convolution",
    "Depthwise": "convolution",
    "Dense": "core",
    "Embedding": "core",
    "Attention": "sequence",
    "MultiHead": "sequence",
    "LSTM": "sequence",
    "GRU": "sequence",
    "RNN": "sequence",
    "Bidirectional": "sequence",
    "Pool": "shape",
    "Flatten": "shape",
    "Reshape": "shape",
    "Permute": "shape",
    "UpSampling": "shape",
    "ZeroPadding": "shape",
    "Cropping": "shape",
    "Concatenate": "shape",
    "Add": "shape",
}


@dataclass(frozen=True)
class _Box:
    layer: LayerRow
    left: float
    right: float
    top: float
    bottom: float

    @property
    def colour(self) -> str:
        families = (family for mark, family in _FAMILIES.items() if mark in self.layer.kind)
        return _COLOURS[next(families, "helper")]


def shape_text(shape: Sequence[int | None]) -> str:
    """28 × 28 × 1; ? stands for a length that only the data decides."""
    return " × ".join("?" if size is None else f"{size:,}" for size in shape)


def diagram(layers: Sequence[LayerRow], ink: str) -> go.Figure:
    """Top to bottom in the order given; an arc beside the boxes where a layer feeds one that is not the next.

    Args:
        ink: colour of the text, to suit the background.
    """
    boxes = _place(layers)
    figure = blank("diagram", ROW * max(1, len(boxes)) + 8, margin={"l": 0, "r": 0, "t": 0, "b": 8}, showlegend=False)
    figure.update_layout(
        shapes=[*_arrows(boxes), *(_outline(box) for box in boxes)],
        annotations=[
            {**note, "font": {"size": 12, "color": ink}} for box in boxes for note in (_label(box), _side(box))
        ],
        hovermode="closest",
        dragmode=False,
    )
    figure.add_trace(_hover(boxes))
    figure.update_xaxes(range=[0, 1], visible=False, fixedrange=True)
    figure.update_yaxes(range=[len(boxes), -0.05], visible=False, fixedrange=True)
    return figure


def _place(layers: Sequence[LayerRow]) -> list[_Box]:
    sizes = [math.log2(1 + math.prod(size or 1 for size in layer.output_shape)) for layer in layers]
    largest = max(sizes, default=1) or 1
    boxes = []
    for row, (layer, size) in enumerate(zip(layers, sizes, strict=True)):
        half = max(_NARROWEST, _WIDEST * size / largest) / 2
        boxes.append(_Box(layer, _MIDDLE - half, _MIDDLE + half, row, row + _BOX))
    return boxes


def _outline(box: _Box) -> dict[str, object]:
    x0, x1, y0, y1 = box.left, box.right, box.top, box.bottom
    rx, ry = 0.015, 0.14  # corners, about six pixels
    path = (
        f"M {x0 + rx},{y0} L {x1 - rx},{y0} Q {x1},{y0} {x1},{y0 + ry} L {x1},{y1 - ry} Q {x1},{y1} {x1 - rx},{y1} "
        f"L {x0 + rx},{y1} Q {x0},{y1} {x0},{y1 - ry} L {x0},{y0 + ry} Q {x0},{y0} {x0 + rx},{y0} Z"
    )
    return {
        "type": "path",
        "path": path,
        "fillcolor": f"{box.colour}33",
        "line": {"color": box.colour, "width": 1.2},
        "layer": "below",
    }


def _arrows(boxes: Sequence[_Box]) -> list[dict[str, object]]:
    rows = {box.layer.name: row for row, box in enumerate(boxes)}
    shapes: list[dict[str, object]] = []
    for row, box in enumerate(boxes):
        before = [boxes[row - 1].layer.name] if row and box.layer.kind != "InputLayer" else []
        for name in box.layer.inputs or before:
            source = rows.get(name)
            if source is None or source >= row:
                continue
            shapes.append(_line(_straight(row) if source == row - 1 else _arc(boxes[source], box)))
    return shapes


def _straight(row: int) -> str:
    return f"M {_MIDDLE},{row - 1 + _BOX} L {_MIDDLE},{row}"


def _arc(source: _Box, target: _Box) -> str:
    start, end = (source.top + source.bottom) / 2, (target.top + target.bottom) / 2
    reach = max(0.0, min(source.left, target.left) - 0.05)
    return f"M {source.left},{start} C {reach},{start} {reach},{end} {target.left},{end}"


def _line(path: str) -> dict[str, object]:
    return {"type": "path", "path": path, "line": {"color": "#7b8a91", "width": 1.5}, "layer": "below"}


def _label(box: _Box) -> dict[str, object]:
    detail = box.layer.detail
    room = max(0, _LONGEST - len(box.layer.kind))
    if len(detail) > room:
        detail = f"{detail[: max(0, room - 1)]}…"
    text = f"<b>{html.escape(box.layer.kind)}</b> {html.escape(detail)}".strip()
    return _note(_MIDDLE, (box.top + box.bottom) / 2, text, "center", 1.0)


def _side(box: _Box) -> dict[str, object]:
    return _note(1.0, (box.top + box.bottom) / 2, shape_text(box.layer.output_shape), "right", 0.7)


def _note(x: float, y: float, text: str, anchor: str, opacity: float) -> dict[str, object]:
    return {
        "x": x,
        "y": y,
        "text": text,
        "xanchor": anchor,
        "yanchor": "middle",
        "showarrow": False,
        "opacity": opacity,
    }


def _hover(boxes: Sequence[_Box]) -> go.Scatter:
    return go.Scatter(
        x=[_MIDDLE] * len(boxes),
        y=[(box.top + box.bottom) / 2 for box in boxes],
        mode="markers",
        marker={"opacity": 0, "size": ROW * _BOX},
        text=[_story(box.layer) for box in boxes],
        hovertemplate="%{text}<extra></extra>",
    )


def _story(layer: LayerRow) -> str:
    frozen = "" if layer.trainable or not layer.params else ", frozen"
    lines = [
        f"<b>{html.escape(layer.name)}</b>",
        html.escape(f"{layer.kind} {layer.detail}".strip()),
        f"output {shape_text(layer.output_shape)}",
        f"{layer.params:,} parameters{frozen}",
    ]
    return "<br>".join(lines)
