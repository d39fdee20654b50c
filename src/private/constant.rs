//! Checks that the compiler makes while it compiles a struct. Each fault is refused at the place of its tokens.
//!
//! A fault with a text of its own, as of the range of a layer of the user's, can only be a panic while a constant is
//! evaluated, so the compiler puts `evaluation panicked` before it. The others are bounds, see `sentence.rs` of the
//! core.

/// A value outside the range of a layer's setting: `dropout: rate 1.2 is outside [0, 1)`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_inside {
    ($range:expr, $field:literal, $setting:expr, $value:expr, $text:literal) => {
        const _: () = {
            const __RANGE: $crate::__private::Range = $range;
            const __VALUE: f64 = $value;
            if !__RANGE.contains(__VALUE) && $crate::__private::outside(__RANGE, __VALUE).is_none() {
                const PARTS: [&str; 7] = [$field, ": ", $setting, " ", $text, " is outside ", __RANGE.text];
                $crate::__private::refuse($crate::__private::joined!(PARTS))
            }
        };
    };
}

/// A setting that the layer does not have, or has from another place.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_known {
    ($spec:expr, $name:literal) => {
        const _: () = {
            const SETTINGS: &[(&str, $crate::__private::Range)] = $spec.settings;
            if $crate::__private::range_of(SETTINGS, $name).is_none()
                && $crate::__private::unknown(SETTINGS, $name).is_none()
            {
                const NAMES: [u8; $crate::__private::names_len(SETTINGS)] = $crate::__private::names(SETTINGS);
                const PARTS: [&str; 4] =
                    ["this layer has no setting `", $name, "`: it has ", $crate::__private::text(&NAMES)];
                $crate::__private::refuse($crate::__private::joined!(PARTS))
            }
        };
    };
}

/// The fault of a value of a list that equals an earlier one.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_distinct {
    ($ty:ty, [$($earlier:expr),*], $value:expr) => {{
        let value: $ty = $value;
        let earlier: &[$ty] = &[$($earlier),*];
        let (mut at, mut fault) = (0, ::core::option::Option::None);
        while at < earlier.len() {
            if earlier[at] == value {
                fault = ::core::option::Option::Some(
                    <$crate::__private::Holds<true> as $crate::__private::Once>::TEXT,
                );
            }
            at += 1;
        }
        fault
    }};
}

/// Constant text put together.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_joined {
    ($parts:ident) => {{
        const JOINED: [u8; $crate::__private::joined_len(&$parts)] = $crate::__private::joined(&$parts);
        $crate::__private::text(&JOINED)
    }};
}
