//! Queries by name, what each of them reads, and the choice of some of them: `D06`, `tag:action3`, `+D10`.

use std::collections::{BTreeMap, BTreeSet};

use super::{DataCheck, Definitions, IndicatorDefinition, StagingView};
use crate::config::find_nearest;

/// A query of the project.
#[derive(Clone, Copy, Debug)]
pub enum Query<'a> {
    /// A staging view.
    View(&'a StagingView),
    /// An indicator.
    Indicator(&'a IndicatorDefinition),
    /// A data test.
    Check(&'a DataCheck),
}

/// Names of chosen queries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection(BTreeSet<String>);

/// A word that chooses nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` selects nothing{}; there are: {known}", .nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
pub struct UnknownSelection {
    /// As it was typed.
    pub word: String,
    /// What it may have meant.
    pub nearest: Option<String>,
    /// What can be chosen.
    pub known: String,
}

impl<'a> Query<'a> {
    /// The stem of its file, without a view's number: its name in `queries/tests/`.
    #[must_use]
    pub fn name(self) -> &'a str {
        match self {
            Self::View(view) => &view.name,
            Self::Check(check) => &check.name,
            Self::Indicator(indicator) => {
                let file = indicator.file.rsplit('/').next().unwrap_or(&indicator.file);
                file.strip_suffix(".sql").unwrap_or(file)
            }
        }
    }

    /// What people call it: an indicator's id, or its name.
    #[must_use]
    pub fn label(self) -> &'a str {
        match self {
            Self::Indicator(indicator) => indicator.id.as_str(),
            other => other.name(),
        }
    }

    /// Its SQL.
    #[must_use]
    pub fn sql(self) -> &'a str {
        match self {
            Self::View(view) => &view.sql,
            Self::Check(check) => &check.sql,
            Self::Indicator(indicator) => &indicator.sql,
        }
    }

    fn is_meant(self, word: &str) -> bool {
        match (self, word.strip_prefix("tag:")) {
            (Self::Indicator(indicator), Some(tag)) => indicator.tags.iter().any(|own| own == tag),
            (_, Some(_)) => false,
            (_, None) => self.label() == word || self.name() == word,
        }
    }
}

impl Selection {
    /// Whether a query of this name was chosen.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

impl Definitions {
    /// Every query: views in their order, indicators, data tests.
    #[must_use]
    pub fn queries(&self) -> Vec<Query<'_>> {
        let views = self.staging.iter().map(Query::View);
        let indicators = self.indicators.values().map(Query::Indicator);
        views.chain(indicators).chain(self.checks.iter().map(Query::Check)).collect()
    }

    /// A query by the name of its file.
    #[must_use]
    pub fn find_query(&self, name: &str) -> Option<Query<'_>> {
        self.queries().into_iter().find(|query| query.name() == name)
    }

    /// The queries that some words choose; all for no words. `+` takes what a query depends on too: the views it reads,
    /// theirs, the indicators that must be built before it, and the data tests that look at nothing else.
    ///
    /// # Errors
    /// The first word that chooses nothing.
    pub fn select(&self, words: &[String]) -> Result<Selection, UnknownSelection> {
        let queries = self.queries();
        if words.is_empty() {
            return Ok(Selection(queries.iter().map(|query| query.name().to_owned()).collect()));
        }
        let graph = self.graph(&queries);
        let mut chosen = BTreeSet::new();
        for word in words {
            let (bare, with_parents) = word.strip_prefix('+').map_or((word.as_str(), false), |bare| (bare, true));
            let meant: Vec<&str> = queries.iter().filter(|q| q.is_meant(bare)).map(|q| q.name()).collect();
            if meant.is_empty() {
                return Err(unknown(word, bare, &queries));
            }
            if with_parents {
                let reached = reached_from(&graph, &meant);
                let only_reached = |query: &&Query<'_>| {
                    matches!(query, Query::Check(_)) && graph[query.name()].iter().all(|read| reached.contains(read))
                };
                chosen.extend(queries.iter().filter(only_reached).map(|query| query.name().to_owned()));
                chosen.extend(reached);
            } else {
                chosen.extend(meant.into_iter().map(str::to_owned));
            }
        }
        Ok(Selection(chosen))
    }

    /// The datasets that a query reads, itself or through views.
    #[must_use]
    pub fn datasets_behind(&self, name: &str) -> BTreeSet<String> {
        let reached = reached_from(&self.graph(&self.queries()), &[name]);
        let is_dataset = |name: &String| self.schemas.keys().any(|dataset| dataset.as_str() == name);
        reached.into_iter().filter(is_dataset).collect()
    }

    /// The views that some queries read, themselves or through views. The engine repeats a view's plan wherever the view, or
    /// a part of a query that reads it, is named, so that computing each once saves work even for one query.
    #[must_use]
    pub fn views_behind(&self, names: &[&str]) -> BTreeSet<String> {
        let reached = reached_from(self.own_reads(), names);
        self.staging.iter().map(|view| &view.name).filter(|name| reached.contains(*name)).cloned().collect()
    }

    /// The datasets and views that a query reads, itself or through views; not the indicators built before it.
    pub(super) fn read_by(&self, name: &str) -> Vec<String> {
        let others =
            |other: &String| other != name && !self.indicators.values().any(|i| Query::Indicator(i).name() == other);
        reached_from(self.own_reads(), &[name]).into_iter().filter(others).collect()
    }

    /// By query, the datasets and views that its SQL names.
    fn own_reads(&self) -> &BTreeMap<String, BTreeSet<String>> {
        self.reads.get_or_init(|| {
            let mut tables: BTreeSet<&str> = self.schemas.keys().map(crate::model::DatasetName::as_str).collect();
            tables.extend(self.staging.iter().map(|view| view.name.as_str()));
            let named = |query: Query<'_>| (query.name().to_owned(), list_tables(query.sql(), &tables));
            self.queries().into_iter().map(named).collect()
        })
    }

    /// By query, the datasets and queries it depends on directly.
    fn graph(&self, queries: &[Query<'_>]) -> BTreeMap<String, BTreeSet<String>> {
        let mut graph = self.own_reads().clone();
        for query in queries {
            if let Query::Indicator(indicator) = query {
                let others = indicator.depends_on.iter().filter_map(|id| self.indicators.get(id));
                let others = others.map(|other| Query::Indicator(other).name().to_owned());
                graph.entry(query.name().to_owned()).or_default().extend(others);
            }
        }
        graph
    }
}

/// Everything that can be reached, the starts among it.
fn reached_from(graph: &BTreeMap<String, BTreeSet<String>>, starts: &[&str]) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = starts.iter().map(|name| (*name).to_owned()).collect();
    while let Some(name) = open.pop() {
        open.extend(graph.get(&name).into_iter().flatten().filter(|read| !reached.contains(*read)).cloned());
        reached.insert(name);
    }
    reached
}

/// The tables that a query's FROM and JOIN name, of those that are known. Comments and texts are passed over.
pub(super) fn list_tables(sql: &str, known: &BTreeSet<&str>) -> BTreeSet<String> {
    let code: String = sql.lines().map(|line| line.split("--").next().unwrap_or("")).collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = code
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '\''))
        .filter(|word| !word.is_empty())
        .collect();
    let after = |word: &str| word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join");
    words.windows(2).filter(|pair| after(pair[0]) && known.contains(pair[1])).map(|pair| pair[1].to_owned()).collect()
}

fn unknown(word: &str, bare: &str, queries: &[Query<'_>]) -> UnknownSelection {
    let labels: Vec<&str> = queries.iter().map(|query| query.label()).collect();
    UnknownSelection {
        word: word.to_owned(),
        nearest: find_nearest(bare, labels.iter().copied()).map(str::to_owned),
        known: format!("{}, and tag:NAME", labels.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::tz::TimeZone;

    use super::Definitions;

    fn chosen(words: &[&str]) -> Result<String, String> {
        let definitions = Definitions::load(Path::new(env!("CARGO_MANIFEST_DIR")), &TimeZone::UTC).expect("they load");
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let chosen = definitions.select(&words).map_err(|error| error.to_string())?;
        let names = definitions.queries().into_iter().map(super::Query::name).filter(|name| chosen.contains(name));
        Ok(names.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn one_query_by_id_by_name_and_by_tag() {
        assert_eq!(chosen(&["D06"]).as_deref(), Ok("d06_vouchers"));
        assert_eq!(chosen(&["firms", "d06_vouchers"]).as_deref(), Ok("firms d06_vouchers"));
        assert_eq!(chosen(&["waves_in_order"]).as_deref(), Ok("waves_in_order"));
        let action = chosen(&["tag:action3"]).expect("some");
        assert!(
            action.starts_with("c01_subsidy_headroom ")
                && action.contains(" d06_vouchers ")
                && !action.contains("d01_"),
            "{action}"
        );
    }

    #[test]
    fn plus_takes_what_it_depends_on() {
        let with = chosen(&["+D02"]).expect("it is there");
        for name in ["firms", "reported_diagnostics", "first_diagnostics", "d01_diagnostics", "d02_budget"] {
            assert!(with.split(' ').any(|other| other == name), "{name} is missing from {with}");
        }
        assert!(with.contains("one_first_diagnostic"), "its data test is missing from {with}");
        assert!(!with.contains("uk_index_is_100"), "{with}");
        assert!(!with.contains("d06"), "{with}");
    }

    #[test]
    fn a_word_that_chooses_nothing_is_an_error() {
        let told = chosen(&["D77"]).expect_err("there is no D77");
        assert!(told.starts_with("`D77` selects nothing; did you mean `D"), "{told}");
        assert!(chosen(&["tag:nothing"]).is_err());
    }
}
