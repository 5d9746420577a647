"""Texts to tokens and back: words of every script, the same text again, and old vocabularies as they were."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.data.vocabulary import OLDEST_RULES, RESERVED, UNKNOWN, Unit, Vocabulary, split

WORDS = {
    "हिन्दी भाषा बहुत अच्छी है": ["हिन्दी", "भाषा", "बहुत", "अच्छी", "है"],
    "తెలుగు భాష": ["తెలుగు", "భాష"],
    "தமிழ் மொழி": ["தமிழ்", "மொழி"],
    "ภาษาไทย ง่ายมาก": ["ภาษาไทย", "ง่ายมาก"],
    "العَرَبِيَّةُ لُغَةٌ": ["العَرَبِيَّةُ", "لُغَةٌ"],
    "می\u200cخواهم بروم": ["می\u200cخواهم", "بروم"],
    "क्\u200dष श्री": ["क्\u200dष", "श्री"],
    "שָׁלוֹם עולם צה״ל": ["שָׁלוֹם", "עולם", "צה״ל"],
    "cafe\u0301 e\u0301te\u0301": ["café", "été"],
    unicodedata.normalize("NFD", "tiếng Việt đẹp lắm"): ["tiếng", "việt", "đẹp", "lắm"],
    "don't, don’t l'été": ["don't", ",", "don’t", "l'été"],
    "'tis rock 'n' roll": ["'", "tis", "rock", "'", "n", "'", "roll"],
    "今天天气很好，very 好。": ["今", "天", "天", "气", "很", "好", "，", "very", "好", "。"],
    "𠮷野家で食べる": ["𠮷", "野", "家", "で", "食", "べ", "る"],
    unicodedata.normalize("NFD", "한국어 가"): ["한", "국", "어", "가"],
    "👨‍👩‍👧‍👦 ok 👍🏽! 🇩🇪🇫🇷 1️⃣": ["👨‍👩‍👧‍👦", "ok", "👍🏽", "!", "🇩🇪", "🇫🇷", "1️⃣"],
    "@user: #Thema a_b 3.14": ["@", "user", ":", "#", "thema", "a_b", "3", ".", "14"],
    "İstanbul ΟΔΟΣ STRASSE": ["i̇stanbul", "οδος", "strasse"],
}
SIGNS = (
    *(
        "ab Zß",
        "éèñ\u0301\u0300",
        "हि\u094d\u200c\u200d",
        "ก\u0e33\u0e48",
        "عر\u064e\u0640",
        "שׁ״",
        "今、。「",
        "かゔ\u3099",
    ),
    *(
        "한ᄒ\u1161\u11ab",
        "👍🏽👩\u200d\ufe0f🇩🇪",
        "'’·.,;:!?()[]{}<>\"#@/\\-—…%",
        " \n\t\r\u3000\u00a0\u2028\x1c\x85",
        "01²",
    ),
    "\u2060\u00ad\ufeff\ufffd\U000e0067\U00020bb7",
)


@pytest.mark.parametrize("text", WORDS)
def test_a_word_is_a_run_of_letters_and_marks(text: str) -> None:
    assert split(text, "word") == WORDS[text]


@pytest.mark.parametrize("unit", ["word", "character"])
@given(text=st.one_of(st.text(), st.text(st.sampled_from("".join(SIGNS)))))
@example(text="<join> a<join>b <  join>")
@example(text="  \n First, you (know)\n\n  Caius:\t‘Marcius’ — “it” is 3.14 km/h…  ")
@example(text="春眠不觉晓，\n处处闻啼鸟。\r\n")
def test_a_text_is_written_again_as_it_was(unit: Unit, text: str) -> None:
    tokens = split(text, unit, written=True)
    known = Vocabulary(unit, tuple(dict.fromkeys(tokens)), written=True)

    assert known.decode(known.ids(text)) == unicodedata.normalize("NFC", text)


@given(st.text(st.sampled_from("".join(SIGNS))))
def test_a_text_has_the_same_words_composed_and_decomposed(text: str) -> None:
    for unit in ("word", "character"):
        for written in (False, True):
            forms = {tuple(split(unicodedata.normalize(form, text), unit, written=written)) for form in ("NFC", "NFD")}
            assert len(forms) == 1


@given(st.text(st.sampled_from("".join(SIGNS))), st.integers(1, 6))
def test_a_long_text_is_cut_where_the_last_tokens_begin(text: str, length: int) -> None:
    units: tuple[Unit, ...] = ("word", "character")
    for unit in units:
        known = Vocabulary(unit, tuple(dict.fromkeys(split(text, unit))))
        cut, seen = known.cut(text, length)

        assert cut + seen == unicodedata.normalize("NFC", text)
        assert len(split(seen, unit)) == min(length, len(split(text, unit)))
        assert known.ids(seen) == known.ids(text)[-length:]


def test_a_continuation_stands_behind_its_prompt_as_it_is_written() -> None:
    tokens = ["First", "Citizen", ":", "\n", "Speak", ",", "春", "眠", "<join>", "-"]
    known = Vocabulary("word", tuple(tokens), written=True)

    def after(prompt: str, *words: str) -> str:
        return prompt + known.decode([tokens.index(word) + RESERVED for word in words], prompt)

    assert after("First", "Citizen", ":", "\n", "Speak") == "First Citizen:\nSpeak"
    assert after("First ", "Citizen") == "First Citizen"
    assert after("First Citizen:\n", "Speak") == "First Citizen:\nSpeak"
    assert after("春", "眠") == "春眠"
    assert after("First", "<join>", "-", "<join>", "Citizen") == "First-Citizen"
    assert after("", "Speak", ",", "First") == "Speak, First"
    assert known.prompt_ids("First ") == known.ids("First")


def test_a_vocabulary_from_before_there_were_versions_reads_as_it_did(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.json"
    path.write_text(json.dumps({"unit": "word", "tokens": ["ह", "न", "cafe", "don", "'", "it's", "."]}))

    old = Vocabulary.load(path)

    assert old.rules == OLDEST_RULES
    assert old.split("हिन्दी It's cafe\u0301 don’t.") == [
        "ह",
        "ि",
        "न",
        "्",
        "द",
        "ी",
        "it's",
        "cafe",
        "\u0301",
        "don",
        "’",
        "t",
        ".",
    ]
    assert old.ids("It's cafe") == [7, 4]
    assert old.decode([7, 4, 8]) == "it's cafe."
    assert old.decode([4], "it's") == " cafe"
    assert old.cut("a cafe. B", 2) == ("a cafe", ". B")
    old.save(path)
    assert Vocabulary.load(path) == old


def test_a_vocabulary_is_stored_with_its_rules(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.json"
    for known in (
        Vocabulary.of(WORDS, "word", 50),
        Vocabulary("character", ("é", "\n")),
        Vocabulary("word", ("a",), 2, True),
    ):
        known.save(path)
        assert Vocabulary.load(path) == known
    path.write_text(json.dumps({"unit": "word", "tokens": [], "rules": 9}))
    with pytest.raises(ValueError, match="cut by rules 9; known are 1 to 2: update"):
        Vocabulary.load(path)


def test_the_most_frequent_words_are_known_and_others_are_not() -> None:
    known = Vocabulary.of(["हिन्दी भाषा", "हिन्दी cafe\u0301", "हिन्दी café भाषा"], "word", 4)

    assert known.tokens == ("हिन्दी", "café")
    assert Vocabulary.most_frequent(Counter("aab"), 3) == ("a",)
    assert known.ids("भाषा हिन्दी") == [UNKNOWN, 2]
    assert known.encode(["हिन्दी", ""], 3).tolist() == [[0, 0, 2], [0, 0, 0]]
