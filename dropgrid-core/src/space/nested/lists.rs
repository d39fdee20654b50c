//! Lists in constants.

/// The number of the first axis of each field, and at the end that of all axes: `N` is one more than the fields.
#[doc(hidden)]
pub const fn starts<const N: usize>(lens: &[usize]) -> [usize; N] {
    let (mut starts, mut at) = ([0; N], 0);
    while at < lens.len() {
        starts[at + 1] = starts[at] + lens[at];
        at += 1;
    }
    starts
}

/// The number of axes of these fields.
#[doc(hidden)]
pub const fn asked_len(fields: &[usize], starts: &[usize]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < fields.len() {
        len += starts[fields[at] + 1] - starts[fields[at]];
        at += 1;
    }
    len
}

/// The numbers of the axes of these fields: of a space, all that it has. `N` is their [`asked_len`].
#[doc(hidden)]
pub const fn asked<const N: usize>(fields: &[usize], starts: &[usize]) -> [usize; N] {
    let (mut axes, mut count, mut at) = ([0; N], 0, 0);
    while at < fields.len() {
        let mut axis = starts[fields[at]];
        while axis < starts[fields[at] + 1] {
            axes[count] = axis;
            count += 1;
            axis += 1;
        }
        at += 1;
    }
    axes
}

/// The number of items in these lists.
#[doc(hidden)]
pub const fn flat_len<T>(lists: &[&[T]]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < lists.len() {
        len += lists[at].len();
        at += 1;
    }
    len
}

/// An item of a list that is put together in a constant.
#[doc(hidden)]
pub trait Part: Copy + 'static {
    /// A part that stands for none.
    const NONE: Self;
}

/// The items of these lists. `N` is their [`flat_len`].
#[doc(hidden)]
pub const fn flat<T: Part, const N: usize>(lists: &[&[T]]) -> [T; N] {
    let (mut all, mut count, mut at) = ([T::NONE; N], 0, 0);
    while at < lists.len() {
        let mut item = 0;
        while item < lists[at].len() {
            all[count] = lists[at][item];
            count += 1;
            item += 1;
        }
        at += 1;
    }
    all
}
