"""Writes tables.jsonl: what pandas 3.1.1 reads from random CSV texts, and the seconds that it gives for dates.

    pip install pandas==3.1.1
    python tables.py

A line holds a text, the settings by which it is read, and the cells of each column: numbers, null where a value is missing,
texts. dropgrid-core/tests/scoring/tables/golden.rs reads the same texts. Numbers are compared to the last bit, so pandas is
asked to round as Python does.
"""

import datetime as dt
import io
import json
import math
import pathlib
import random

import pandas as pd

assert pd.__version__ == "3.1.1", pd.__version__

MISSING = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA"]
MISSING += ["NULL", "NaN", "None", "n/a", "nan", "null"]
WORDS = ["oak", "ash", "north-west", "none", "na", "-", "?", "ÄÖ", "a b", "x;y", "it's", 'say "so"', "two\nlines", "3 kg"]


def number(draw):
    """A number as a program may write it."""
    kind = draw.randrange(9)
    if kind == 0:
        return str(draw.randint(-999, 999))
    if kind == 1:
        return str(draw.randint(-(10**15) + 1, 10**15 - 1))
    if kind == 2:
        return repr(draw.gauss(0, 1))
    if kind == 3:
        return repr(draw.random() * 10.0 ** draw.randint(-300, 300))
    if kind == 4:
        return f"{draw.gauss(0, 100):.{draw.randint(0, 6)}f}"
    if kind == 5:
        return f"{draw.gauss(0, 1):{draw.choice(['.3e', '.17g', '.17e', 'E'])}}"
    if kind == 6:
        return draw.choice([".5", "5.", "+3", "1E5", "-0", "0.0", "1e-320", "+.25", "1.e3", "-.5E-2"])
    if kind == 7:
        return f"{draw.randint(0, 9)}.{''.join(draw.choices('0123456789', k=draw.randint(1, 40)))}"
    return f"{draw.randint(1_600_000_000, 1_800_000_000)}"


def marked(draw, point, mark):
    """A number with `point` before its decimals and `mark` between its thousands."""
    text = f"{draw.gauss(0, 10.0 ** draw.randint(0, 7)):,.{draw.randint(1, 3)}f}"
    return text.translate(str.maketrans({",": mark, ".": point}))


def quoted(cell, delimiter, draw):
    if any(letter in cell for letter in f'{delimiter}"\n\r') or draw.random() < 0.1:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def cells(column):
    out = []
    for value in column:
        if isinstance(value, str):
            out.append(value)
        else:
            out.append(None if pd.isna(value) else float(value))
    return out


def table(draw):
    """A text with its settings, and what pandas reads."""
    delimiter = draw.choice(",;\t|")
    point, mark = draw.choice([(".", None), (".", None), (".", ","), (",", None), (",", "."), (",", " ")])
    rows = draw.randint(2, 12)
    columns = {}
    for at in range(draw.randint(2, 6)):
        kind = draw.choice(["number", "number", "missing", "word"])
        draws = []
        for _ in range(rows):
            plain = number(draw) if point == "." and mark is None else marked(draw, point, mark or "")
            if kind == "missing" and draw.random() < 0.4:
                plain = draw.choice(MISSING)
            elif kind == "word":
                plain = draw.choice(WORDS + MISSING)
            draws.append(plain)
        if kind == "word" and all(cell in MISSING for cell in draws):
            draws[0] = "oak"
        columns[f"c{at}"] = draws
    end = draw.choice(["\n", "\r\n"])
    lines = [delimiter.join(columns)]
    lines += [delimiter.join(quoted(columns[name][row], delimiter, draw) for name in columns) for row in range(rows)]
    text = end.join(lines) + draw.choice(["", end])
    read = pd.read_csv(
        io.StringIO(text, newline=""), sep=delimiter, decimal=point, thousands=mark, float_precision="round_trip"
    )
    settings = {"decimal_comma": point == ",", "thousands": mark}
    # The delimiter is told to both sides: one random column in ten is as even by another one.
    settings["delimiter"] = delimiter
    return {"text": text, **settings, "columns": {name: cells(read[name]) for name in columns}}


def date(draw):
    """A date, whether the day comes first, and its seconds since 1970."""
    year, month, day = draw.randint(1902, 2099), draw.randint(1, 12), draw.randint(1, 28)
    mark = draw.choice("-/.")
    order = draw.choice(["year", "day", "month"])
    if order == "year":
        mark = draw.choice("-/")
        text = f"{year}{mark}{month:02}{mark}{day:02}"
    elif order == "day":
        text = f"{day:02}{mark}{month:02}{mark}{year}"
    else:
        mark = draw.choice("-/")
        text = f"{month:02}{mark}{day:02}{mark}{year}"
    if draw.random() < 0.6:
        text += draw.choice(" T") if order == "year" and mark == "-" else " "
        text += f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}"
        if draw.random() < 0.7:
            text += f":{draw.randint(0, 59):02}" + (f".{draw.randint(0, 999):03}" if draw.random() < 0.4 else "")
            if order == "year" and mark == "-":
                text += draw.choice(["", "", "Z", "+02:00", "-0330"])
    seconds = pd.to_datetime(text, dayfirst=order == "day", utc=True).timestamp()
    assert math.isfinite(seconds)
    return {"date": text, "order": order, "seconds": seconds}


def named(draw):
    """A date with the name of its month, and its seconds since 1970."""
    day = dt.datetime(draw.randint(1969, 2068), draw.randint(1, 12), draw.randint(1, 28), tzinfo=dt.timezone.utc)
    kinds = ["%d %b %Y", "%d-%b-%y", "%d-%b-%Y", "%d%b%Y", "%B %d, %Y", "%b %d %Y", "%Y-%b-%d", "%a, %d %b %Y", "%d %B %Y"]
    kind = draw.choice(kinds)
    if draw.random() < 0.5:
        day = day.replace(hour=draw.randint(0, 23), minute=draw.randint(0, 59), second=draw.randint(0, 59))
        kind += draw.choice([" %H:%M:%S", " %I:%M:%S %p"])
    text = day.strftime(kind)
    text = draw.choice([text, text.upper(), text.lower()])
    seconds = pd.to_datetime(text, format=kind, utc=True).timestamp()
    return {"date": text, "order": "name", "seconds": seconds}


def main():
    draw = random.Random(16)
    out = pathlib.Path(__file__).with_name("tables.jsonl")
    cases = [table(draw) for _ in range(400)] + [date(draw) for _ in range(300)]
    cases += [named(draw) for _ in range(200)]
    out.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")


if __name__ == "__main__":
    main()
