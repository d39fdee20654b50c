//! Images, whose samples have three axes.

use dropgrid::prelude::*;
use serde_json::{Value, json};

use super::{inputs, recipe, write};

#[searchable(input = Rank3<2, 4, 4>)]
struct Images {
    first: (Conv2D<2, 4, 3, 1, 1>, BatchNorm2D<4>, ReLU, MaxPool2D<2, 2>),
    pool: (AvgPool2D<2>, Flatten2D),
    output: Linear<4, 3>,
}

/// Other programs skip NaN in a window, and the last layer gives numbers for infinite ones, too.
#[searchable(input = Rank3<2, 4, 4>)]
struct Pooled {
    first: (MaxPool2D<2, 2>, Flatten2D),
    hidden: (Linear<8, 8>, Tanh),
    output: Linear<8, 3>,
}

fn data() -> Dataset<Classes<3>> {
    let rows: Vec<Vec<f32>> =
        (0..40).map(|row| (0..32).map(|at| ((row * 7 + at * 3) % 11) as f32 / 5.0 - 1.0).collect()).collect();
    let labels = Classes::<3>::new((0..40).map(|row| row % 3)).expect("labels");
    Dataset::new(rows, labels).expect("data")
}

#[test]
fn images_have_their_axes() {
    let data = data();
    let fitted = fitted!(Images, &data, recipe());
    let rows = data.features();
    let outputs = json!({
        "label": fitted.predict(rows).expect("classes"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("images", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[2, 4, 4]), &outputs, &json!({}));
}

#[test]
fn an_image_with_a_pixel_that_is_no_number_has_no_class() {
    let data = data();
    let fitted = fitted!(Pooled, &data, recipe());
    let rows = data.features();
    // After the rows, one image with NaN and one with a pixel beyond single precision.
    let pixels = |pixel: Value| [pixel].into_iter().chain(std::iter::repeat_n(json!(0.5), 31));
    let mut inputs = inputs(rows, &[2, 4, 4]);
    inputs["features"]["shape"] = json!([42, 2, 4, 4]);
    inputs["features"]["cells"].as_array_mut().expect("cells").extend(pixels(Value::Null).chain(pixels(json!(1e39))));
    let classes = fitted.predict(rows).expect("classes").into_iter().map(|class| json!(class));
    let probabilities = fitted.predict_proba(rows).expect("probabilities").concat();
    let probabilities = probabilities.into_iter().map(|number| json!(number));
    let outputs = json!({
        "label": classes.chain(std::iter::repeat_n(json!(-1), 2)).collect::<Vec<Value>>(),
        "probabilities": probabilities.chain(std::iter::repeat_n(Value::Null, 6)).collect::<Vec<Value>>(),
    });
    write("refused_images", &fitted.to_onnx_bytes().expect("bytes"), &inputs, &outputs, &json!({}));
}
