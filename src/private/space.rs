//! All candidates.

/// A space struct with its traits. Of each axis: its number and name, the list or range that it is, how its field is
/// read and found, what it is called, its declared values and the check of one.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_space {
    (
        #[serde($serde:meta)] $(#[$attr:meta])* $vis:vis struct $space:ident of $params:ident, $kind:ident $($names:ident::$named:ident)? {
            $(
                $number:literal $doc:literal $name:literal $field:ident: $axis:ident<$ty:ty>
                ($at:ident $find:ident $info:ident) = $values:expr, $check:expr;
            )*
        }
        $({ $($rules:tt)* })?
    ) => {
        #[derive(
            ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq,
            $crate::__private::serde::Serialize, $crate::__private::serde::Deserialize,
        )]
        #[serde($serde, default, deny_unknown_fields)]
        $(#[$attr])*
        $vis struct $space {
            $(#[doc = $doc] $field: $crate::__private::$axis<$ty>,)*
        }

        const _: () = {
            #[allow(unused_imports)]
            use $crate::__private as __dropgrid;

            // Named after a continuous axis, by which the compiler says which one no grid can list.
            $(__dropgrid::names!($names: $named);)?

            impl $space {
                $(
                    #[doc = ::core::concat!("Replaces the values of this axis. ", $doc)]
                    #[must_use]
                    pub fn $field(mut self, values: impl ::core::convert::Into<__dropgrid::$axis<$ty>>) -> Self {
                        self.$field = ::core::convert::Into::into(values);
                        self
                    }
                )*
            }

            #[automatically_derived]
            impl ::core::default::Default for $space {
                fn default() -> Self {
                    Self { $($field: $values,)* }
                }
            }

            #[automatically_derived]
            #[allow(non_snake_case, unused_variables, clippy::all, clippy::pedantic)]
            impl __dropgrid::Space for $space {
                type Params = $params;
                type Kind = __dropgrid::$kind$(<$names::$named>)?;

                $($($rules)*)?

                fn axes(&self) -> __dropgrid::Vec<__dropgrid::AxisInfo> {
                    __dropgrid::AxisInfo::under(Self::RULES, __dropgrid::vec([$(self.$field.$info($name)),*]))
                }

                fn len_of(&self, axis: usize) -> ::core::option::Option<usize> {
                    match axis {
                        $($number => self.$field.len(),)*
                        _ => ::core::option::Option::None,
                    }
                }

                fn at(&self, positions: &[__dropgrid::Position]) -> $params {
                    $params { $($field: self.$field.$at(positions[$number]),)* }
                }

                fn positions_of(&self, params: &$params) -> ::core::option::Option<__dropgrid::Vec<__dropgrid::Position>> {
                    ::core::option::Option::Some(__dropgrid::vec([$(self.$field.$find(&params.$field)?),*]))
                }

                fn snap(&self, axis: usize, coordinate: f64) -> ::core::option::Option<__dropgrid::Position> {
                    match axis {
                        $($number => self.$field.snap(coordinate),)*
                        _ => ::core::option::Option::None,
                    }
                }

                fn draw(&self, axis: usize, rng: &mut __dropgrid::ChaCha8Rng) -> __dropgrid::Position {
                    match axis {
                        $($number => self.$field.sample(rng),)*
                        _ => __dropgrid::Position::Absent,
                    }
                }

                fn check(&self) -> __dropgrid::Result<()> {
                    $(self.$field.check($name, $check)?;)*
                    ::core::result::Result::Ok(())
                }
            }
        };
    };
}

/// `for params in &space`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_iteration {
    ($space:ident) => {
        #[automatically_derived]
        impl<'space> ::core::iter::IntoIterator for &'space $space {
            type Item = <$space as $crate::__private::Space>::Params;
            type IntoIter = $crate::__private::Iter<'space, $space>;

            fn into_iter(self) -> Self::IntoIter {
                $crate::__private::FiniteSpace::iter(self)
            }
        }
    };
}
