//! Layers with one number, which is their principal hyperparameter.

/// Implements the traits of a layer with a single field `$field`. It is the hyperparameter `$name` in `$range`, with
/// default `$default`.
macro_rules! single_setting {
    ($layer:ident: $field:ident = $default:literal in $range:expr, $name:expr) => {
        impl Default for $layer {
            fn default() -> Self {
                Self { $field: $default }
            }
        }

        impl<E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>> ::dfdx::nn::BuildOnDevice<D, E> for $layer {
            type Built = Self;
        }

        impl<E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>
            ::dfdx::nn::tensor_collection::TensorCollection<E, D> for $layer
        {
            type To<E2: ::dfdx::shapes::Dtype, D2: ::dfdx::tensor_ops::Device<E2>> = Self;

            fn iter_tensors<V: ::dfdx::nn::tensor_collection::ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
                let default = ::dfdx::nn::tensor_collection::ScalarOptions::from_default($default);
                let field = <Self as ::dfdx::nn::tensor_collection::TensorCollection<E, D>>::scalar(
                    stringify!($field),
                    |it| &it.$field,
                    |it| &mut it.$field,
                    default,
                );
                visitor.visit_fields(field, |$field| Self { $field })
            }
        }

        impl $crate::nn::Tunable for $layer {
            const SETTING: &'static str = $name;
            const ALIAS: Option<&'static str> = Some(stringify!($field));
            const RANGE: $crate::nn::Range = $range;

            fn tune(&mut self, value: f64) {
                self.$field = value as f32;
            }
        }

        impl $crate::nn::Settings for $layer {
            const SETTINGS: &'static [(&'static str, $crate::nn::Range)] = &[(stringify!($field), $range)];

            fn set(&mut self, _setting: &str, value: f64) {
                self.$field = value as f32;
            }
        }
    };
}
pub(super) use single_setting;
