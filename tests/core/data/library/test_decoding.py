"""Encodings: found out where they can be, told as a guess where not, and never a sign lost."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.common.errors import DataError
from core.data.library.decoding import decode, decode_together, encoding_of, find_encoding

TEXTS = {
    "zh": "今天天气很好，我们去公园散步。餐厅的服务态度非常差，菜也不新鲜。这部电影很好看，演员演得真好。",
    "tw": "今天天氣很好，我們去公園散步。餐廳的服務態度非常差，菜也不新鮮。這部電影非常好看，演員的表演很精彩。",
    "ja": "今日はとても天気がいいので、公園を散歩しました。映画はとても面白かった。店員の態度が悪くて残念でした。",
    "ko": "오늘은 날씨가 매우 좋아서 공원을 산책했습니다. 영화가 정말 재미있었다. 배우들의 연기가 훌륭하다.",
    "fr": "Le café était très bon, mais le garçon n’était pas à la hauteur. Où êtes-vous cet été près de la forêt ?",
    "de": "Die Größe des Zimmers war schön, aber die Straße war laut. Äpfel, Öl, süß, heiß, fünf Männer für Köln.",
    "ru": "Сегодня очень хорошая погода, и мы пошли гулять в парк. Фильм оказался скучным, актёры играли плохо.",
    "el": "Ο καιρός είναι πολύ καλός σήμερα και πήγαμε στο πάρκο. Η ταινία ήταν πολύ ωραία και το φαγητό κακό.",
    "pl": "Żółta łódź płynęła po rzece, a książka leżała na stole. Film był świetny, ale aktorzy grali źle.",
    "tr": "Bugün hava çok güzel, şehirde yürüyüş yaptık. Kitabı çok beğendim, ağaç, öğrenci, iğrenç bir film.",
    "ar": "الطقس جميل جدا اليوم وذهبنا إلى الحديقة. كان الفيلم مملا والممثلون سيئين",
    "th": "วันนี้อากาศดีมาก เราไปเดินเล่นที่สวนสาธารณะ อาหารไม่อร่อย",
}
PAIRS = [
    *(("zh", "gb18030"), ("zh", "gbk"), ("tw", "big5"), ("ja", "shift_jis"), ("ja", "cp932"), ("ja", "euc_jp")),
    *(("ja", "iso2022_jp"), ("ko", "euc_kr"), ("ko", "cp949"), ("fr", "cp1252"), ("de", "latin-1"), ("de", "cp1252")),
    *(("ru", "cp1251"), ("ru", "koi8_r"), ("el", "cp1253"), ("pl", "cp1250"), ("tr", "cp1254"), ("ar", "cp1256")),
    ("th", "cp874"),
]
UTF = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize(("language", "encoding"), PAIRS)
def test_a_file_of_a_few_lines_is_read_in_its_encoding(language: str, encoding: str, tmp_path: Path) -> None:
    text = "label,text\n" + "".join(f"{line % 2},{TEXTS[language]}\n" for line in range(4))
    path = tmp_path / "some.csv"
    path.write_bytes(text.encode(encoding))

    found = find_encoding(path, "", "some.csv")

    assert path.read_text(encoding_of(path, "", "some.csv")) == text
    assert decode(path.read_bytes(), "", "some.csv") == text
    assert found.how in ("detected", "guessed")
    assert bool(found.told) == (found.how == "guessed")


@pytest.mark.parametrize("encoding", UTF)
@pytest.mark.parametrize("language", TEXTS)
def test_unicode_is_read_with_and_without_a_mark(language: str, encoding: str, tmp_path: Path) -> None:
    text = "".join(f"{line % 2},{TEXTS[language]}\n" for line in range(4))
    path = tmp_path / "some.csv"
    path.write_bytes(text.encode(encoding))

    assert path.read_text(encoding_of(path, "", "some.csv")) == text
    assert find_encoding(path, "", "some.csv").told == ""


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PAIRS), st.lists(st.integers(0, 40), min_size=12, max_size=40))
def test_no_surely_detected_encoding_is_another_one(pair: tuple[str, str], starts: list[int]) -> None:
    language, encoding = pair
    text = "".join(f"{at % 3}\t{TEXTS[language][at : at + 25]}\n" for at in starts)

    try:
        texts, found = decode_together([("some", text.encode(encoding))], "")
    except DataError as asked:
        assert "cannot be told for sure" in str(asked)
    else:
        assert found.how == "guessed" or texts == [text]


def test_signs_beyond_ascii_late_in_a_long_file_are_found(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(
        b"plain words\n" * 200_000 + "Größe für Männer, schön, Köln, heiß, süß, fünf, Öl\n".encode("cp1252")
    )

    assert encoding_of(path, "", "long.txt") == "cp1252"


def test_a_long_line_is_cut_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    for shift in range(3):
        path.write_bytes(b"x" * shift + (TEXTS["zh"] * 3000).encode("gb18030"))

        assert encoding_of(path, "", "line.txt") == "gb18030"


def test_a_file_without_line_breaks_is_read_whatever_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_bytes(b"x" * 3_000_001 + (TEXTS["ru"] * 3000).encode("cp1251"))

    assert encoding_of(path, "", "line.txt") == "cp1251"


def test_a_guess_is_told_with_what_else_it_may_be() -> None:
    found = decode_together([("short.csv", "x,y\n1,déjà\n".encode("cp1252"))], "")[1]

    assert found.how == "guessed"
    assert "guessed: cp1252" in found.told
    assert "déjà" in found.told
    assert "cp1250 (“" in found.told


def test_what_reads_as_well_in_two_encodings_is_asked_about() -> None:
    tied = "新闻".encode("gb18030")

    with pytest.raises(DataError, match=r"cannot be told for sure: it reads as a text in .*gb18030.*Say which"):
        decode(tied, "", "short.txt")
    assert decode(tied, "gb18030", "short.txt") == "新闻"


def test_utf_8_with_a_fault_is_never_taken_for_another_encoding() -> None:
    for text in ("déjà vu, naïve café\n", TEXTS["zh"], TEXTS["ru"]):
        broken = text.encode() * 5 + b"\xe9 and so on\n"
        with pytest.raises(DataError, match="is not UTF-8: the byte 0xe9"):
            decode(broken, "", "broken.txt")
    cut = TEXTS["zh"].encode()[:-1]
    with pytest.raises(DataError, match="is not UTF-8"):
        decode(cut, "", "cut.txt")


def test_bytes_that_are_no_text_are_refused() -> None:
    for data in (
        b"x,y\n1,\0\n",
        bytes(range(256)) * 4,
        codecs.BOM_UTF8 + b"\xff",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9,
    ):
        with pytest.raises(DataError, match=r"cannot be read|no text file"):
            decode(data, "", "file")


def test_short_texts_of_one_folder_are_looked_at_together() -> None:
    lines = [line.strip() for line in TEXTS["ja"].split("。") if line.strip()]
    files = [(f"{number}.txt", line.encode("shift_jis")) for number, line in enumerate(lines * 3)]
    files += [("plain.txt", b"plain"), ("marked.txt", "déjà".encode("utf-16"))]

    texts, encoding = decode_together(files, "")

    assert texts == [*lines * 3, "plain", "déjà"]
    assert encoding.name == "shift_jis"


def test_an_encoding_that_is_said_is_taken_as_said() -> None:
    assert decode("é".encode("cp1252"), "cp1252", "x") == "é"
    assert decode("é".encode("cp1252"), "cp1251", "x") == "й"
    for wrong in ("klingon", "hex", "rot13"):
        with pytest.raises(DataError, match=f"There is no encoding '{wrong}'"):
            decode(b"a", wrong, "x")
