"""Predictions of the networks of predict.rs: a line for each library, its name, microseconds a row of many, and of one row."""

import sys
import time

import numpy

width, many = int(sys.argv[1]), int(sys.argv[2])
hidden, single = {64: 128, 784: 512}[width], 2000
rows = (numpy.arange(many * width, dtype=numpy.int64) * 7919 % 1009 / 1009).astype(numpy.float32).reshape(many, width)
draw = numpy.random.default_rng(0)
weights = [draw.normal(0, 0.1, shape).astype(numpy.float32) for shape in ((width, hidden), (hidden,), (hidden, 10), (10,))]


def tell(name, predict):
    predict(rows[:1000])
    start = time.perf_counter()
    predict(rows)
    of_many = (time.perf_counter() - start) / many
    start = time.perf_counter()
    for row in range(single):
        predict(rows[row % 1000 : row % 1000 + 1])
    print(name, of_many * 1e6, (time.perf_counter() - start) / single * 1e6, sep="\t", flush=True)


try:
    import torch

    network = torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 10), torch.nn.Softmax(1))
    with torch.inference_mode():
        # In batches of 4096, of which PyTorch is fastest here.
        tell("PyTorch", lambda rows: torch.cat([network(part) for part in torch.from_numpy(rows).split(4096)]).numpy())
except ImportError:
    pass

try:
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    names = ["w1", "b1", "w2", "b2"]
    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["h"]),
        helper.make_node("Relu", ["h"], ["r"]),
        helper.make_node("Gemm", ["r", "w2", "b2"], ["z"]),
        helper.make_node("Softmax", ["z"], ["p"], axis=1),
    ]
    graph = helper.make_graph(
        nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, width])],
        [helper.make_tensor_value_info("p", TensorProto.FLOAT, [None, 10])],
        [numpy_helper.from_array(weight, name) for weight, name in zip(weights, names)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    tell("ONNX Runtime", lambda rows: [session.run(None, {"x": rows[at:at + 4096]})[0] for at in range(0, len(rows), 4096)])
except ImportError:
    pass

try:
    from sklearn.neural_network import MLPClassifier

    classifier = MLPClassifier((hidden,), max_iter=1)
    import warnings

    warnings.simplefilter("ignore")
    classifier.fit(rows[:200], numpy.arange(200) % 10)
    tell("scikit-learn", classifier.predict_proba)
except ImportError:
    pass
