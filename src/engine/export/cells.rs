//! What the engine says of a cell that asks to leave: how many groups stand behind it, how the largest compare with the
//! rest, and which rows of which group it is made of. Only digests of the last ever leave the memory of the program.

use std::collections::BTreeMap;

/// A cell of an export, or a sum over some of its cells that anybody can work out.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportCell {
    /// Its keys, in order, each `name=value`; those of a marginal sum that were summed over are absent.
    pub key: String,
    /// Whether it is a marginal sum, which is not shown but follows from what is.
    pub is_margin: bool,
    /// What is counted or added up in it.
    pub measures: Vec<CellMeasure>,
}

/// One count or sum of a cell.
#[derive(Clone, PartialEq, Eq)]
pub struct CellMeasure {
    /// Whether it is an amount; else it is a count.
    pub is_amount: bool,
    /// Its value in the smallest unit.
    pub total: i128,
    /// By each confidential table that has a part in it, whose rows stand behind it. Empty: nobody's.
    pub shares: Vec<Shares>,
    /// What it is made of, by what is measured.
    pub facts: Vec<Fact>,
}

/// What the groups behind a cell give to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// How many groups.
    pub groups: usize,
    /// All contributions by their size, whatever their sign.
    pub total: u128,
    /// The largest.
    pub largest: u128,
    /// The second largest.
    pub second: u128,
}

/// Which rows a value is made of: two cells of one subject whose facts differ for few groups give these groups away.
#[derive(Clone, PartialEq, Eq)]
pub struct Fact {
    /// What is measured: `count <table>` or `sum <table>.<column>`.
    pub subject: String,
    /// By group, a sum of hashes of its rows.
    pub groups: BTreeMap<String, u128>,
}

impl Shares {
    /// Of contributions, one a group.
    #[must_use]
    pub fn of(amounts: impl IntoIterator<Item = i128>) -> Self {
        let mut shares = Self { groups: 0, total: 0, largest: 0, second: 0 };
        for amount in amounts {
            let size = amount.unsigned_abs();
            shares.groups += 1;
            shares.total = shares.total.saturating_add(size);
            if size > shares.largest {
                shares.second = shares.largest;
                shares.largest = size;
            } else {
                shares.second = shares.second.max(size);
            }
        }
        shares
    }
}
