"""The kinds of data sets that can be added, told in a sentence and an example each."""

from dataclasses import dataclass

from core.data.library import DatasetKind
from core.data.picture_formats import ACCEPTED


@dataclass(frozen=True)
class KindHelp:
    title: str
    sentence: str
    files: tuple[str, ...]  # endings that an upload may have
    example: str
    rules: str  # what is done with what is not plain, in a sentence or two


TABLE_ENDINGS = (
    *("csv", "tsv", "txt", "data", "xlsx", "xls", "ods", "parquet", "feather", "arrow", "json", "jsonl", "ndjson"),
    *("zip", "gz", "xz", "bz2"),
)

HELP: dict[DatasetKind, KindHelp] = {
    "table": KindHelp(
        "Table",
        "CSV, Excel, Parquet, JSON: one row per example, one column is predicted.",
        TABLE_ENDINGS,
        "age,fare,deck,survived\n22,7.25,,0\n38,71.28,C,1\n26,7.92,,1",
        "Columns are numbers, dates or categories; empty cells count as missing and are filled in inside the network. "
        "A zip or folder may hold train.csv, val.csv and test.csv, which are kept as the parts.",
    ),
    "images": KindHelp(
        "Images",
        "A zip of pictures: one folder per class.",
        ("zip",),
        "flowers.zip\n├── daisy/\n│   ├── 1.jpg\n│   └── 2.png\n└── tulip/\n    └── 3.jpg",
        "Folders train, val and test around or in the classes are kept as the parts. All pictures are stored in one "
        f"size, with 8 bits a colour: {ACCEPTED}. What is transparent becomes white; of animated ones and pages the "
        "first is taken.",
    ),
    "text": KindHelp(
        "Labelled texts",
        "A table with a label and a text in each row, or a zip with one file or folder per class.",
        TABLE_ENDINGS,
        'label,text\npositive,"A quiet, lovely film."\nnegative,"Two hours too long."',
        "Tables as CSV, Excel, Parquet or JSON. In a zip, positive.txt holds a text on each line, or positive/ a text "
        "in each file; train, val and test are kept as the parts. Any language; Chinese is cut into characters.",
    ),
    "corpus": KindHelp(
        "Running text",
        "A plain text, or a field of JSON or of a table, to learn to continue.",
        ("txt", "md", "json", "jsonl", "ndjson", "csv", "tsv", "parquet", "feather", "arrow", "xlsx", "ods", "zip"),
        "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.",
        "Of JSON and tables, one field is learned. A zip of files is joined in the order of their names. A run holds "
        "back the last part for the test.",
    ),
    "arrays": KindHelp(
        "Arrays",
        "A NumPy npz file with examples and class numbers.",
        ("npz",),
        'np.savez("my.npz",\n         x_train=x_train, y_train=y_train,\n         x_test=x_test, y_test=y_test)',
        "With x_val and y_val where there is such a part; or x and y alone, from which a test part is taken. uint8 of "
        "three or four axes becomes images, two axes are "
        "rows of numbers. Nothing in the file is unpickled.",
    ),
}
