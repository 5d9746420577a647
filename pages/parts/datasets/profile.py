"""What a data set looks like: classes, columns, texts, pictures, duplicates."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.charts import profiles as charts
from core.charts import series_charts
from core.common.text import percentage, quantity, significant
from core.data.base import DataInfo
from core.data.library.profile import Column, Duplicates, Images, Profile, Spread, Texts
from pages.frontend.chart import chart
from pages.parts.datasets.label_spread import draw_labels
from pages.shared.format import DASH, literal, number, plural

_PARTS = {"train": "training", "validation": "validation", "test": "test"}
_SPECIAL = {" ": "(space)", "\n": "(line break)", "\t": "(tab)"}
_TOKENS_MOST = 20


def draw_profile(info: DataInfo, profile: Profile) -> None:
    if profile.labels is not None:
        draw_labels(info, profile, profile.labels)
    else:
        _classes(info, profile)
    if profile.lines and info.series is not None:
        st.subheader("Over time", anchor=False)
        figure = series_charts.lines(profile.lines, info.series.dated, info.target)
        chart(figure, key="datasets_series", alt=f"{info.target} over time")
        if len(info.series.ids) > len(profile.lines):
            st.caption(f"The first {len(profile.lines)} of {len(info.series.ids):,} series.")
    if profile.columns:
        _columns(profile.columns)
    if profile.texts is not None:
        _texts(profile.texts)
    if profile.images is not None:
        _images(profile.images)


def _classes(info: DataInfo, profile: Profile) -> None:
    parts = {_PARTS[split.part]: split.class_counts for split in profile.splits if split.class_counts}
    if not parts:
        return
    st.subheader("Classes", anchor=False)
    train = next(iter(parts.values()))
    least, most = min(train), max(train)
    if least and most / least >= 1.5:
        rare, often = info.class_names[train.index(least)], info.class_names[train.index(most)]
        st.caption(
            literal(f"{often} has {most / least:.1f} times as many training examples as {rare}.")
            + f" Always naming the most frequent class is right in {percentage(max(train) / sum(train), 1)}."
        )
    figure = charts.class_balance(info.class_names, parts)
    chart(figure, key="datasets_classes", alt="Examples of each class, by part")


def _columns(columns: Sequence[Column]) -> None:
    st.subheader("Columns", anchor=False)
    frame = pd.DataFrame(
        {
            "Column": [column.name for column in columns],
            "Type": [column.kind for column in columns],
            "Missing": [column.missing_train for column in columns],
            "Missing, test": [column.missing_test for column in columns],
            "Distinct": [column.distinct for column in columns],
            "Smallest": [
                _quantity(column.spread, column.spread.minimum) if column.spread else DASH for column in columns
            ],
            "Median": [
                _quantity(column.spread, _median(column.spread)) if column.spread else DASH for column in columns
            ],
            "Mean": [_quantity(column.spread, column.spread.mean) if column.spread else DASH for column in columns],
            "Largest": [
                _quantity(column.spread, column.spread.maximum) if column.spread else DASH for column in columns
            ],
            "Values": [_bars(column) for column in columns],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        key="datasets_columns",
        alt="Columns, with missing values and ranges",
        column_config={
            "Missing": st.column_config.NumberColumn(help="Of the training examples", format="localized"),
            "Missing, test": st.column_config.NumberColumn(format="localized"),
            "Distinct": st.column_config.NumberColumn(help="Different values", format="localized"),
            **{
                name: st.column_config.TextColumn(alignment="right")
                for name in ("Smallest", "Median", "Mean", "Largest")
            },
            "Values": st.column_config.BarChartColumn(
                help="How often values occur: of numbers from the smallest to the largest, of categories the most "
                "frequent first",
                y_min=0,
            ),
        },
    )
    shown = [column for column in columns if column.spread or column.top]
    if not shown:
        return
    name = st.selectbox("Look at", [column.name for column in shown], key="datasets_column", width=320)
    column = next(column for column in shown if column.name == name)
    if column.spread:
        histogram = column.spread.histogram
        figure = charts.histogram(histogram.edges, histogram.counts, x_title=column.name)
    else:
        figure = charts.frequent(column.top, x_title="Training examples")
    chart(figure, key="datasets_column_chart", alt=f"How often the values of {column.name} occur")


def _quantity(spread: Spread, value: float) -> str:
    """With the digits that tell the column's values apart."""
    return quantity(value, significant((spread.minimum, spread.maximum)))


def _median(spread: Spread) -> float:
    return spread.quantiles[len(spread.quantiles) // 2]


def _bars(column: Column) -> list[int]:
    return list(column.spread.histogram.counts) if column.spread else [count for _, count in column.top]


def _texts(texts: Texts) -> None:
    lengths = [(name, spread) for name, spread in (("words", texts.words), ("characters", texts.characters)) if spread]
    if lengths:
        st.subheader("Lengths of the texts", anchor=False)
        for place, (name, spread) in zip(st.columns(2, gap="medium"), lengths, strict=False):
            with place:
                low, middle, high = spread.quantiles[0], _median(spread), spread.quantiles[-1]
                st.caption(
                    f"In {name}: half have at most {number(middle)}, nine in ten from {number(low)} to {number(high)}; "
                    f"the longest has {number(spread.maximum)}."
                )
                figure = charts.histogram(spread.histogram.edges, spread.histogram.counts, x_title=name.capitalize())
                chart(figure, key=f"datasets_lengths_{name}", alt=f"How long the texts are, in {name}")
    st.subheader("Most frequent", anchor=False)
    frequent = {"Words": texts.frequent_words, "Characters": texts.frequent_characters}
    for place, (name, pairs) in zip(st.columns(2, gap="medium"), frequent.items(), strict=True):
        with place:
            st.caption(name)
            shown = [(_SPECIAL.get(token, token), count) for token, count in pairs[:_TOKENS_MOST]]
            chart(charts.frequent(shown), key=f"datasets_frequent_{name}", alt=f"The most frequent {name.lower()}")


def _images(images: Images) -> None:
    st.subheader("Pixels", anchor=False)
    names = {1: ("grey",), 3: ("red", "green", "blue"), 4: ("red", "green", "blue", "alpha")}.get(images.channels, ())
    colours = names or tuple(str(channel) for channel in range(images.channels))
    told = [
        f"{colour} {mean:.1f} ± {deviation:.1f}"
        for colour, mean, deviation in zip(colours, images.mean, images.deviation, strict=True)
    ]
    st.markdown(f"Mean and deviation over the training pictures, of 0 to 255: {', '.join(told)}.")
    if images.original_sizes:
        sizes = ", ".join(f"{size} ({count:,})" for size, count in images.original_sizes[:8])
        more = f" and {len(images.original_sizes) - 8:,} more sizes" if len(images.original_sizes) > 8 else ""
        st.markdown(literal(f"Stored as {images.width}x{images.height}; the files had, width first: {sizes}{more}."))


def draw_duplicates(found: Duplicates, *, leaks_known: bool) -> None:
    if found.across and not leaks_known:  # sets that were added before leaks were looked for
        st.warning(
            f"{plural(found.across, 'test example')} {'is' if found.across == 1 else 'are'} in the training part, too: "
            "the test flatters a network that learned them by heart.",
            icon=":material/content_copy:",
        )
    if found.conflicting:
        st.warning(
            f"{plural(found.conflicting, 'training example')} {'equals' if found.conflicting == 1 else 'equal'} one "
            "with another label: no network can be right on all of them.",
            icon=":material/call_split:",
        )
    inside = [
        f"{count:,} within the {part} part"
        for count, part in ((found.within_train, "training"), (found.within_test, "test"))
        if count
    ]
    if inside:
        st.caption(f"Exact duplicates of an earlier example: {', '.join(inside)}.")
    elif not found.across:
        st.caption("No exact duplicates, neither within the parts nor between training and test.")
