"""The drawing of a network."""

import pytest

from core.charts.diagram import ROW, diagram, shape_text
from core.jobs.inspection import LayerRow


def layer(name: str, size: int, *inputs: str, kind: str = "Dense", detail: str = "") -> LayerRow:
    return LayerRow(
        name=name, kind=kind, output_shape=(size,), params=size, trainable=True, inputs=inputs, detail=detail
    )


@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_every_layer_has_a_box_with_its_kind_and_its_shape(count: int) -> None:
    figure = diagram([layer(f"l{n}", n + 1, *([f"l{n - 1}"] if n else [])) for n in range(count)], "#000")
    assert len(figure.layout.annotations) == 2 * count
    assert len([shape for shape in figure.layout.shapes if shape.fillcolor]) == count
    assert len([shape for shape in figure.layout.shapes if not shape.fillcolor]) == max(0, count - 1)
    assert figure.layout.height >= ROW * count


def test_a_layer_that_feeds_a_later_one_is_joined_by_an_arc() -> None:
    figure = diagram([layer("a", 4), layer("b", 4, "a"), layer("sum", 4, "a", "b")], "#000")
    assert sum(" C " in shape.path for shape in figure.layout.shapes) == 1


def test_a_second_input_is_joined_to_no_box_above_it() -> None:
    rows = [layer("numbers", 2, kind="InputLayer"), layer("words", 1, kind="InputLayer")]
    figure = diagram([*rows, layer("both", 3, "numbers", "words")], "#000")
    assert len([shape for shape in figure.layout.shapes if not shape.fillcolor]) == 2


def test_a_larger_output_makes_a_wider_box() -> None:
    figure = diagram([layer("small", 2), layer("large", 5000, "small")], "#000")
    boxes = [shape.path for shape in figure.layout.shapes if shape.fillcolor]
    left = [float(path.split()[1].split(",")[0]) for path in boxes]
    assert left[1] < left[0]


def test_names_and_details_are_shown_as_written_and_cut_when_long() -> None:
    figure = diagram([layer("<b>x</b>", 3, detail="<i>" + "y" * 99)], "#000")
    assert "<i>" not in figure.layout.annotations[0].text
    assert len(figure.layout.annotations[0].text) < 70
    assert "&lt;b&gt;" in figure.data[0].text[0]


def test_unknown_lengths_are_question_marks() -> None:
    assert shape_text((None, 1024)) == "? × 1,024"
