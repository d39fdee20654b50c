//! Which networks have convolutions of each channel by itself.

/// Whether the name of a type holds a [`Conv2D`](super::Conv2D) whose inputs, outputs and groups are as many, and
/// more than one.
pub(crate) fn is_depthwise(network: &str) -> bool {
    network.split("Conv2D<").skip(1).any(|of_one| {
        let sizes: Vec<&str> = of_one.split([',', '>']).take(7).map(str::trim).collect();
        matches!(sizes[..], [inputs, outputs, _, _, _, _, groups] if inputs == groups && outputs == groups && groups != "1")
    })
}

#[cfg(test)]
mod tests {
    use std::any::type_name;

    use dfdx::{nn::BuildOnDevice, tensor::Cpu};

    use super::*;
    use crate::nn::builder::Conv2D;

    fn of<N: BuildOnDevice<Cpu, f32>>() -> bool {
        is_depthwise(type_name::<N::Built>())
    }

    #[test]
    fn convolutions_of_each_channel_are_known_by_the_type_of_a_network() {
        type Plain = Conv2D<16, 16, 3, 1, 1>;
        type Depthwise = Conv2D<16, 16, 3, 1, 1, 1, 16>;
        assert!(of::<Depthwise>() && of::<(Plain, Depthwise)>() && of::<((Depthwise, Plain), Plain)>());
        assert!(!of::<Plain>() && !of::<(Plain, Conv2D<16, 16, 3, 1, 1, 1, 8>)>());
        assert!(!of::<Conv2D<1, 16, 3>>() && !of::<Conv2D<1, 1, 3>>() && !of::<Conv2D<16, 32, 3, 1, 1, 1, 16>>());
    }
}
