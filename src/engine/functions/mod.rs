//! What SQL can call beside the functions of `DataFusion`: methods of the indicators, so that an indicator, its test and an
//! analyst's question use the same. The formulas are in `method`; here they get names, types and nulls. `docs/analyst.md`
//! lists them.
//!
//! Money and counts come and go as decimals. A float, which only a literal such as 0.035 can be, is taken as it is written.
//! A null among the arguments gives null unless a function says otherwise. What does not fit is an error.

mod additionality;
mod aggregate;
mod calendar;
mod fin_quarter;
mod industry;
mod prank;
mod prices;
mod row_hash;
mod sample;
mod scalar;
mod value;
mod vintage;

use std::sync::Arc;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF, WindowUDF};

pub(super) use fin_quarter::fin_quarter_index;
pub(super) use row_hash::row_hash;
pub(super) use value::FunctionError;

/// The scalar functions of every session.
pub(super) fn all_functions() -> Vec<Arc<ScalarUDF>> {
    let own = [fin_quarter::fin_quarter(), fin_quarter_index(), row_hash()];
    let lists =
        [calendar::FUNCTIONS, prices::FUNCTIONS, additionality::FUNCTIONS, industry::FUNCTIONS, vintage::FUNCTIONS];
    own.into_iter().chain(lists.into_iter().flatten().map(scalar::function)).collect()
}

/// The aggregate functions of every session.
pub(super) fn all_aggregates() -> Vec<Arc<AggregateUDF>> {
    [sample::AGGREGATES, vintage::AGGREGATES].into_iter().flatten().map(aggregate::function).collect()
}

/// The window functions of every session.
pub(super) fn all_windows() -> Vec<Arc<WindowUDF>> {
    vec![prank::prank()]
}

#[cfg(test)]
mod tests;
