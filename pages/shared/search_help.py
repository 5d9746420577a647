"""What a search box says: how a search is written, and what is wrong with one that cannot be read."""

import streamlit as st

from core.runs.search_error import SearchError
from pages.shared.format import literal

HELP = """Words are looked for in names, notes, tags and params. Comparisons and combinations work, too:

- `adam` &nbsp; `"two words"` &nbsp; `-draft`
- `batch_size = 64` &nbsp; `lr < 0.01` &nbsp; `optimizer in adam, sgd`
- `val_accuracy.best > 0.9` &nbsp; (`last`, `best`, `min`, `max`)
- `state = failed` &nbsp; `user:ada` &nbsp; `dataset = iris` &nbsp; `id > 100`
- `tag != paper` &nbsp; `notes is missing` &nbsp; `name ~ wide`
- `duration > 2h` &nbsp; `created > 2026-11-01` &nbsp; `created > 3 days ago`
- `adam or (sgd not iris)`
"""


def unread(error: SearchError) -> None:
    """The reason, and the search with its place marked."""
    st.error(f"{literal(error.what[:1].upper() + error.what[1:])}.", title="The search cannot be read")
    st.code("\n".join(error.lines), language=None)
