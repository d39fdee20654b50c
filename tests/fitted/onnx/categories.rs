//! Vectors of categories beside numbers, with a category that nobody knew.

use dropgrid::prelude::*;
use serde_json::json;

use super::{recipe, write};

#[searchable]
struct Rents {
    #[set(min_frequency = 2.0)]
    #[columns(street)]
    street: (GroupInfrequent<4>, Embed<5, 3>),
    #[columns(floor)]
    floor: Embed<2, 2>,
    #[columns(area)]
    area: (Impute<1>, Standardize<1>),
    hidden: (Linear<6, 8>, Tanh),
    output: Linear<8, 1>,
}

const RENTS: &str = "street,floor,area,rent\n\
    elm,low,50,700\nelm,high,60,900\noak,low,,650\noak,high,40,720\nash,low,80,990\n\
    ,high,75,1010\nfir,low,30,500\nelm,low,55,760\noak,low,45,640\nelm,high,52,800\n";

#[test]
fn vectors_of_categories_are_exported_with_their_group() {
    let prepared = |text: &str| {
        let table = Csv::new().parse(text).and_then(|it| it.as_categories(["street", "floor"])).expect("a table");
        table.allow_missing(["street", "area"]).expect("columns")
    };
    let data = prepared(RENTS).dataset(Regression::<1>::in_column("rent")).expect("data");
    let fitted = fitted!(Rents, &data, recipe().target_transform(TargetTransform::Standardize));
    let network = fitted.network::<RentsNet>().expect("the only architecture");
    assert_eq!(network.street.0.frequent.as_vec(), [0.0, 1.0, 0.0, 1.0], "ash, elm, fir and oak");
    // The street `yew` is unknown, the fourth row lacks one, and `fir` is infrequent.
    let next = prepared("street,floor,area\nelm,low,50\nyew,low,50\nfir,low,50\n,low,50\noak,high,\n");
    let values = fitted.predict(&next.features().expect("features")).expect("values");
    assert_eq!([values[1], values[2]], [values[3]; 2]);
    assert_ne!(values[0], values[1]);
    let inputs = json!({
        "street": { "shape": [5, 1], "cells": ["elm", "yew", "fir", null, "oak"] },
        "floor": { "shape": [5, 1], "cells": ["low", "low", "low", "low", "high"] },
        "area": { "shape": [5, 1], "cells": [50, 50, 50, 50, null] },
    });
    let outputs = json!({ "values": values.concat() });
    write("categories", &fitted.to_onnx_bytes().expect("bytes"), &inputs, &outputs, &json!({}));
    Rents::exports().expect("every layer can");
}
