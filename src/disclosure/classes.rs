//! For those who review an edition: under which class of rule each hidden cell falls, and what hiding costs. Never printed in
//! a pack, and never with a parameter.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::Protected;
use super::history::Bound;
use super::knowledge::{Role, shares};
use super::policy::{Policy, Waivers};
use super::primary::{is_hidden_itself, need_of};
use crate::model::{Kind, ObsStatus, Observation, Raw, RawCell, Table, TableHeader};

/// Why a cell is hidden. Of several reasons the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleClass {
    /// Too few firms or people stand behind it, or behind a part of it.
    TooFew,
    /// A percentage over too small a base, or a figure that says something of every firm of a small group.
    SmallGroup,
    /// Its largest contributors make too much of it, for a reader, a contractor or a contributor.
    Concentration,
    /// Beside an earlier edition it would give a few firms away.
    EarlierEdition,
    /// It is safe itself, and protects others.
    Complementary,
}

/// What is hidden in one table, and what that costs.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Cost {
    /// Hidden cells by class of rule.
    pub by_class: BTreeMap<RuleClass, u64>,
    /// What hidden cells make of the sum of all cells, in per cent with one decimal; none where figures are no sums.
    pub share_percent: Option<Decimal>,
}

impl RuleClass {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::TooFew => "too few contributors",
            Self::SmallGroup => "small base or known group",
            Self::Concentration => "concentration",
            Self::EarlierEdition => "difference from an earlier edition",
            Self::Complementary => "complementary",
        }
    }
}

/// What a table's pattern costs. `at` is its position in `bound`.
pub(super) fn cost(
    (at, raw): (usize, &Table<Raw>),
    published: &Table<Protected>,
    bound: &Bound,
    policy: &Policy,
    waivers: &Waivers,
) -> Cost {
    let mut cost = Cost::default();
    let (mut hidden, mut all) = (Decimal::ZERO, Decimal::ZERO);
    for (position, (key, cell)) in raw.cells().iter().enumerate() {
        let size = cell.numerator.abs();
        all = all.saturating_add(size);
        let observation = published.find(key).map(|cell| &cell.observation);
        let secret = observation.and_then(Observation::missing) == Some(ObsStatus::Confidential);
        if secret && cell.missing.is_none() {
            hidden = hidden.saturating_add(size);
            let class = class_of(raw.header(), cell, bound.contains_key(&(at, position)), policy, waivers);
            *cost.by_class.entry(class).or_default() += 1;
        }
    }
    let sums = matches!(raw.header().kind, Kind::Count | Kind::Magnitude) && !all.is_zero();
    let percent = |part: Decimal| part.checked_mul(Decimal::ONE_HUNDRED).map(|part| part / all);
    let round = |share: Decimal| share.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    cost.share_percent = sums.then(|| percent(hidden)).flatten().map(round);
    cost
}

fn class_of(header: &TableHeader, cell: &RawCell, bound: bool, policy: &Policy, waivers: &Waivers) -> RuleClass {
    if !header.kind.is_additive() {
        return RuleClass::TooFew;
    }
    let roles = [Role::Numerator, Role::Denominator];
    let unsafe_roles: Vec<Role> = roles
        .into_iter()
        .filter(|role| *role == Role::Numerator || cell.denominator.is_some())
        .filter(|role| need_of(header, cell, *role, policy, waivers).is_some())
        .collect();
    let fewest = policy.fewest_groups(header.kind);
    let few = |role: &Role| {
        let groups = shares(cell, *role).iter().filter(|(_, value)| !value.is_zero()).count();
        groups > 0 && groups < fewest
    };
    if unsafe_roles.iter().any(few) {
        return RuleClass::TooFew;
    }
    if is_hidden_itself(header, cell, policy) || (!unsafe_roles.is_empty() && cell.numerator.is_zero()) {
        return RuleClass::SmallGroup;
    }
    match (unsafe_roles.is_empty(), header.kind) {
        (false, Kind::Count) => RuleClass::TooFew,
        (false, _) => RuleClass::Concentration,
        (true, _) if bound => RuleClass::EarlierEdition,
        (true, _) => RuleClass::Complementary,
    }
}
