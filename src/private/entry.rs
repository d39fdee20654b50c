//! The functions of a model: its search, its space, its builder.

/// The search of a model.
#[doc(hidden)]
#[cfg(feature = "search")]
#[macro_export]
macro_rules! __dropgrid_search {
    ($name:literal, $search:ident, $strategy:ident: [$($bound:tt)*]) => {
        #[doc = ::core::concat!("Starts a search over the candidates of `", $name, "`.")]
        pub fn $search<$strategy: $($bound)*>(
            strategy: $strategy,
        ) -> $crate::__private::Search<Self, $strategy> {
            $crate::__private::Search::new(strategy)
        }
    };
}

/// The search of a model where there are none.
#[doc(hidden)]
#[cfg(not(feature = "search"))]
#[macro_export]
macro_rules! __dropgrid_search {
    ($name:literal, $search:ident, $strategy:ident: [$($bound:tt)*]) => {
        /// Needs the feature `search` of dropgrid, which is off.
        pub fn $search<$strategy>(_: $strategy)
        where
            for<'a> $crate::__private::Off<'a>: $crate::__private::SearchFeature,
        {
        }
    };
}

/// The functions of the model itself.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_entry {
    (
        $name:literal, $search:ident, $strategy:ident: [$($bound:tt)*], $space:ident, $builder:ty, $first:expr
    ) => {
        $crate::__dropgrid_search! { $name, $search, $strategy: [$($bound)*] }

        #[doc = ::core::concat!("The search space of `", $name, "`, to look at or to change before a search.")]
        #[must_use]
        pub fn space() -> $space {
            ::core::default::Default::default()
        }

        #[doc = ::core::concat!("Starts a network of `", $name, "` from explicit values.")]
        #[must_use]
        pub fn builder() -> $builder {
            $first
        }
    };
}

/// The last functions of a builder: the network from its initial state.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_build {
    ($self:tt, $init:ident, $net:ty, $built:expr) => {
        /// Builds the network with initial weights drawn from `seed`.
        ///
        /// # Errors
        /// Where a value is outside its layer's range.
        pub fn build($self, seed: u64) -> $crate::__private::Result<$net> {
            $self.build_with(&$crate::__private::Init::alone($crate::__private::Seed(seed)))
        }

        /// Builds the network with the initial state that `init` gives.
        ///
        /// # Errors
        /// Where a value is outside its layer's range.
        pub fn build_with($self, $init: &$crate::__private::Init) -> $crate::__private::Result<$net> {
            ::core::result::Result::Ok($built)
        }
    };
}

/// Types that are called like the fields and axes, to name them in the compiler's messages.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_names {
    ($names:ident: $($name:ident)*) => {
        #[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations, missing_docs)]
        mod $names {
            $(pub enum $name {})*
        }
    };
}

/// Calls a visitor with a network: see `Visit`, `Statistics`, `Exports` and `InputCodes`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_visit {
    ($model:ty, $network:ty, $visitor:expr, $build:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::{NoCodes as _, NoExport as _, NoStatistics as _, VisitTaped as _};
        let fitting = $crate::__private::Statistics::<$network>::new().fitting();
        let exporting = $crate::__private::Exports::<$network>::new().exporting();
        let codes = $crate::__private::InputCodes::<$network>::new().count();
        $crate::__private::Visit::<$network>::new(fitting, exporting, codes).visit::<$model, _>($visitor, $build)
    }};
}
