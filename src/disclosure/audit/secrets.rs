//! What nobody may learn: sums that are confidential for their own sake, and differences of published cells that are.

use super::Exhibit;
use super::sums::{SumId, Sums};
use crate::disclosure::differences::differences;
use crate::disclosure::primary::Need;
use crate::model::GroupId;

/// One secret: a sum, or several with factors.
pub(super) struct Secret<'a> {
    pub(super) terms: Vec<(SumId, i64)>,
    pub(super) need: Need,
    /// The only group behind it.
    pub(super) sole: Option<&'a GroupId>,
    /// Table and cell by which it is named.
    pub(super) at: (usize, usize),
    /// Whether it can be nothing but a whole number.
    pub(super) whole: bool,
}

pub(super) fn secrets<'a>(exhibit: &Exhibit<'a>, sums: &Sums<'a>) -> Vec<Secret<'a>> {
    let mut secrets = Vec::new();
    for (id, sum) in sums.all.iter().enumerate() {
        let (table, cell, _) = sum.place;
        let key = exhibit.raw[table].cells().keys().nth(cell);
        let public = || key.is_some_and(|key| exhibit.told_the_same(&exhibit.raw[table], key));
        if let Some(need) = sum.need.filter(|_| !(sum.known && public())) {
            let terms = vec![(id, 1)];
            secrets.push(Secret { terms, need, sole: sum.sole, at: (table, cell), whole: sum.whole });
        }
    }
    for difference in differences(exhibit.raw, exhibit.areas, exhibit.policy, exhibit.waivers) {
        let find = |(cell, factor): &(usize, i64)| {
            sums.find((difference.table, *cell, difference.role)).map(|id| (id, *factor))
        };
        let terms: Vec<(SumId, i64)> = difference.terms.iter().filter_map(find).collect();
        let whole = terms.iter().all(|(id, _)| sums.all[*id].whole);
        let at = (difference.table, difference.terms[0].0);
        // Whoever alone is behind the difference learns nothing from it about others.
        secrets.push(Secret { terms, need: difference.need, sole: difference.sole, at, whole });
    }
    secrets
}
