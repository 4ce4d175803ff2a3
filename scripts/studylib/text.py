"""Words, numbers and tables of the page."""

from __future__ import annotations


def claim(holds: bool, words: str) -> str:
    """Words that hold; the study stops at words that do not."""
    if not holds:
        raise SystemExit(f"The figures do not say this any more: {words}")
    return words


def num(value: float, digits: int | None = None) -> str:
    """With commas; no decimals from 100 on, three digits or so below."""
    size = abs(value)
    if digits is None:
        digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    rounded = f"{value:,.{digits}f}"
    return rounded[1:] if float(rounded.replace(",", "")) == 0 and rounded[0] == "-" else rounded


def signed(value: float, digits: int | None = None) -> str:
    shown = num(value, digits)
    return shown if shown.startswith("-") or float(shown.replace(",", "")) == 0 else "+" + shown


def percent(part: float, digits: int | None = None) -> str:
    return num(part * 100, digits) + " %"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Of Markdown, numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for row in rows:
        if len(row) != len(head):
            raise SystemExit(f"a row of {len(row)} values under {len(head)} heads: {row}")
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def page(*blocks: str) -> str:
    return "\n\n".join(block.strip() for block in blocks) + "\n"
