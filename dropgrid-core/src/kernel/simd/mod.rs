//! What the processor can do, chosen while running. All unsafe code of dropgrid is in this folder.
//!
//! Two things need it. A function compiled for an instruction set may be called only where the processor has it:
//! [`multiversion`] calls such a function after asking [`level`]. And the inner loops of the matrix product and of the
//! transpose read and write through pointers: [`tiles`] and [`transpose`] check every index that these will take before
//! they hand them over.

#![allow(unsafe_code)]

mod tile;
mod transpose;

pub(crate) use tile::{Left, rows, tiles};
pub(crate) use transpose::transpose;

/// An instruction set for which the kernels are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// What every processor of the target has: SSE2 on x86-64, NEON on aarch64.
    Base,
    /// AVX2 with FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// The AVX-512 of servers since 2017 and of Zen 4.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// The best instruction set of this processor. The standard library asks the processor once and remembers.
pub(crate) fn level() -> Level {
    #[cfg(test)]
    if let Some(level) = forced::level() {
        return level;
    }
    best()
}

/// A processor without AVX-512, or without AVX2 either, can be played on one that has them, to test or to time its
/// kernels: `RUSTFLAGS='--cfg dropgrid_at_most="avx2"'`, or `"base"`.
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

#[cfg(test)]
pub(crate) mod forced;

/// The lanes of one vector of a level.
pub(crate) fn lanes(level: Level) -> usize {
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
/// The body is ordinary safe code, inlined into each version; what differs is how wide the compiler's vectors are.
/// Rust neither reorders nor contracts floating-point operations, so every version gives the same bits.
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
                match $crate::kernel::simd::level() {
                    // SAFETY: `level` has found every enabled feature on this processor.
                    $crate::kernel::simd::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::kernel::simd::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::kernel::simd::Level::Base => {}
                }
            }
            body($($arg),*)
        }
    };
}
pub(crate) use multiversion;
