//! The list of layers, for tests that run on every layer. `tests/cuda.rs` includes this file by its path.

/// Calls the macro `$each` with every layer of the prelude except containers: its name in the table of `nn`, its
/// declared type, and the shape of one input sample.
macro_rules! layers {
    ($each:ident) => {
        $each! {
            "Linear": Linear<5, 3>, [5];
            "Conv2D": Conv2D<2, 4, 3, 2, 1, 1, 2>, [2, 6, 4];
            "MaxPool2D": MaxPool2D<2>, [2, 4, 3];
            "AvgPool2D": AvgPool2D<2>, [2, 4, 3];
            "MaxPoolGlobal": MaxPoolGlobal, [2, 4, 3];
            "AvgPoolGlobal": AvgPoolGlobal, [2, 4, 3];
            "Flatten2D": Flatten2D, [2, 4, 3];
            "WeightNorm<Linear>": WeightNorm<Linear<5, 3>>, [5];
            "Standardize": Standardize<5>, [5];
            "MinMax": MinMax<5>, [5];
            "Dropout": Dropout, [5];
            "Dropout2D": Dropout2D, [2, 4, 3];
            "SpatialDropout1D": SpatialDropout1D, [4, 3];
            "GaussianDropout": GaussianDropout, [5];
            "AlphaDropout": AlphaDropout, [5];
            "GaussianNoise": GaussianNoise, [5];
            "ELU": ELU, [5];
            "SELU": SELU, [5];
            "SiLU": SiLU, [5];
            "Mish": Mish, [5];
            "LayerNorm1D": LayerNorm1D<5>, [5];
            "BatchNorm1D": BatchNorm1D<5>, [5];
            "BatchNorm2D": BatchNorm2D<2>, [2, 4, 3];
            "DropoutOneIn": DropoutOneIn<2>, [5];
            "ReLU": ReLU, [5];
            "LeakyReLU": LeakyReLU, [5];
            "FastGeLU": FastGeLU, [5];
            "Tanh": Tanh, [5];
            "Sigmoid": Sigmoid, [5];
            "Square": Square, [5];
            "Abs": Abs, [5];
            "AccurateGeLU": AccurateGeLU, [5];
            "PReLU": PReLU, [5];
            "PReLU1D": PReLU1D<2>, [2, 4, 3];
            "Identity": Identity, [5];
            "Reshape": Reshape<Rank2<2, 3>>, [6];
            "Conv1D": Conv1D<4, 6, 3, 2, 1, 1, 2>, [5, 4];
            "MaxPool1D": MaxPool1D<2>, [4, 3];
            "AvgPool1D": AvgPool1D<2>, [4, 3];
            "GlobalAverage": GlobalAverage, [4, 3];
            "Embedding": Embedding<5, 3>, [4];
            "PositionalEncoding": PositionalEncoding, [4, 3];
            "Lstm": Lstm<3, 4, 2, AllStates, Bidirectional>, [5, 3];
            "Gru": Gru<3, 4, 2>, [5, 3];
            "MultiHeadAttention": MultiHeadAttention<4, 2>, [3, 4];
            "TransformerEncoder": TransformerEncoder<4, 2, 6>, [3, 4];
            "Softmax": Softmax, [5];
            "LogSoftmax": LogSoftmax, [5];
            "Cos": Cos, [5];
            "Exp": Exp, [5];
            "Ln": Ln, [5];
            "Sin": Sin, [5];
            "Sqrt": Sqrt, [5];
            "UnbiasedLinear": UnbiasedLinear<5, 3>, [5];
            "Bias2D": Bias2D<2>, [2, 4, 3];
        }
    };
}
pub(crate) use layers;
