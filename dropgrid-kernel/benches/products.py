"""Times matrix products for products.rs: reads a library, a shape, a layout and a time a line, answers with seconds.

PyTorch computes products with MKL on x86-64, NumPy's wheels with OpenBLAS.
"""

import sys
import time

import numpy
import torch

torch.set_num_threads(1)


def operands(m, k, n, layout):
    random = numpy.random.default_rng(0)
    a = random.uniform(-1, 1, (k, m) if layout == "left" else (m, k)).astype(numpy.float32)
    b = random.uniform(-1, 1, (n, k) if layout == "right" else (k, n)).astype(numpy.float32)
    return a, b, numpy.empty((m, n), numpy.float32)


def product(library, m, k, n, layout):
    a, b, c = operands(m, k, n, layout)
    if library == "torch":
        a, b, c = (torch.from_numpy(matrix) for matrix in (a, b, c))
    a, b = (a.T if layout == "left" else a), (b.T if layout == "right" else b)
    multiply = torch.mm if library == "torch" else numpy.matmul
    return lambda: multiply(a, b, out=c)


def fastest(run, seconds):
    """Seconds of the fastest run. A short product runs several times between two looks at the clock."""

    def once(count):
        start = time.perf_counter()
        for _ in range(count):
            run()
        return (time.perf_counter() - start) / count

    count = max(1, int(20e-6 / once(3)) + 1)
    start, best = time.perf_counter(), float("inf")
    while time.perf_counter() - start < seconds:
        best = min(best, once(count))
    return best


for line in sys.stdin:
    library, m, k, n, layout, seconds = line.split()
    with torch.no_grad():
        print(fastest(product(library, int(m), int(k), int(n), layout), float(seconds)), flush=True)
