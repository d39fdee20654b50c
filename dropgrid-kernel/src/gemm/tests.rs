use super::{super::simd::forced::on_each, *};

/// The layout of a matrix: contiguous rows or columns, one after the other or far apart.
#[derive(Debug, Clone, Copy)]
enum Layout {
    Rows,
    Columns,
    FarRows,
    /// A left operand is packed in this layout, and where its columns have at least [`FAR`] rows.
    FarColumns,
}

const LAYOUTS: [Layout; 4] = [Layout::Rows, Layout::Columns, Layout::FarRows, Layout::FarColumns];

/// Element (i, j) of a matrix. Some are below 0, and none is a whole number.
fn element(seed: usize, i: usize, j: usize) -> f32 {
    ((i * 7919 + j * 613 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0
}

/// A matrix in a slice that holds NaN wherever there is no element of the matrix.
struct Matrix {
    data: Vec<f32>,
    width: usize,
    is_transposed: bool,
}

impl Matrix {
    fn new([rows, columns]: [usize; 2], layout: Layout, element: impl Fn(usize, usize) -> f32) -> Self {
        let is_transposed = matches!(layout, Layout::Columns | Layout::FarColumns);
        let [lines, len] = if is_transposed { [columns, rows] } else { [rows, columns] };
        let width = if matches!(layout, Layout::FarRows | Layout::FarColumns) { len.max(FAR) + 5 } else { len };
        let mut data = vec![f32::NAN; (lines - 1) * width + len];
        for line in 0..lines {
            for at in 0..len {
                data[line * width + at] = if is_transposed { element(at, line) } else { element(line, at) };
            }
        }
        Self { data, width, is_transposed }
    }

    fn view(&self) -> View<'_> {
        let view = View::rows(&self.data, self.width);
        if self.is_transposed { view.t() } else { view }
    }
}

/// One element of a product, by its definition: partial sums of at most [`DEPTH`] terms, added one after the other.
fn by_definition(level: Level, terms: impl ExactSizeIterator<Item = (f32, f32)>, start: Option<f32>) -> f32 {
    let is_fused = cfg!(target_arch = "aarch64") || level != Level::Base;
    let deep = even(terms.len(), DEPTH);
    let terms: Vec<(f32, f32)> = terms.collect();
    let part = |part: &[(f32, f32)]| {
        part.iter().fold(0.0, |sum: f32, &(x, y)| if is_fused { x.mul_add(y, sum) } else { x * y + sum })
    };
    let parts = terms.chunks(deep).map(part);
    start.into_iter().chain(parts).reduce(|sum, part| sum + part).expect("a term")
}

/// The layouts of the operands, and the flag `add`.
type Case = (Layout, Layout, bool);

/// All cases, or under Miri two, so that each operand is packed in one of them.
fn cases() -> Vec<Case> {
    if cfg!(miri) {
        return vec![(Layout::FarColumns, Layout::Rows, false), (Layout::Rows, Layout::Columns, true)];
    }
    let pairs = LAYOUTS.into_iter().flat_map(|left| LAYOUTS.map(|right| (left, right)));
    pairs.flat_map(|(left, right)| [false, true].map(|add| (left, right, add))).collect()
}

/// Checks, on the level of this thread, the products of each size with sums of `k` terms: each element has the bits of
/// its definition, and nothing else is written.
fn check(k: usize, sizes: &[[usize; 2]]) {
    let level = level();
    let most = [0, 1].map(|side| sizes.iter().map(|size| size[side]).max().expect("a size"));
    // An element's bits depend on its row, its column and the depth alone, so the largest product has those of all.
    let [plain, added] = [false, true].map(|add| {
        let at = |i: usize, j: usize| {
            let terms = (0..k).map(|at| (element(1, i, at), element(2, at, j)));
            by_definition(level, terms, add.then(|| element(3, i, j)))
        };
        (0..most[0]).map(|i| (0..most[1]).map(|j| at(i, j)).collect()).collect::<Vec<Vec<f32>>>()
    });
    // One scratch for all products, so that each finds what others have left.
    let mut scratch = GemmScratch::default();
    for &[m, n] in sizes {
        for case in cases() {
            let (left, right, add) = case;
            let a = Matrix::new([m, k], left, |i, j| element(1, i, j));
            let b = Matrix::new([k, n], right, |i, j| element(2, i, j));
            let mut c: Vec<f32> = (0..m * n).map(|at| element(3, at / n, at % n)).collect();
            c.extend([7.0; 40]);
            matmul(&mut scratch, [m, k, n], a.view(), b.view(), &mut c, add);
            let wanted = if add { &added } else { &plain };
            for (i, (found, wanted)) in c.chunks_exact(n).zip(wanted).take(m).enumerate() {
                let same = found.iter().zip(wanted).all(|(found, wanted)| found.to_bits() == wanted.to_bits());
                assert!(same, "{level:?} {m} {k} {n} {case:?}: row {i} is {found:?}, not {:?}", &wanted[..n]);
            }
            assert!(c[m * n..] == [7.0; 40], "{level:?} {m} {k} {n}: written behind the result");
        }
    }
}

/// Sizes of a result, and the same the other way round: a product may be computed as its transpose.
fn both(sizes: impl Iterator<Item = [usize; 2]>) -> Vec<[usize; 2]> {
    sizes.flat_map(|[m, n]| [[m, n], [n, m]]).collect()
}

/// Rows of a full tile, and its columns.
fn tile() -> [usize; 2] {
    [rows(level()), 2 * lanes(level())]
}

// Every rest of rows and of columns, behind no full tile, one and two; every rest of the terms of one turn.
#[test]
fn every_rest_of_a_tile_is_one_sum_in_one_order() {
    on_each(|| {
        let [height, width] = tile();
        if cfg!(miri) {
            // Every rest of rows at one of columns, which is narrow and behind a whole tile in turns, and of columns at
            // one of rows.
            let rows = (1..=2 * height + 1).map(|m| [m, if m % 4 == 0 { width + 1 } else { 3 }]);
            let rows = rows.chain([height + height / 2, 2 * height].map(|m| [m, width + 1]));
            let columns = (1..=width + 1).step_by(2).map(|n| [2, n]);
            return check(5, &rows.chain(columns).collect::<Vec<_>>());
        }
        for k in [1, 2, 3, 4, 7, 9] {
            let sizes = (1..=2 * height + 1).flat_map(|m| (1..=2 * width + 1).map(move |n| [m, n]));
            check(k, &both(sizes));
        }
    });
}

// Sums of more terms than are taken at once, whose parts are added one after the other.
#[test]
fn a_deep_sum_is_its_parts_in_order() {
    on_each(|| {
        let [height, width] = tile();
        if cfg!(miri) {
            return check(DEPTH + 1, &[[height + 1, 3]]);
        }
        for k in [DEPTH - 1, DEPTH, DEPTH + 1, 2 * DEPTH + 1] {
            let columns = [1, width / 2 - 1, width / 2, width / 2 + 1, width, width + 1];
            let sizes = (1..=2 * height + 1).flat_map(|m| columns.map(|n| [m, n]));
            check(k, &both(sizes));
        }
    });
}

// More rows than are packed at once: their blocks are of whole tiles, and the last has any rest.
#[test]
fn a_tall_product_is_one_sum_in_one_order() {
    on_each(|| {
        let [height, width] = tile();
        if cfg!(miri) {
            return check(2, &[[HEIGHT.next_multiple_of(height) + height / 2, width + 1]]);
        }
        let rows = (HEIGHT - 9..HEIGHT + 20).chain(2 * HEIGHT - 1..2 * HEIGHT + 20).chain([300, 500]);
        let sizes = rows.flat_map(|m| [1, width / 2 + 1, width + 1].map(|n| [m, n]));
        for k in [3, 4] {
            check(k, &both(sizes.clone()));
        }
    });
}

/// The three products of a dense layer of a step, on whole numbers: every sum is exact, whatever its order.
fn check_layer(rows: usize, [inputs, outputs]: [usize; 2]) {
    let whole = |seed: usize, len: usize| -> Vec<f32> {
        (0..len).map(|at| ((at * 7919 + seed * 104_729) % 1009 % 17) as f32 - 8.0).collect()
    };
    let (x, w, g) = (whole(1, rows * inputs), whole(2, outputs * inputs), whole(3, rows * outputs));
    let [mut out, mut to_x] = [vec![0.0; g.len()], vec![0.0; x.len()]];
    let mut to_w = vec![1.0; w.len()];
    for row in 0..rows {
        let (x, to_x) = (&x[row * inputs..][..inputs], &mut to_x[row * inputs..][..inputs]);
        for (at, (w, to_w)) in w.chunks_exact(inputs).zip(to_w.chunks_exact_mut(inputs)).enumerate() {
            let g = g[row * outputs + at];
            out[row * outputs + at] = x.iter().zip(w).map(|(x, w)| x * w).sum();
            to_w.iter_mut().zip(x).for_each(|(to, x)| *to += g * x);
            to_x.iter_mut().zip(w).for_each(|(to, w)| *to += g * w);
        }
    }
    let (x, w, g) = (View::rows(&x, inputs), View::rows(&w, inputs), View::rows(&g, outputs));
    let products = on_each(|| {
        let mut scratch = GemmScratch::default();
        let mut found = [vec![0.0; out.len()], vec![1.0; to_w.len()], vec![0.0; to_x.len()]];
        matmul(&mut scratch, [rows, inputs, outputs], x, w.t(), &mut found[0], false);
        matmul(&mut scratch, [outputs, rows, inputs], g.t(), x, &mut found[1], true);
        matmul(&mut scratch, [rows, outputs, inputs], g, w, &mut found[2], false);
        found
    });
    let wanted = [out, to_w, to_x];
    for (level, found) in products {
        assert!(found == wanted, "{level:?}: {rows} rows, {inputs} inputs, {outputs} outputs");
    }
}

// Widths that are no multiple of a tile's height leave rests of four and of six rows: whole batches, last ones, single
// rows.
#[cfg(not(miri))]
#[test]
fn layers_of_any_width_multiply() {
    let networks: [&[usize]; 8] = [
        &[64, 300, 64],
        &[300, 300, 300],
        &[500, 300, 100],
        &[784, 500, 300],
        &[300, 500, 260],
        &[292, 1000, 300],
        &[64, 128, 10],
        &[13, 257, 1],
    ];
    for layer in networks.iter().flat_map(|widths| widths.windows(2)) {
        for rows in [1, 5, 32, 100] {
            check_layer(rows, [layer[0], layer[1]]);
        }
    }
}

#[test]
fn nothing_gives_nothing() {
    let mut c = [1.0; 4];
    matmul(&mut GemmScratch::default(), [2, 0, 2], View::rows(&[], 0), View::rows(&[], 2), &mut c, true);
    assert_eq!(c, [1.0; 4]);
    matmul(&mut GemmScratch::default(), [2, 0, 2], View::rows(&[], 0), View::rows(&[], 2), &mut c, false);
    assert_eq!(c, [0.0; 4]);
    matmul(&mut GemmScratch::default(), [0, 3, 0], View::rows(&[], 3), View::rows(&[], 0), &mut [], false);
}

#[test]
#[should_panic(expected = "an operand is too short")]
fn a_short_operand_is_refused() {
    matmul(
        &mut GemmScratch::default(),
        [2, 2, 2],
        View::rows(&[0.0; 3], 2),
        View::rows(&[0.0; 4], 2),
        &mut [0.0; 4],
        false,
    );
}
