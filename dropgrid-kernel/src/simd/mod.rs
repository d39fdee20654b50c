//! Choice of the instruction set at run time. All unsafe code of dropgrid is in this folder.
//!
//! Two things need unsafe code. A function compiled for an instruction set may be called only where the processor has
//! it: `multiversion` asks [`level`] before it calls one. And the inner loops of the matrix product and of the
//! transpose read and write through pointers: [`tiles`], [`row`], [`gathered`] and [`transpose`] first assert that
//! every index is within its slice.

#![allow(unsafe_code)]

mod gathered;
mod kernel;
mod row;
mod tile;
mod transpose;

pub use gathered::{Gathered, gathered};
pub use row::{VECTORS, row};
pub use tile::{LeftOperand, rows, tiles};
pub use transpose::transpose;

/// An instruction set for which the kernels are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The instructions that every processor of the target has: SSE2 on x86-64, NEON on aarch64.
    Base,
    /// AVX2 with FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with F, VL, BW and DQ: servers since 2017, and Zen 4.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The name of the instruction set; `None` of that which every processor of the target has.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Base => None,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => Some("AVX2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => Some("AVX-512"),
        }
    }
}

/// The best instruction set of this processor. The standard library caches the processor's answer.
pub fn level() -> Level {
    #[cfg(any(test, feature = "forced"))]
    if let Some(level) = forced::level() {
        return level;
    }
    best()
}

/// `RUSTFLAGS='--cfg dropgrid_at_most="avx2"'`, or `"base"`, limits the level, to test or to time the kernels of a
/// processor that has no more.
fn best() -> Level {
    #[cfg(all(target_arch = "x86_64", not(dropgrid_at_most = "base")))]
    {
        if !cfg!(dropgrid_at_most = "avx2")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
        {
            return Level::Avx512;
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Level::Avx2;
        }
    }
    Level::Base
}

#[cfg(any(test, feature = "forced"))]
pub mod forced;

/// The number of lanes in a vector of a level.
pub fn lanes(level: Level) -> usize {
    match level {
        Level::Base => 4,
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => 8,
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => 16,
    }
}

/// Compiles a function for every [`Level`] and calls the best one.
///
/// The body is ordinary safe code that is inlined into each version. The versions differ only in the width of the
/// vectors that the compiler uses. Rust neither reorders nor contracts floating-point operations, so every version
/// gives the same bits. The models of scores compile theirs with it, too: it has a call of unsafe code, and nothing
/// that its user could break.
#[macro_export]
macro_rules! multiversion {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(unsafe_code)]
        $vis fn $name($($arg: $type),*) $(-> $ret)? {
            #[inline(always)]
            #[allow(clippy::inline_always, clippy::too_many_arguments, reason = "the body is inlined into each version")]
            fn body($($arg: $type),*) $(-> $ret)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn avx512($($arg: $type),*) $(-> $ret)? { body($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn avx2($($arg: $type),*) $(-> $ret)? { body($($arg),*) }
                match $crate::simd::level() {
                    // SAFETY: `level` has found every enabled feature on this processor.
                    $crate::simd::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::simd::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::simd::Level::Base => {}
                }
            }
            body($($arg),*)
        }
    };
}
pub(crate) use crate::multiversion;
