"""Writes events.tfevents by TensorBoard's own writer, and reads it back. Needs tensorboard; run in this folder.

With a folder as its argument it prints what TensorBoard reads of the event files there, one line a value.
"""

import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter


def show(path):
    events = EventAccumulator(str(path))
    events.Reload()
    for tag in events.Tags()["scalars"]:
        for scalar in events.Scalars(tag):
            print(path, tag, scalar.step, scalar.value)


if len(sys.argv) > 1:
    for path in sorted(Path(sys.argv[1]).rglob("*tfevents*")):
        show(path)
else:
    with open("events.tfevents", "wb") as out:
        records = RecordWriter(out)
        records.write(Event(wall_time=1_700_000_000.5, file_version="brain.Event:2").SerializeToString())
        for step in [1, 2, 200, 70_000]:
            scalars = {"train/loss": 1.0 / step, "train/learning_rate": 1e-3, "validation/loss": float("nan")}
            summary = Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in scalars.items()])
            records.write(Event(wall_time=1_700_000_000.5 + step, step=step, summary=summary).SerializeToString())
        records.flush()
    show("events.tfevents")
