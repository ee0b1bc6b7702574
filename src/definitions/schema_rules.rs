//! What a schema says about whole extracts and their arrival. `schema_load` reads it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::{Severity, SupplierCode};

/// How much an extract may differ from the one before it (domain, section 1.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stability {
    /// The share of rows that may be lost.
    pub row_drop: Option<Decimal>,
    /// What a failure does.
    pub severity: Severity,
    /// Columns whose distribution over their values is watched.
    pub shares: Vec<String>,
    /// By how many standard deviations a share may move.
    pub deviations: Decimal,
}

/// When extracts are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The rhythm.
    pub calendar: Calendar,
    /// Working days after the period's end.
    pub working_days_after: u32,
    /// What is different for some suppliers; these have no suppliers of their own.
    pub suppliers: BTreeMap<SupplierCode, Expected>,
}

impl Expected {
    /// When the extracts of one supplier are due.
    #[must_use]
    pub fn of(&self, supplier: &SupplierCode) -> &Self {
        self.suppliers.get(supplier).unwrap_or(self)
    }
}

/// How often extracts are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every quarter of a financial year.
    Quarterly,
    /// Every year.
    Yearly,
    /// One time only.
    Once,
}

impl Calendar {
    /// As schemas write them.
    pub(super) const WORDS: [(&'static str, Self); 5] = [
        ("weekly", Self::Weekly),
        ("monthly", Self::Monthly),
        ("quarterly", Self::Quarterly),
        ("yearly", Self::Yearly),
        ("once", Self::Once),
    ];

    /// As a schema writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
            Self::Once => "once",
        }
    }
}
