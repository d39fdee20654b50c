use super::*;

/// One of each form, with the rows that it holds.
fn forms() -> [(Indices, Vec<usize>); 6] {
    let marks = Arc::new(Marks::of(9, 2, (0..9).map(|row| row % 2)));
    let order = Arc::new(vec![4, 0, 3, 1, 2]);
    [
        ((3..6).into(), vec![3, 4, 5]),
        (Indices::ranges(0..2, 7..9), vec![0, 1, 7, 8]),
        (Indices::marked(&marks, 1, true), vec![1, 3, 5, 7]),
        (Indices::marked(&marks, 1, false), vec![0, 2, 4, 6, 8]),
        (Indices::drawn(&order, 1..4), vec![0, 3, 1]),
        (vec![7, 7, 1].into(), vec![7, 7, 1]),
    ]
}

#[test]
fn all_ways_to_the_rows_agree() {
    for (indices, rows) in forms() {
        assert_eq!(indices.len(), rows.len());
        assert_eq!(indices.to_vec(), rows);
        assert_eq!(indices.as_slice(), rows);
        assert_eq!(indices.clone().as_slice(), rows);
        assert_eq!(indices, Indices::from(rows.clone()));
        assert_eq!(indices, rows[..]);
        assert_eq!(format!("{indices:?}"), format!("{rows:?}"));
        let mut iter = indices.iter();
        for (at, row) in rows.iter().enumerate() {
            assert_eq!(iter.len(), rows.len() - at);
            assert_eq!(iter.next(), Some(*row));
            let mut rest = Vec::new();
            iter.clone().for_each(|row| rest.push(row));
            assert_eq!(rest, rows[at + 1..]);
        }
        assert_eq!((iter.next(), iter.next()), (None, None));
    }
}

#[test]
fn parts_of_another_order_are_not_equal() {
    assert_ne!(Indices::from(vec![0, 1]), Indices::from(vec![1, 0]));
    assert_ne!(Indices::from(0..2), [0, 1, 2]);
    assert!(Indices::from(0..0).is_empty());
    assert_eq!(Indices::from_iter([]), Indices::from(0..0));
}

#[test]
fn parts_that_are_apart_share_no_row() {
    let mut all: Vec<Indices> = forms().into_iter().map(|(indices, _)| indices).collect();
    let order = Arc::new(vec![4, 0, 3, 1, 2]);
    all.extend([(0..3).into(), Indices::ranges(0..3, 2..4), Indices::drawn(&order, 0..2)]);
    all.extend([Indices::drawn(&order, 2..5), Indices::drawn(&order, 1..3)]);
    let mut apart = 0;
    for one in &all {
        for other in &all {
            if one.is_apart_from(other) {
                apart += 1;
                let mut rows: Vec<usize> = one.iter().chain(other).collect();
                rows.sort_unstable();
                assert!(rows.windows(2).all(|pair| pair[0] != pair[1]), "{one:?} and {other:?}");
            }
        }
    }
    // 3..6 from 0..3 and from two stretches, two stretches of an order, a set from its rest; each both ways round.
    assert!(apart >= 8, "{apart}");
}

#[test]
fn a_list_is_written_once() {
    for (indices, _) in forms() {
        assert_eq!(indices.as_slice().as_ptr(), indices.as_slice().as_ptr());
    }
}
