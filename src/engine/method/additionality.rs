//! From gross to net (Additionality Guide, Homes and Communities Agency, 4th edition 2014; domain, section 2F).

use rust_decimal::Decimal;

use super::MethodError;

/// What happens to a gross effect on its way to the target area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factors {
    /// The share that benefits other areas.
    pub leakage: Decimal,
    /// The share taken from other firms of the area.
    pub displacement: Decimal,
    /// The share that replaces another activity of the firm.
    pub substitution: Decimal,
    /// Supply-chain and income effects, 1 for none.
    pub multiplier: Decimal,
}

impl Factors {
    fn net(self, gross: Decimal) -> Option<Decimal> {
        let kept = |share: Decimal| Decimal::ONE.checked_sub(share);
        gross
            .checked_mul(kept(self.leakage)?)?
            .checked_mul(kept(self.displacement)?)?
            .checked_mul(kept(self.substitution)?)?
            .checked_mul(self.multiplier)
    }
}

/// The general form: GI (1-L) (1-Dp) (1-S) M with intervention less the same of the reference case, which is what would have
/// happened anyway. With equal factors and a reference case of deadweight x GI it is the short form.
///
/// # Errors
/// When the result does not fit.
pub fn net_additional(
    gross: Decimal,
    with: Factors,
    reference: Decimal,
    without: Factors,
) -> Result<Decimal, MethodError> {
    let parts = with.net(gross).zip(without.net(reference));
    parts.and_then(|(with, without)| with.checked_sub(without)).ok_or(MethodError::Overflow)
}

/// The deadweight at which benefits equal costs: 1 - cost / benefit, `benefit` being that without deadweight, of which
/// the short form keeps the share 1 - deadweight. None where there is no benefit.
///
/// # Errors
/// When the result does not fit.
pub fn break_even_deadweight(benefit: Decimal, cost: Decimal) -> Result<Option<Decimal>, MethodError> {
    if benefit <= Decimal::ZERO {
        return Ok(None);
    }
    let share = cost.checked_div(benefit).and_then(|ratio| Decimal::ONE.checked_sub(ratio));
    share.map(Some).ok_or(MethodError::Overflow)
}

/// The share of the full effect in year `year` (0 is the first). Up to `peak` the profile says it, and 1 where the profile has
/// ended; after the peak it is the peak's share x (1-decay)^(year-peak), and nothing after `end`.
///
/// # Errors
/// When the result does not fit.
pub fn persistence(
    year: u32,
    peak: u32,
    end: u32,
    decay: Decimal,
    profile: &[Decimal],
) -> Result<Decimal, MethodError> {
    if year > end {
        return Ok(Decimal::ZERO);
    }
    let built = |t: u32| usize::try_from(t).ok().and_then(|t| profile.get(t)).copied().unwrap_or(Decimal::ONE);
    let mut share = built(year.min(peak));
    for _ in peak..year {
        share = share.checked_mul(Decimal::ONE - decay).ok_or(MethodError::Overflow)?;
    }
    Ok(share)
}
