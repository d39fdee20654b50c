//! Candidates and spaces of models with searchable structs as layers: each of these has its own in a field.

/// A params struct as of `__dropgrid_params`, where a field is an `axis`, or `inner`, the params of a layer.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_nested_params {
    (
        #[serde($serde:meta)] $(#[$attr:meta])* $vis:vis struct $params:ident {
            $($kind:ident $(#[$doc:meta])* $name:literal $field:ident: $ty:ty $(= $declared:ty)?,)*
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

        const _: () = {
            use $crate::__private as __dropgrid;

            #[automatically_derived]
            impl __dropgrid::Params for $params {
                const NAMES: &'static [&'static str] = __dropgrid::joined_names!(
                    $(__dropgrid::nested_part!($kind name $name $ty)),*
                );
                const INNER: &'static [&'static str] = {
                    const INNER: &[&[__dropgrid::NamePart]] = &[$(__dropgrid::nested_part!($kind inner $name $ty)),*];
                    const PARTS: [__dropgrid::NamePart; __dropgrid::flat_len(INNER)] = __dropgrid::flat(INNER);
                    __dropgrid::joined_names!(in PARTS)
                };

                fn texts(&self) -> __dropgrid::Result<__dropgrid::Vec<::std::string::String>> {
                    let mut texts = __dropgrid::Vec::new();
                    $(texts.extend(__dropgrid::nested_part!($kind texts $name self.$field));)*
                    ::core::result::Result::Ok(texts)
                }

                fn check(&self, times: usize) -> __dropgrid::Result<()> {
                    $(__dropgrid::nested_part!($kind steady $name self.$field, times);)*
                    ::core::result::Result::Ok(())
                }

                fn to_rust(&self) -> ::std::string::String {
                    __dropgrid::literal(::core::stringify!($params), &[
                        $(__dropgrid::nested_part!($kind literal $field self.$field, $ty $(= $declared)?)),*
                    ])
                }
            }
        };
    };
}

/// A space struct as of `__dropgrid_space`, where a field is an `axis`, or `inner`, the space of a layer. The rules of
/// the space itself ask fields by their numbers among all fields, `S` is what says where the axes of a field start.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_nested_space {
    (
        #[serde($serde:meta)] $(#[$attr:meta])* $vis:vis struct $space:ident of $params:ident, kind ($kind:ty) $(of $names:ident::$named:ident)? {
            $(
                $part:ident $number:literal $doc:literal $name:literal $field:ident: $ty:ty as $held:ty
                [$($access:tt)*] = $values:expr, $check:expr;
            )*
        }
        starts $starts:ident
        rules { $($rule:expr),* }
        holds($rule_number:ident, $positions:ident, $this:tt) { $($arms:tt)* }
    ) => {
        #[derive(
            ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq,
            $crate::__private::serde::Serialize, $crate::__private::serde::Deserialize,
        )]
        #[serde($serde, default, deny_unknown_fields)]
        $(#[$attr])*
        $vis struct $space {
            $(#[doc = $doc] $field: $held,)*
        }

        const _: () = {
            #[allow(unused_imports)]
            use $crate::__private as __dropgrid;

            $(__dropgrid::names!($names: $named);)?

            const LENS: &[usize] = &[$(__dropgrid::nested_part!($part len $held)),*];
            const $starts: [usize; LENS.len() + 1] = __dropgrid::starts(LENS);
            const INNER: &[&[__dropgrid::InnerRules]] =
                &[$(__dropgrid::nested_part!($part rules $name $held, $starts[$number])),*];
            const INNER_RULES: [__dropgrid::InnerRules; __dropgrid::flat_len(INNER)] = __dropgrid::flat(INNER);
            const OWN: &[__dropgrid::Rule] = &[$($rule),*];
            const TEXT_AND_ASKED: (
                [u8; __dropgrid::rules_len(&INNER_RULES).0], [usize; __dropgrid::rules_len(&INNER_RULES).1],
            ) = __dropgrid::rules_text(&INNER_RULES);
            const TEXT: [u8; __dropgrid::rules_len(&INNER_RULES).0] = TEXT_AND_ASKED.0;
            const ASKED: [usize; __dropgrid::rules_len(&INNER_RULES).1] = TEXT_AND_ASKED.1;
            const ALL: [__dropgrid::Rule; OWN.len() + __dropgrid::rules_count(&INNER_RULES)] =
                __dropgrid::rules(OWN, &INNER_RULES, &TEXT, &ASKED);

            impl $space {
                $(
                    #[doc = ::core::concat!("Replaces the values of this axis. ", $doc)]
                    #[must_use]
                    pub fn $field(mut self, values: impl ::core::convert::Into<$held>) -> Self {
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
            #[allow(non_snake_case, unused_variables, unused_assignments, unused_mut, clippy::all, clippy::pedantic)]
            impl __dropgrid::Space for $space {
                type Params = $params;
                type Kind = $kind;

                const RULES: &'static [__dropgrid::Rule] = &ALL;

                fn holds(&$this, $rule_number: usize, $positions: &[__dropgrid::Position]) -> bool {
                    match $rule_number {
                        $($arms)*
                        _ => {
                            let mut number = $rule_number - OWN.len();
                            $(__dropgrid::nested_part!($part holds $this.$field, $held, number, $positions, $starts[$number]);)*
                            false
                        }
                    }
                }

                fn axes(&self) -> __dropgrid::Vec<__dropgrid::AxisInfo> {
                    let mut axes = __dropgrid::Vec::new();
                    $(axes.extend(__dropgrid::nested_part!($part axes $name self.$field, $($access)*));)*
                    __dropgrid::AxisInfo::outside(<$params as __dropgrid::Params>::NAMES, Self::RULES, axes)
                }

                fn len_of(&self, axis: usize) -> ::core::option::Option<usize> {
                    $(
                        if axis < $starts[$number + 1] {
                            return __dropgrid::nested_part!($part len_of self.$field, axis - $starts[$number]);
                        }
                    )*
                    ::core::option::Option::None
                }

                fn at(&self, positions: &[__dropgrid::Position]) -> $params {
                    $params {
                        $($field: __dropgrid::nested_part!(
                            $part at self.$field, positions[$starts[$number]..$starts[$number + 1]], $($access)*
                        ),)*
                    }
                }

                fn positions_of(&self, params: &$params) -> ::core::option::Option<__dropgrid::Vec<__dropgrid::Position>> {
                    let mut positions = __dropgrid::Vec::new();
                    $(positions.extend(
                        __dropgrid::nested_part!($part positions_of self.$field, params.$field, $($access)*)
                    );)*
                    ::core::option::Option::Some(positions)
                }

                fn snap(&self, axis: usize, coordinate: f64) -> ::core::option::Option<__dropgrid::Position> {
                    $(
                        if axis < $starts[$number + 1] {
                            return __dropgrid::nested_part!(
                                $part snap self.$field, axis - $starts[$number], coordinate
                            );
                        }
                    )*
                    ::core::option::Option::None
                }

                fn draw(&self, axis: usize, rng: &mut __dropgrid::ChaCha8Rng) -> __dropgrid::Position {
                    $(
                        if axis < $starts[$number + 1] {
                            return __dropgrid::nested_part!($part draw self.$field, axis - $starts[$number], rng);
                        }
                    )*
                    __dropgrid::Position::Absent
                }

                fn check(&self) -> __dropgrid::Result<()> {
                    $(__dropgrid::nested_part!($part check $name self.$field, $check, $params);)*
                    ::core::result::Result::Ok(())
                }
            }
        };
    };
}

/// The names of these parts as a constant.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_joined_names {
    (in $parts:expr) => {{
        const TEXT: [u8; $crate::__private::all_names_len(&$parts)] = $crate::__private::names_text(&$parts);
        const NAMES: [&str; $crate::__private::names_count(&$parts)] = $crate::__private::all_names(&$parts, &TEXT);
        &NAMES
    }};
    ($($part:expr),* $(,)?) => {{
        const PARTS: &[$crate::__private::NamePart] = &[$($part),*];
        $crate::__private::joined_names!(in *PARTS)
    }};
}

/// `for params in &space`, where the spaces of layers can be listed as well.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_nested_iteration {
    ($space:ident) => {
        #[automatically_derived]
        impl<'space> ::core::iter::IntoIterator for &'space $space
        where
            for<'any> $space: $crate::__private::Listed<'any>,
        {
            type Item = <$space as $crate::__private::Space>::Params;
            type IntoIter = <$space as $crate::__private::Listed<'space>>::Iter;

            fn into_iter(self) -> Self::IntoIter {
                $crate::__private::Listed::listed(self)
            }
        }
    };
}
