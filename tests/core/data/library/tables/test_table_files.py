"""Tables in every format: what is read is what was written."""

import csv
import datetime
import gzip
import io
import json
import string
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import TableOptions, adding
from tests.core.data.library.conftest import Packed
from tests.core.data.library.tables.conftest import Add, Look, column, values
from tests.core.data.library.tables.workbook import write_workbook

FRAME = pd.DataFrame(
    {
        "n": [1.5, None, 3.25, -4.0] * 5,
        "whole": [1, 2, 3, 5] * 5,
        "code": ["007", "7", "07", "x"] * 5,
        "when": [datetime.datetime(2021, 1, day) for day in range(1, 21)],
        "y": ["no", "yes"] * 10,
    }
)


def _written(path: Path) -> Path:
    match path.suffix:
        case ".parquet":
            FRAME.to_parquet(path, index=False)
        case ".feather":
            pa.feather.write_feather(pa.Table.from_pandas(FRAME, preserve_index=False), path)
        case ".arrow":
            table = pa.Table.from_pandas(FRAME, preserve_index=False)
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
                writer.write_table(table)
        case ".jsonl":
            FRAME.to_json(path, orient="records", lines=True, date_format="iso")
        case ".json":
            FRAME.to_json(path, orient="records", date_format="iso")
        case _:
            FRAME.to_csv(path, index=False, sep="\t" if ".tsv" in path.name else ",")
    return path


@pytest.mark.parametrize(
    "name",
    [
        *("t.csv", "t.tsv", "t.csv.gz", "t.csv.bz2", "t.csv.xz", "t.parquet", "t.feather", "t.arrow", "t.jsonl"),
        *("t.json", "t.csv.zip"),
    ],
)
def test_a_table_is_the_same_in_every_format(settings: Settings, tmp_path: Path, name: str) -> None:
    preview = adding.peek_table(settings, _written(tmp_path / name), TableOptions(target="y"))

    assert preview.rows == 20
    assert [each.kind for each in preview.columns] == ["number", "number", "category", "date", "category"]
    assert values(preview, "n")[:4] == [1.5, None, 3.25, -4]
    assert values(preview, "whole")[:4] == [1, 2, 3, 5]
    assert values(preview, "code")[:4] == ["007", "7", "07", "x"]
    assert values(preview, "when days since 2021-01-01")[:2] == [0, 1]
    assert values(preview, "y")[:2] == ["no", "yes"]


def test_types_that_a_file_says_are_kept(settings: Settings, tmp_path: Path) -> None:
    table = pa.table({"text": ["1", "2", "3"], "n": pa.array([1, 2, None], pa.int32()), "b": [True, False, True]})
    pq.write_table(table, tmp_path / "t.parquet")

    preview = adding.peek_table(settings, tmp_path / "t.parquet")

    assert values(preview, "text") == ["1", "2", "3"]
    assert values(preview, "n") == [1, 2, None]
    assert values(preview, "b") == ["true", "false", "true"]


def test_durations_are_seconds_ids_stay_exact_and_what_is_nested_is_left_out(
    settings: Settings, tmp_path: Path
) -> None:
    ids = [2**60 + at % 4 for at in range(20)]
    table = pa.table(
        {
            "took": pa.array([datetime.timedelta(milliseconds=1500 * at) for at in range(20)], pa.duration("us")),
            "id": pa.array(ids, pa.int64()),
            "tags": [["a", "b"]] * 20,
            "raw": pa.array([b"\xff"] * 20),
            "y": ["no", "yes"] * 10,
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")

    preview = adding.peek_table(settings, tmp_path / "t.parquet")

    assert values(preview, "took")[:3] == [0, 1.5, 3]
    assert "took is in seconds." in preview.notes[0]
    assert values(preview, "id") == [str(each) for each in ids]
    assert [column(preview, name).kind for name in ("tags", "raw")] == ["ignore", "ignore"]
    assert column(preview, "tags").reason.startswith("It holds lists, objects or bytes;")


def test_a_workbook_is_read_from_the_sheet_that_holds_the_table(settings: Settings, tmp_path: Path) -> None:
    days = [datetime.date(2021, 1, 1) + datetime.timedelta(days=at) for at in range(20)]
    rows = [
        [at + 0.5 if at % 3 else None, at, f"0{at % 3}", at % 2 == 0, day, "ab"[at % 2]] for at, day in enumerate(days)
    ]
    sheets = {
        "Notes": [["Read me"]],
        "Data": [["Sales of 2021"], [], ["n", "whole", "code", "flag", "when", "y"], *rows],
    }
    path = write_workbook(tmp_path / "t.xlsx", sheets)  # type: ignore[arg-type]

    preview = adding.peek_table(settings, path, TableOptions(target="y"))

    assert (preview.rows, preview.sheet, preview.sheets) == (20, "Data", ("Notes", "Data"))
    assert [each.kind for each in preview.columns] == ["number", "number", "category", "category", "date", "category"]
    assert values(preview, "n")[:3] == [None, 1.5, 2.5]
    assert values(preview, "code")[:3] == ["00", "01", "02"]
    assert values(preview, "flag")[:2] == ["TRUE", "FALSE"]
    assert values(preview, "when days since 2021-01-01")[:2] == [0, 1]
    with pytest.raises(DataError, match=r"has no sheet 'Dat' .did you mean Data"):
        adding.peek_table(settings, path, TableOptions(sheet="Dat"))


@pytest.mark.parametrize(
    "content",
    [
        [{"a": 1.5, "y": "no"}, {"a": 2, "y": "yes"}],
        {"meta": "x", "rows": [{"a": 1.5, "y": "no"}, {"a": 2, "y": "yes"}]},
        {"a": [1.5, 2], "y": ["no", "yes"]},
        {"a": {"0": 1.5, "1": 2}, "y": {"0": "no", "1": "yes"}},
        {"columns": ["a", "y"], "index": [0, 1], "data": [[1.5, "no"], [2, "yes"]]},
    ],
)
def test_json_in_the_layouts_that_people_have(look: Look, content: object) -> None:
    preview = look(json.dumps(content), "t.json")

    assert (values(preview, "a"), values(preview, "y")) == ([1.5, 2], ["no", "yes"])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.json", b"{", "is no JSON"),
        ("t.json", b"[1, 2]", "row 1 is no record"),
        ("t.json", b'{"a": 1}', "no list of records"),
        ("t.jsonl", b'{"a": 1}\n{"a"\n', "line 2 is no JSON"),
        ("t.parquet", b"PAR1 but no more", "cannot be read as a Parquet file"),
        ("t.feather", b"ARROW1 but no more", "cannot be read as a Arrow file"),
        ("t.xlsx", b"PK but no more", "cannot be read as a workbook"),
        ("t.csv.gz", b"no gzip", "cannot be unpacked"),
    ],
)
def test_damaged_files_are_told(look: Look, name: str, content: bytes, told: str) -> None:
    with pytest.raises(DataError, match=told):
        look(content, name)


@pytest.mark.parametrize("name", ["t.jsonl", "t.parquet"])
def test_a_field_of_lists_is_left_out_and_told_and_one_of_objects_gives_columns(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    records = [
        {"a": at * 1.5, "tags": ["x", "y"][: at % 3], "o": {"b": {"c": at % 7 + 0.5}}, "y": ("no", "yes")[at % 2]}
        for at in range(60)
    ]
    path = tmp_path / name
    if name == "t.jsonl":
        path.write_text("\n\n".join(map(json.dumps, records)))
    else:
        pq.write_table(pa.Table.from_pylist(records), path)

    preview = adding.peek_table(settings, path)
    assert [each.name for each in preview.columns] == ["a", "tags", "o.b.c", "y"]
    assert [each.kind for each in preview.columns] == ["number", "ignore", "number", "category"]
    assert preview.columns[1].task is None
    added = adding.add_table(settings, "mine", path, TableOptions(target="y"))
    assert [each.name for each in added.info.features] == ["a", "o.b.c"]
    assert added.warnings == (
        f"{name}: objects within the records give a column for each field: o.b.c.",
        "Left out: tags. It holds lists, objects or bytes; what is to be learned from them is to be a field of its "
        "own.",
    )


def test_json_as_programs_write_it(look: Look) -> None:
    content = '\n\n{"a": NaN, "y": "no"}\n\n{"a": 1' + "0" * 30 + ', "y": "yes"}\n{"a": 2.5, "y": "no"}\n'

    preview = look(content, "t.json")

    assert values(preview, "a") == [None, 1e30, 2.5]
    assert values(look('{"data": {"rows": [{"a": 1.5, "y": "n"}, {"a": 2, "y": "m"}]}}', "u.json"), "a") == [1.5, 2]
    with pytest.raises(DataError, match=r"holds 2 lists of records: train, test\. Write each into a file"):
        look('{"train": [{"a": 1, "y": "n"}, {"a": 2, "y": "m"}], "test": [{"a": 1, "y": "n"}]}', "v.json")


def test_such_a_field_that_is_ignored_as_the_user_says_is_no_trouble_wherever_it_stands(add: Add) -> None:
    records: list[dict[str, object]] = [{"a": at * 1.5, "y": ("no", "yes")[at % 2], "tags": ""} for at in range(1200)]
    records[1100]["tags"] = ["late"]
    content = "\n".join(map(json.dumps, records))

    with pytest.raises(DataError, match=r"'tags' of record 1,101 holds a list; .* --column 'tags=ignore'"):
        add(content, "t.jsonl", target="y")
    with pytest.raises(DataError, match="'y' of record 1 holds a list"):
        add('[{"a": 1, "y": ["no"]}]', "u.json", target="y")
    added = add(content, "t.jsonl", target="y", columns={"tags": "ignore"})
    assert [each.name for each in added.info.features] == ["a"]


def test_parts_of_any_format_are_kept(settings: Settings, packed: Packed) -> None:
    rows = "".join(f"{at}.5,{('up', 'down')[at % 2]}\n" for at in range(30))
    zipped = packed(
        {
            "data/iris_train.csv": "a,kind\n" + rows,
            "data/iris_val.jsonl": "".join(json.dumps({"kind": "up", "a": at}) + "\n" for at in range(10)),
            "data/iris_test.csv.gz": gzip.compress(b"kind,a\nup,1\ndown,2\n"),
        }
    )

    preview = adding.peek_table(settings, zipped)

    assert (preview.rows, preview.validation_rows, preview.test_rows) == (42, 10, 2)


@given(
    st.data(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_read_is_what_was_written(
    settings: Settings, data: st.DataObject, delimiter: str, encoding: str, quoting: int, line_end: str
) -> None:
    letters = string.ascii_letters + string.digits + " ,;|'\"éß€-.%"
    words = st.text(letters, min_size=1, max_size=12).map(lambda text: f"w{text}w")
    kinds = {
        "word": words,
        "number": st.floats(-1e12, 1e12, allow_subnormal=False).map(repr),
        "code": st.integers(0, 99).map(lambda number: f"0{number}"),
    }
    chosen = data.draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=4))
    rows = data.draw(st.integers(2, 12))
    cells = [[data.draw(kinds[kind]) for _ in range(rows)] for kind in chosen]
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=line_end)  # type: ignore[arg-type]
    writer.writerow([f"{kind} {place}" for place, kind in enumerate(chosen)] + ["target"])
    for row, each in enumerate(zip(*cells, strict=True)):
        writer.writerow([*each, ("no", "yes")[row % 2]])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(file.getvalue().encode(encoding))
        keep = {f"{kind} {place}": "number" if kind == "number" else "category" for place, kind in enumerate(chosen)}

        preview = adding.peek_table(
            settings,
            path,
            TableOptions(target="target", delimiter=delimiter, encoding=encoding, decimal=".", columns=keep),  # type: ignore[arg-type]
        )

    assert preview.rows == rows
    for place, kind in enumerate(chosen):
        meant = [float(cell) if kind == "number" else cell for cell in cells[place]]
        assert values(preview, f"{kind} {place}") == meant


def test_a_column_of_the_other_file_is_missed_by_name(settings: Settings, packed: Packed) -> None:
    zipped = packed({"train.csv": "a,b,y\n1,2,x\n2,3,z\n", "test.csv": "a,y\n1,x\n"})

    with pytest.raises(DataError, match=r"test.csv has no 1 column b"):
        adding.peek_table(settings, zipped)


def test_the_first_file_says_how_all_are_read(settings: Settings, packed: Packed) -> None:
    train = "".join(f"0{at % 2 + 1},0.{at},{'ab'[at % 2]}\n" for at in range(40))
    zipped = packed({"train.csv": "code,x,kind\n" + train, "test.csv": "code,x,kind\n01,0.5,a\n0A,0.7,b\n"})

    preview = adding.peek_table(settings, zipped, TableOptions(target="kind"))

    assert column(preview, "code").distinct == 3
    assert values(preview, "code")[:2] == ["01", "02"]


def test_what_describes_a_table_is_no_table(settings: Settings, packed: Packed) -> None:
    rows = "".join(f"{at},{'ab'[at % 2]}\n" for at in range(40))
    one = packed({"data.csv": "x,y\n" + rows, "README.txt": "About this, and that.\n"})
    assert adding.peek_table(settings, one).rows == 40

    parts = {"trainset.csv": "x,y\n" + rows, "valset.csv": "x,y\n1,a\n", "testset.csv": "x,y\n1,a\n2,b\n"}
    preview = adding.peek_table(settings, packed({**parts, "data_train_description.txt": "x is a number.\n"}))
    assert (preview.rows, preview.validation_rows, preview.test_rows) == (43, 1, 2)


def test_each_part_is_cut_by_its_own_delimiter(settings: Settings, packed: Packed) -> None:
    train = "x,z,y\n" + "".join(f"{at},{at % 7},{'ab'[at % 2]}\n" for at in range(40))

    preview = adding.peek_table(settings, packed({"train.csv": train, "test.csv": "x;z;y\n1;2;a\n2;3;b\n"}))

    assert (preview.rows, preview.test_rows) == (42, 2)
