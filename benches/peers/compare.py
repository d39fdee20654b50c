"""Whole searches on several libraries, each run a process of its own: wall time with imports, peak memory, accuracy.

    benches/peers/run [PYTHON [WORKLOADS]]

Every side trains the same fits: the candidates, folds, epochs, batches and optimizer of the workload, single precision,
two at a time, nothing trained on all rows in the end. scikit-learn's network has no dropout, so it searches as many
values of `alpha`. Libraries take turns, so that a slow minute of the machine hits all of them; the table has medians.
Memory is the peak of the process and its children, where pages that they share count once.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).parent
# Runs of each; the slow ones are far from a tie.
RUNS = {"dropgrid": 7, "scikit-learn": 3, "PyTorch": 3, "skorch": 1, "Keras": 1}


def proportional(pid):
    """Bytes of a process, its share of shared pages; nothing where it has ended."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def family(pid):
    """A process and all that it has started."""
    members = [pid]
    for member in members:
        try:
            for thread in os.listdir(f"/proc/{member}/task"):
                with open(f"/proc/{member}/task/{thread}/children") as children:
                    members.extend(int(child) for child in children.read().split())
        except OSError:
            pass
    return members


def measure(command):
    """Seconds, peak bytes, and what the last line of the output says: fits and accuracy."""
    environment = {**os.environ, "KERAS_BACKEND": "torch", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    peak, done = 0, threading.Event()

    def watch():
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, sum(map(proportional, family(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output = process.stdout.read().decode()
    # The kernel's own number for the process alone, for peaks that fall between two looks.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command} ended with {process.returncode}")
    fits, accuracy = output.split()[-2:]
    return seconds, max(peak, usage.ru_maxrss * 1024), int(fits), float(accuracy)


def main(ours, workloads="SDLM"):
    print(f"{'':24}{'runs':>5}{'fits':>6}{'seconds':>10}{'x ours':>8}{'MB':>8}{'x ours':>8}{'accuracy':>10}")
    for workload in workloads:
        results = {library: [] for library in RUNS}
        for turn in range(max(RUNS.values())):
            for library, runs in RUNS.items():
                if turn < runs:
                    script = [sys.executable, str(HERE / "library.py"), library]
                    command = [ours] if library == "dropgrid" else script
                    results[library].append(measure([*command, workload]))
        medians = {library: [statistics.median(column) for column in zip(*runs)] for library, runs in results.items()}
        seconds, memory, fits, _ = medians["dropgrid"]
        for library, (wall, peak, count, accuracy) in medians.items():
            if count != fits:
                sys.exit(f"{library} trained {count} fits, dropgrid {fits}")
            print(
                f"{workload} {library:22}{RUNS[library]:5}{count:6.0f}{wall:10.3f}{wall / seconds:8.1f}"
                f"{peak / 1e6:8.1f}{peak / memory:8.1f}{accuracy:10.4f}",
                flush=True,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
