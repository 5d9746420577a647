"""Names as people wrote them, made safe and short for Plotly, which reads some HTML in any text."""

LONGEST = 32  # characters of a name in a legend or on hover


def short(text: str, limit: int = LONGEST) -> str:
    """At most `limit` characters on one line; what is left out in the middle is shown as …"""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    tail = limit // 3  # runs of a series differ at the end: "… · seed 3"
    return f"{line[: limit - tail - 1]}…{line[-tail:]}"


def plain(text: str, limit: int = LONGEST) -> str:
    """Short, with everything that Plotly would read as markup or as a template shown as it was written."""
    escaped = short(text, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A dollar sign could begin TeX, and a brace after a percent sign a value to fill in.
    return escaped.replace("$", "&#36;").replace("%{", "%&#123;")
