"""What people type of a field, cut at signs that mean something, unless these stand in brackets or in quotes."""

_BEFORE_QUOTE = "([{,:|@="  # a quote that stands elsewhere, as in 5" or it's, is a sign like others


def cut(text: str, sign: str, most: int = -1) -> list[str]:
    """The parts between the signs, at most so many cuts. `"a,b",c` has two parts at commas, `[1, 2],3` as well."""
    parts, depth, quote, begin, place = list[str](), 0, "", 0, 0
    while place < len(text):
        character = text[place]
        if quote:
            if character == "\\" and quote == '"':
                place += 1
            elif character == quote:
                quote = ""
        elif (
            character in "\"'"
            and text[:place].rstrip()[-1:] in ("", *_BEFORE_QUOTE)
            and text.find(character, place + 1) > 0
        ):
            quote = character
        elif depth == 0 and text.startswith(sign, place) and most:
            parts.append(text[begin:place])
            place, most = place + len(sign), most - 1
            begin = place
            continue
        else:
            depth += (character in "[{(") - (character in "]})")
        place += 1
    return [*parts, text[begin:]]
