//! One candidate.

/// A params struct with its traits: a field for each axis, with its name as text.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_params {
    (
        #[serde($serde:meta)] $(#[$attr:meta])* $vis:vis struct $params:ident {
            $($(#[$doc:meta])* $name:literal $field:ident: $ty:ty $(= $declared:ty)?,)*
        }
    ) => {
        #[derive(
            ::core::clone::Clone, ::core::cmp::PartialEq, ::core::fmt::Debug,
            $crate::__private::serde::Serialize, $crate::__private::serde::Deserialize,
        )]
        #[serde($serde, deny_unknown_fields)]
        $(#[$attr])*
        $vis struct $params {
            $($(#[$doc])* pub $field: $ty,)*
        }

        #[automatically_derived]
        impl ::core::fmt::Display for $params {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self, f)
            }
        }

        #[automatically_derived]
        impl $crate::__private::Params for $params {
            const NAMES: &'static [&'static str] = &[$($name),*];

            fn texts(&self) -> $crate::__private::Result<$crate::__private::Vec<::std::string::String>> {
                ::core::result::Result::Ok($crate::__private::vec([
                    $($crate::__private::written($name, &self.$field)?),*
                ]))
            }

            fn check(&self, times: usize) -> $crate::__private::Result<()> {
                $($crate::__private::steady($name, &self.$field, times)?;)*
                ::core::result::Result::Ok(())
            }

            fn to_rust(&self) -> ::std::string::String {
                $crate::__private::literal(::core::stringify!($params), &[$((
                    ::core::stringify!($field), $crate::__private::declared!($ty $(= $declared)?), ::std::format!("{:?}", self.$field),
                )),*])
            }
        }
    };
}

/// The text of a type as it is declared.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_declared {
    ($ty:ty) => {
        ::core::stringify!($ty)
    };
    ($ty:ty = $declared:ty) => {
        ::core::stringify!($declared)
    };
}

/// The enum of a searched type, whose values name its layers.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_choice {
    (#[serde($serde:meta)] $(#[$attr:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident,)* }) => {
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::fmt::Debug,
            $crate::__private::serde::Serialize, $crate::__private::serde::Deserialize,
        )]
        #[serde($serde)]
        $(#[$attr])*
        $vis enum $name {
            $($(#[$doc])* $variant,)*
        }
    };
}
