//! Exponentials, many at a time.

/// `e^x` for `x <= 0`, to 1e-7 of its value: `2^k e^r` with `|r| <= ln 2 / 2` and a polynomial for
/// `e^r` (Cephes, `expf`). Without branches or calls, so that many are done at a time.
pub(super) fn exp(x: f32) -> f32 {
    // Adding 1.5 2^23 leaves the nearest whole number in the last bits; 127 is the exponent's bias.
    const ROUND: f32 = 12_582_912.0 + 127.0;
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = x - k * LN_2[0] - k * LN_2[1];
    let series = [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5];
    let tail = series.into_iter().fold(0.0, |sum, factor| sum * r + factor);
    let power = f32::from_bits(shifted.to_bits() << 23);
    let value = (tail * r * r + r + 1.0) * power;
    // Below, 2^k is no normal number any more.
    if x < -87.0 { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn exponentials_are_right_to_the_last_digit_but_one() {
        for step in 0..87_000 {
            let x = -(step as f32) * 1e-3;
            let right = f64::from(x).exp();
            assert!((f64::from(exp(x)) - right).abs() <= 1.2e-7 * right, "exp({x}) is {}", exp(x));
        }
        assert_eq!((exp(0.0), exp(-1e9), exp(f32::NEG_INFINITY)), (1.0, 0.0, 0.0));
        assert!(exp(f32::NAN).is_nan());
    }
}
