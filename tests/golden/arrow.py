"""Writes the files of arrow/: tables of pyarrow 26.0.1, as Arrow files and streams.

    pip install pyarrow==26.0.1
    python arrow.py

The tables are that of parquet/kinds.parquet, and one of times of day and spans of time, whose seconds stand in
dropgrid-core/tests/files/ipc.rs, which reads the files.
"""

import datetime as dt
import pathlib

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

assert pa.__version__ == "26.0.1", pa.__version__

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "arrow"
FOLDER.mkdir(exist_ok=True)

kinds = pq.read_table(HERE / "parquet" / "kinds.parquet")
feather.write_feather(kinds, FOLDER / "lz4.feather", compression="lz4", chunksize=4)
feather.write_feather(kinds, FOLDER / "zstd.feather", compression="zstd")
feather.write_feather(kinds, FOLDER / "plain.arrow", compression="uncompressed")
with pa.ipc.new_stream(FOLDER / "stream.arrows", kinds.schema) as stream:
    stream.write_table(kinds, max_chunksize=3)
feather.write_feather(kinds.select(["int8"]).combine_chunks(), FOLDER / "old.feather", version=1)

MOMENTS = [dt.time(5, 6), None, dt.time(23, 59, 59, 250_000)]
SPANS = [dt.timedelta(days=1, hours=2), None, dt.timedelta(seconds=-0.5)]
clocks = {}
for unit in ["s", "ms"]:
    clocks[f"time in {unit}"] = pa.array([it and it.replace(microsecond=0) for it in MOMENTS], pa.time32(unit))
for unit in ["us", "ns"]:
    clocks[f"time in {unit}"] = pa.array(MOMENTS, pa.time64(unit))
for unit in ["ms", "us", "ns"]:
    clocks[f"span in {unit}"] = pa.array(SPANS, pa.duration(unit))
clocks["span in s"] = pa.array([93_600, None, -1], pa.duration("s"))
clocks["tags"] = pa.array([["a"], [], None], pa.list_(pa.string()))
pa_clocks = pa.table(clocks)
feather.write_feather(pa_clocks, FOLDER / "nested.feather")
feather.write_feather(pa_clocks.drop_columns(["tags"]), FOLDER / "clocks.feather")
