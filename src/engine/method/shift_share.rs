//! Industries of a region beside the nation's (domain, section 2F; Dunn 1960 for shift-share).

use rust_decimal::Decimal;

use super::MethodError;

/// The change of an industry in a region in three parts that add up to it exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShiftShare {
    /// What it would be at the nation's overall growth.
    pub national: Decimal,
    /// What the industry's growth in the nation adds.
    pub mix: Decimal,
    /// What the region adds.
    pub regional: Decimal,
    /// All of it.
    pub change: Decimal,
}

/// The classical parts of an industry's change from `before` to `after`, given the same of the industry in the nation and
/// of all industries in the nation: `e0 g`, `e0 (g_i - g)`, `e0 (g_ir - g_i)`. The regional part is what remains, so nothing
/// is lost.
/// None where the nation had nothing before: such an industry is reported apart.
///
/// # Errors
/// When a step does not fit.
pub fn shift_share(
    (before, after): (Decimal, Decimal),
    (industry_before, industry_after): (Decimal, Decimal),
    (nation_before, nation_after): (Decimal, Decimal),
) -> Result<Option<ShiftShare>, MethodError> {
    if industry_before.is_zero() || nation_before.is_zero() {
        return Ok(None);
    }
    let parts = || {
        let grown = |from: Decimal, to: Decimal| before.checked_mul(to.checked_sub(from)?)?.checked_div(from);
        let change = after.checked_sub(before)?;
        // Twelve digits after the point are what SQL sees; rounded here, the parts still add up.
        let national = grown(nation_before, nation_after)?.round_dp(12);
        let mix = grown(industry_before, industry_after)?.round_dp(12).checked_sub(national)?;
        let regional = change.checked_sub(national)?.checked_sub(mix)?;
        Some(ShiftShare { national, mix, regional, change })
    };
    parts().map(Some).ok_or(MethodError::Overflow)
}

/// How much more an industry weighs in the region than in the nation: `(e_ri / e_r) / (e_ni / e_n)`. None where one of
/// the last three is zero.
///
/// # Errors
/// When a step does not fit.
pub fn location_quotient(
    regional: Decimal,
    region: Decimal,
    industry: Decimal,
    nation: Decimal,
) -> Result<Option<Decimal>, MethodError> {
    if region.is_zero() || industry.is_zero() || nation.is_zero() {
        return Ok(None);
    }
    let crossed = || regional.checked_mul(nation)?.checked_div(region.checked_mul(industry)?);
    let in_turn = || regional.checked_div(region)?.checked_div(industry.checked_div(nation)?);
    crossed().or_else(in_turn).map(Some).ok_or(MethodError::Overflow)
}
