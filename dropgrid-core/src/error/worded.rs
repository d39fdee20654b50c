//! The text that `main` prints of an error that it returns.

use std::{error::Error, fmt};

/// Writes an error's message and those of its sources, as `main` shows them: each source that the messages above it
/// have not quoted, below `Caused by:`.
pub(crate) fn words(error: &dyn Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut said = error.to_string();
    f.write_str(&said)?;
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !said.contains(&text) {
            said.push_str(&text);
            causes.push(text);
        }
        next = cause.source();
    }
    match causes.as_slice() {
        [] => Ok(()),
        [cause] => write!(f, "\n\nCaused by:\n    {cause}"),
        causes => {
            f.write_str("\n\nCaused by:")?;
            causes.iter().enumerate().try_for_each(|(at, cause)| write!(f, "\n    {at}: {cause}"))
        }
    }
}

/// Declares an enum of errors whose `Debug` is what people read: `fn main() -> dropgrid::Result<()>` prints an error by
/// its `Debug`, so `{:?}` writes the [`words`] of `Display`. `{:#?}` writes variants and fields, as a derived one does.
macro_rules! worded {
    (
        $(#[$attr:meta])*
        $vis:vis enum $name:ident {
            $(
                $(#[$about:meta])*
                $variant:ident
                $(( $(#[$inner_about:meta])* $inner:ty ))?
                $({ $( $(#[$field_about:meta])* $field:ident: $ty:ty ),* $(,)? })?
            ),* $(,)?
        }
    ) => {
        $(#[$attr])*
        $vis enum $name {
            $(
                $(#[$about])*
                $variant
                $(( $(#[$inner_about])* $inner ))?
                $({ $( $(#[$field_about])* $field: $ty ),* })?
            ),*
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                if !f.alternate() {
                    return $crate::error::worded::words(self, f);
                }
                match self {
                    $(
                        $crate::error::worded::worded!(@pattern $variant inner $(($inner))? $({ $($field),* })?) =>
                            $crate::error::worded::worded!(@write f $variant inner $(($inner))? $({ $($field),* })?),
                    )*
                }
            }
        }
    };
    (@pattern $variant:ident $value:ident) => { Self::$variant };
    (@pattern $variant:ident $value:ident ($inner:ty)) => { Self::$variant($value) };
    (@pattern $variant:ident $value:ident { $($field:ident),* }) => { Self::$variant { $($field),* } };
    (@write $f:ident $variant:ident $value:ident) => { $f.write_str(stringify!($variant)) };
    (@write $f:ident $variant:ident $value:ident ($inner:ty)) => {
        $f.debug_tuple(stringify!($variant)).field($value).finish()
    };
    (@write $f:ident $variant:ident $value:ident { $($field:ident),* }) => {
        $f.debug_struct(stringify!($variant))$(.field(stringify!($field), $field))*.finish()
    };
}

pub(crate) use worded;

#[cfg(test)]
mod tests {
    use crate::error::{Error, Failure, ReadError};

    worded! {
        /// Errors that do not quote their sources, and one that does.
        #[derive(thiserror::Error)]
        enum Layered {
            #[error("at the bottom")]
            Bottom,
            #[error("in the middle")]
            Middle(#[source] Box<Layered>),
            #[error("at the top of {height}")]
            Top {
                height: usize,
                source: Box<Layered>,
            },
            #[error("quoting: {0}")]
            Quoting(#[source] Box<Layered>),
        }
    }

    #[test]
    fn debug_is_the_message_with_the_sources_that_it_does_not_quote() {
        use Layered::{Bottom, Middle, Quoting, Top};
        let written = |error: &Layered| format!("{error:?}");
        assert_eq!(written(&Bottom), "at the bottom");
        assert_eq!(written(&Middle(Box::new(Bottom))), "in the middle\n\nCaused by:\n    at the bottom");
        let top = Top { height: 3, source: Box::new(Middle(Box::new(Bottom))) };
        assert_eq!(written(&top), "at the top of 3\n\nCaused by:\n    0: in the middle\n    1: at the bottom");
        assert_eq!(written(&Quoting(Box::new(Bottom))), "quoting: at the bottom");
        let twice = Quoting(Box::new(Middle(Box::new(Bottom))));
        assert_eq!(written(&twice), "quoting: in the middle\n\nCaused by:\n    at the bottom");
    }

    #[test]
    fn the_alternate_form_is_the_structure() {
        let top = Layered::Top { height: 3, source: Box::new(Layered::Middle(Box::new(Layered::Bottom))) };
        assert_eq!(format!("{top:#?}"), "Top {\n    height: 3,\n    source: Middle(\n        Bottom,\n    ),\n}");
        let failed = Error::FitFailed { params: "lr: 1".to_owned(), fold: 2, failure: Failure::Interrupted };
        assert_eq!(
            format!("{failed:#?}"),
            "FitFailed {\n    params: \"lr: 1\",\n    fold: 2,\n    failure: Interrupted,\n}"
        );
    }

    #[test]
    fn every_message_says_what_its_source_does_once() {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        let path = "x.csv".into();
        let error = Error::from(ReadError::File { path, source: missing });
        assert_eq!(format!("{error:?}"), "cannot read x.csv: entity not found");
    }
}
