//! The quantile of the normal distribution, with the same bits on every machine
//! ([Wichura 1988](https://doi.org/10.2307/2347330), algorithm AS 241).

/// The polynomials for shares within 0.425 of one half, highest power first: above and below the line of the quotient.
#[allow(clippy::excessive_precision, reason = "the digits of the paper")]
pub(super) const MIDDLE: [[f64; 8]; 2] = [
    [
        2.509_080_928_730_122_672_7e3,
        3.343_057_558_358_812_810_5e4,
        6.726_577_092_700_870_085_3e4,
        4.592_195_393_154_987_145_7e4,
        1.373_169_376_550_946_112_5e4,
        1.971_590_950_306_551_442_7e3,
        1.331_416_678_917_843_774_5e2,
        3.387_132_872_796_366_608_0,
    ],
    [
        5.226_495_278_852_854_561_0e3,
        2.872_908_573_572_194_267_4e4,
        3.930_789_580_009_271_061_0e4,
        2.121_379_430_158_659_586_7e4,
        5.394_196_021_424_751_107_7e3,
        6.871_870_074_920_579_083_0e2,
        4.231_333_070_160_091_125_2e1,
        1.0,
    ],
];
/// Those for shares farther out.
#[allow(clippy::excessive_precision, reason = "the digits of the paper")]
pub(super) const TAILS: [[f64; 8]; 2] = [
    [
        7.745_450_142_783_414_076_40e-4,
        2.272_384_498_926_918_458_33e-2,
        2.417_807_251_774_506_117_70e-1,
        1.270_458_252_452_368_382_58,
        3.647_848_324_763_204_605_04,
        5.769_497_221_460_691_405_50,
        4.630_337_846_156_545_295_90,
        1.423_437_110_749_683_577_34,
    ],
    [
        1.050_750_071_644_416_843_24e-9,
        5.475_938_084_995_344_946_00e-4,
        1.519_866_656_361_645_719_66e-2,
        1.481_039_764_274_800_745_90e-1,
        6.897_673_349_851_000_045_50e-1,
        1.676_384_830_183_803_849_40,
        2.053_191_626_637_758_821_87,
        1.0,
    ],
];

/// The quantile of the standard normal distribution for shares within 1e-10 of neither 0 nor 1, to 16 digits.
pub(crate) fn normal_quantile(share: f64) -> f64 {
    let q = share - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(0.425 * 0.425 - q * q, &MIDDLE);
    }
    let r = (-libm::log(share.min(1.0 - share))).sqrt() - 1.6;
    q.signum() * ratio(r, &TAILS)
}

/// The quotient of two polynomials.
fn ratio(x: f64, polynomials: &[[f64; 8]; 2]) -> f64 {
    let [above, below] = polynomials.map(|polynomial| polynomial.iter().fold(0.0, |sum, factor| sum * x + factor));
    above / below
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::normal_quantile;

    #[test]
    fn quantiles_are_those_of_statrs() {
        let shares = (1..2000).map(|at| f64::from(at) / 2000.0);
        for share in shares.chain([1e-10, 1e-7, 1e-4, 0.075, 0.925, 1.0 - 1e-4, 1.0 - 1e-7]) {
            let (is, wanted) = (normal_quantile(share), Normal::standard().inverse_cdf(share));
            // statrs has these digits only.
            assert!((is - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{share}: {is} {wanted}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        assert!(normal_quantile(f64::NAN).is_nan());
    }
}
