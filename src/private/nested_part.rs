//! The fields of models with searchable structs as layers.

/// What a field does in the functions of params and spaces: an axis, or the params or the space of a layer.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_nested_part {
    (axis name $name:literal $ty:ty) => {
        $crate::__private::NamePart::Own($name)
    };
    (inner name $name:literal $ty:ty) => {
        $crate::__private::NamePart::Inner($name, <$ty as $crate::__private::Params>::NAMES)
    };
    (axis inner $name:literal $ty:ty) => {
        &[]
    };
    (inner inner $name:literal $ty:ty) => {
        &[
            $crate::__private::NamePart::Own($name),
            $crate::__private::NamePart::Inner($name, <$ty as $crate::__private::Params>::INNER),
        ]
    };
    (axis texts $name:literal $self:ident.$field:ident) => {
        [$crate::__private::written($name, &$self.$field)?]
    };
    (inner texts $name:literal $self:ident.$field:ident) => {
        $crate::__private::Params::texts(&$self.$field)
            .map_err(|error| error.inside($name, <Self as $crate::__private::Params>::NAMES))?
    };
    (axis steady $name:literal $self:ident.$field:ident, $times:ident) => {
        $crate::__private::steady($name, &$self.$field, $times)?
    };
    (inner steady $name:literal $self:ident.$field:ident, $times:ident) => {
        $crate::__private::Params::check(&$self.$field, $times)
            .map_err(|error| error.inside($name, <Self as $crate::__private::Params>::NAMES))?
    };
    (axis literal $name:ident $self:ident.$field:ident, $ty:ty $(= $declared:ty)?) => {
        (::core::stringify!($name), $crate::__private::declared!($ty $(= $declared)?), ::std::format!("{:?}", $self.$field))
    };
    (inner literal $name:ident $self:ident.$field:ident, $ty:ty) => {
        (::core::stringify!($name), "", $crate::__private::Params::to_rust(&$self.$field))
    };

    (axis len $held:ty) => {
        1
    };
    (inner len $held:ty) => {
        <<$held as $crate::__private::Space>::Params as $crate::__private::Params>::NAMES.len()
    };
    (axis rules $name:literal $held:ty, $first:expr) => {
        &[]
    };
    (inner rules $name:literal $held:ty, $first:expr) => {
        &[$crate::__private::InnerRules {
            field: $name,
            rules: <$held as $crate::__private::Space>::RULES,
            first: $first,
        }]
    };
    (axis holds $self:ident.$field:ident, $held:ty, $number:ident, $positions:ident, $first:expr) => {};
    (inner holds $self:ident.$field:ident, $held:ty, $number:ident, $positions:ident, $first:expr) => {
        let count = <$held as $crate::__private::Space>::RULES.len();
        if $number < count {
            return $crate::__private::Space::holds(&$self.$field, $number, &$positions[$first..]);
        }
        $number -= count;
    };
    (axis axes $name:literal $self:ident.$field:ident, $at:ident $find:ident $info:ident) => {
        [$self.$field.$info($name)]
    };
    (inner axes $name:literal $self:ident.$field:ident,) => {
        $crate::__private::Space::axes(&$self.$field)
    };
    (axis len_of $self:ident.$field:ident, $axis:expr) => {
        $self.$field.len()
    };
    (inner len_of $self:ident.$field:ident, $axis:expr) => {
        $crate::__private::Space::len_of(&$self.$field, $axis)
    };
    (axis at $self:ident.$field:ident, $positions:expr, $at:ident $find:ident $info:ident) => {
        $self.$field.$at($positions[0])
    };
    (inner at $self:ident.$field:ident, $positions:expr,) => {
        $crate::__private::Space::at(&$self.$field, &$positions)
    };
    (axis positions_of $self:ident.$field:ident, $params:ident.$value:ident, $at:ident $find:ident $info:ident) => {
        [$self.$field.$find(&$params.$value)?]
    };
    (inner positions_of $self:ident.$field:ident, $params:ident.$value:ident,) => {
        $crate::__private::Space::positions_of(&$self.$field, &$params.$value)?
    };
    (axis snap $self:ident.$field:ident, $axis:expr, $coordinate:ident) => {
        $self.$field.snap($coordinate)
    };
    (inner snap $self:ident.$field:ident, $axis:expr, $coordinate:ident) => {
        $crate::__private::Space::snap(&$self.$field, $axis, $coordinate)
    };
    (axis draw $self:ident.$field:ident, $axis:expr, $rng:ident) => {
        $self.$field.sample($rng)
    };
    (inner draw $self:ident.$field:ident, $axis:expr, $rng:ident) => {
        $crate::__private::Space::draw(&$self.$field, $axis, $rng)
    };
    (axis check $name:literal $self:ident.$field:ident, $check:expr, $params:ident) => {
        $self.$field.check($name, $check)?
    };
    (inner check $name:literal $self:ident.$field:ident, $check:expr, $params:ident) => {
        $crate::__private::Space::check(&$self.$field)
            .map_err(|error| error.inside($name, <$params as $crate::__private::Params>::NAMES))?
    };
}
