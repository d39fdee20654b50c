"""Writes the files of parquet/ and parquet/expected.json: tables of pyarrow 26.0.1, polars 2.1.0 and pandas 3.1.1.

    pip install pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1
    python parquet.py

expected.json holds the cells of each column as pyarrow reads them: numbers, of dates the seconds since 1970, texts, and null
where a value is missing. dropgrid-core/tests/files/parquet.rs reads the same files.
"""

import datetime as dt
import decimal
import json
import math
import pathlib

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

for module, version in [(pa, "26.0.1"), (pl, "2.1.0"), (pd, "3.1.1")]:
    assert module.__version__ == version, module.__version__

FOLDER = pathlib.Path(__file__).parent / "parquet"
UTC = dt.timezone.utc

times = [dt.datetime(2021, 3, 4, 5, 6, 7, 250_000), None, dt.datetime(1969, 12, 31, 23, 59, 59), dt.datetime(2021, 3, 5)]
times = times + [dt.datetime(1970, 1, 1) + dt.timedelta(days=37 * it, seconds=11 * it) for it in range(6)]
ROWS = len(times)


def cycled(*values):
    """Ten of these values."""
    return [values[it % len(values)] for it in range(ROWS)]


columns = {}
for bits in [8, 16, 32, 64]:
    most = 2 ** (bits - 1)
    columns[f"int{bits}"] = pa.array(cycled(0, -most, None, most - 1, 7), getattr(pa, f"int{bits}")())
    columns[f"uint{bits}"] = pa.array(cycled(0, 2 * most - 1, None, 7), getattr(pa, f"uint{bits}")())
columns["float16"] = pa.array(cycled(0.5, None, -65504.0), pa.float16())
columns["float32"] = pa.array(cycled(0.1, None, 3.4e38, -1e-40), pa.float32())
columns["float64"] = pa.array(cycled(0.1, None, 1e300, math.nan, -5e-324), pa.float64())
columns["flag"] = pa.array(cycled(True, False, None), pa.bool_())
columns["no value"] = pa.nulls(ROWS)
columns["text"] = pa.array(cycled("oak", "NA", None, "größe", "", "12"), pa.string())
columns["large text"] = pa.array(cycled("12", "13", "007"), pa.large_string())
columns["yes or no"] = pa.array(cycled("yes", "No", None), pa.string())
columns["dictionary"] = pa.array(cycled("low", None, "high"), pa.string()).dictionary_encode()
columns["price"] = pa.array(cycled(decimal.Decimal("12.50"), None, decimal.Decimal("-0.07")), pa.decimal128(10, 2))
columns["account"] = pa.array(cycled(decimal.Decimal(10**30 + 1), decimal.Decimal(10**30)), pa.decimal128(38, 0))
columns["day"] = pa.array([time and time.date() for time in times], pa.date32())
columns["day in milliseconds"] = pa.array([time and time.date() for time in times], pa.date64())
for unit in ["ms", "us", "ns"]:
    columns[f"time in {unit}"] = pa.array(times, pa.timestamp(unit))
columns["time in UTC"] = pa.array(times, pa.timestamp("us", tz="Europe/Berlin"))
kinds = pa.table(columns)
pq.write_table(kinds, FOLDER / "kinds.parquet", compression="snappy", row_group_size=4)
pq.write_table(kinds.select(["int8", "text"]), FOLDER / "plain.parquet", compression="none", use_dictionary=False)
pq.write_table(kinds.select(["time in ns"]), FOLDER / "spark.parquet", use_deprecated_int96_timestamps=True)

frame = pl.DataFrame(
    {
        "length": cycled(5.1, None, math.nan, 6.25),
        "count": cycled(3, 1, None),
        "small": pl.Series(cycled(1, 2), dtype=pl.UInt8),
        "sold": cycled(True, False),
        "place": cycled("Oslo", "Ávila", None),
        "grade": pl.Series(cycled("a", "b", None), dtype=pl.Enum(["b", "a"])),
        "species": pl.Series(cycled("setosa", "virginica"), dtype=pl.Categorical),
        "day": [time and time.date() for time in times],
        "time": times,
    }
)
frame.write_parquet(FOLDER / "polars.parquet", compression="zstd", row_group_size=3)

indexed = pd.DataFrame({"x": cycled(1.5, 2.5), "y": cycled("no", "yes")}, index=[f"s{it}" for it in range(ROWS)])
indexed.to_parquet(FOLDER / "index.parquet", compression="gzip")
named = indexed.set_index(pd.Index([100 + it * it for it in range(ROWS)], name="subject"))
named.to_parquet(FOLDER / "named.parquet", compression="gzip")

nested = pa.table(
    {
        "x": pa.array([1.5, 2.5]),
        "tags": pa.array([["a"], []], pa.list_(pa.string())),
        "place": pa.array([{"lat": 1.0}, None], pa.struct([("lat", pa.float64()), ("lon", pa.float64())])),
        "photo": pa.array([b"\x00", b"\xff"], pa.binary()),
        "took": pa.array([1, 2], pa.duration("s")),
        "at": pa.array([dt.time(5, 6), None], pa.time32("s")),
        "y": pa.array([0, 1]),
    }
)
pq.write_table(nested, FOLDER / "nested.parquet")
pq.write_table(pa.table({"x": pa.array([], pa.float64())}), FOLDER / "empty.parquet")
pq.write_table(kinds.select(["int8"]), FOLDER / "brotli.parquet", compression="brotli")


def expected(cell):
    """A cell as JSON has it."""
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=cell.tzinfo or UTC).timestamp()
    if isinstance(cell, dt.date):
        return dt.datetime(cell.year, cell.month, cell.day, tzinfo=UTC).timestamp()
    if isinstance(cell, decimal.Decimal):
        return int(cell) if cell == int(cell) else float(cell)
    if isinstance(cell, float) and math.isnan(cell) or cell == "":
        return None
    return cell


tables = {}
for name in ["kinds", "plain", "spark", "polars", "index", "named"]:
    table = pq.read_table(FOLDER / f"{name}.parquet")
    cells = {}
    for column in table.column_names:
        values = table[column]
        if values.type == pa.timestamp("ns"):
            values = values.cast(pa.timestamp("us"))
        cells[column] = [expected(cell) for cell in values.to_pylist()]
    tables[name] = cells
with open(FOLDER / "expected.json", "w") as file:
    lines = [f"{json.dumps(name)}: {json.dumps(cells, ensure_ascii=False)}" for name, cells in tables.items()]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
