//! Checks that the compiler makes while it compiles a struct. Each fault is refused at the place of its tokens.

/// A value outside the range of a layer's setting: `dropout: rate 1.2 is outside [0, 1)`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_inside {
    ($range:expr, $field:literal, $setting:expr, $value:expr, $text:literal) => {
        const _: () = {
            const RANGE: $crate::__private::Range = $range;
            const VALUE: f64 = $value;
            if !RANGE.contains(VALUE) {
                const PARTS: [&str; 7] = [$field, ": ", $setting, " ", $text, " is outside ", RANGE.text];
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
            if $crate::__private::range_of(SETTINGS, $name).is_none() {
                const NAMES: [u8; $crate::__private::names_len(SETTINGS)] = $crate::__private::names(SETTINGS);
                const PARTS: [&str; 4] =
                    ["this layer has no setting `", $name, "`: it has ", $crate::__private::text(&NAMES)];
                $crate::__private::refuse($crate::__private::joined!(PARTS))
            }
        };
    };
}

/// A setting that the field's own axis gives already.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_set_once {
    ($spec:expr, $name:literal) => {
        const _: () = {
            if $crate::__private::is_alias($spec.alias, $name) {
                $crate::__private::refuse(::core::concat!(
                    "`",
                    $name,
                    "` is what the axis of this field gives already: remove one of the two"
                ))
            }
        };
    };
}

/// A value of a list that equals an earlier one.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_distinct {
    ($ty:ty, [$($earlier:expr),*], $value:expr) => {
        #[allow(clippy::all, clippy::pedantic)]
        const _: () = {
            let value: $ty = $value;
            let earlier: &[$ty] = &[$($earlier),*];
            let mut at = 0;
            while at < earlier.len() {
                if earlier[at] == value {
                    $crate::__private::refuse("this value stands in the grid already: every value would be trained twice")
                }
                at += 1;
            }
        };
    };
}

/// The ends of a range, and its step where it has one.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_range {
    ($kind:ident, $ty:ty, [$($number:expr),*] $(, $setting:expr)*) => {
        #[allow(trivial_numeric_casts, clippy::all, clippy::pedantic)]
        const _: () = {
            if let ::core::option::Option::Some(fault) =
                $crate::__private::$kind($({ let number: $ty = $number; number as f64 },)* $($setting),*)
            {
                $crate::__private::refuse(fault)
            }
        };
    };
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
