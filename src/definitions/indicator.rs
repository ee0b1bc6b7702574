//! Indicators: what a header says and which query stands behind it. Reads `queries/indicators/*.sql`; never plans SQL,
//! which is `engine`'s.

use std::collections::BTreeMap;
use std::path::Path;

use super::header::Header;
use super::query_file::{QueryFile, load_query_files};
use super::{DefinitionsError, Problem};
use crate::model::{Direction, IndicatorId, Kind, Language, Unit};

/// A text in both languages; neither is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// Cymraeg.
    pub cy: String,
}

impl Text {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Cy => &self.cy,
            Language::En => &self.en,
        }
    }
}

/// A breakdown beside time and area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// The column of the query.
    pub name: String,
    /// Whether a total over its members means anything. The stages of a funnel have none.
    pub additive: bool,
}

/// Which cells a table has when there are several breakdowns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakdowns {
    /// Every combination of members.
    Crossed,
    /// One breakdown at a time; an authority is a breakdown too. All others stand at their totals.
    OneWay,
}

/// Whose contributions are counted when a cell is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisclosureUnit {
    /// Enterprise groups.
    EnterpriseGroup,
    /// Nobody's: published statistics.
    None,
}

/// Which cells of time a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// Within each quarter, and to date.
    Both,
    /// To date only.
    ToDate,
    /// Within each quarter only.
    Quarter,
}

/// One published figure of an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What the query writes in the column `measure`.
    pub id: String,
    /// How it is computed and protected.
    pub kind: Kind,
    /// What it is measured in.
    pub unit: Unit,
    /// Decimals when printed.
    pub decimals: u32,
    /// The base to which it is rounded when printed, such as 5; none for no rounding beyond the decimals.
    pub rounding: Option<u32>,
    /// Whether totals over additive dimensions are published too.
    pub totals: bool,
    /// Years between before and after of a growth, where the query does not say them row by row.
    pub years: Option<u32>,
    /// Whether a mean carries Student's interval over its rows.
    pub interval: bool,
    /// Its name.
    pub title: Text,
}

impl Measure {
    /// Whether its figure needs each row by itself.
    #[must_use]
    pub const fn is_by_row(&self) -> bool {
        self.interval || matches!(self.kind, Kind::Median | Kind::SurvivalMedian | Kind::Growth | Kind::Estimate)
    }
}

/// A published measure, as written in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorDefinition {
    /// One letter and two digits.
    pub id: IndicatorId,
    /// The file, relative to the project directory.
    pub file: String,
    /// The full name.
    pub title: Text,
    /// A name short enough for a headline.
    pub short: Text,
    /// The formula in words.
    pub formula: Text,
    /// Where the data come from.
    pub source: Text,
    /// What a reader must know before using it.
    pub caveats: Option<Text>,
    /// What it depends on beside rows: names of settings, tables of parameters.
    pub parameters: Vec<String>,
    /// Actions of the plan it belongs to, 1 to 4.
    pub actions: Vec<u8>,
    /// Whether more is better.
    pub direction: Direction,
    /// Which date places an event in a quarter.
    pub dated_by: String,
    /// Which column places an event in an area.
    pub area_key: String,
    /// Who or what is counted.
    pub population: String,
    /// Breakdowns beside time and area, in the order of a cell's members.
    pub dimensions: Vec<Dimension>,
    /// Which combinations of them are cells.
    pub breakdowns: Breakdowns,
    /// Which cells of time it has.
    pub times: Times,
    /// Whether each authority has cells, beside the regions.
    pub by_authority: bool,
    /// Whose contributions are counted.
    pub disclosure_unit: DisclosureUnit,
    /// How it is drawn: `line`, `bar`, `dumbbell`, `funnel`, `none`.
    pub chart: String,
    /// Words to select it by.
    pub tags: Vec<String>,
    /// What must be built before it.
    pub depends_on: Vec<IndicatorId>,
    /// Quarters after which a cohort is mature; younger ones are marked provisional.
    pub matures_after_quarters: Option<u8>,
    /// Its figures, at least one.
    pub measures: Vec<Measure>,
    /// The query, without its header.
    pub sql: String,
}

impl IndicatorDefinition {
    /// Whether it only passes on published statistics.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        self.measures.iter().all(|measure| measure.kind == Kind::Reference)
    }

    /// The measures whose rows are looked at one by one, since their figure is not a sum.
    #[must_use]
    pub fn measures_by_row(&self) -> Vec<String> {
        self.measures.iter().filter(|measure| measure.is_by_row()).map(|measure| measure.id.clone()).collect()
    }

    /// The position of one of its measures.
    #[must_use]
    pub fn find_measure_index(&self, id: &str) -> Option<usize> {
        self.measures.iter().position(|measure| measure.id == id)
    }

    /// Whether it is computed only for whoever names it: its tags hold `on-request`.
    #[must_use]
    pub fn is_on_request(&self) -> bool {
        self.tags.iter().any(|tag| tag == "on-request")
    }

    /// One of its measures.
    #[must_use]
    pub fn find_measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    /// Reads one file.
    ///
    /// # Errors
    /// Every problem of the header, at once.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let query = QueryFile::split(file, text).map_err(|problem| vec![problem])?;
        Self::from_query(query)
    }

    fn from_query(query: QueryFile) -> Result<Self, Vec<Problem>> {
        let mut header = Header::parse(&query.file, &query.header).map_err(|problem| vec![problem])?;
        let id = header.parsed("id", |text| IndicatorId::new(text));
        let title = header.text("title");
        let short = header.text("short");
        let formula = header.text("formula");
        let source = header.text("source");
        let caveats = header.optional_text("caveats");
        let parameters = header.optional_lines("parameters");
        let actions = header.numbers("actions", 1, 4);
        let direction = header.word("direction");
        let dated_by = header.line("dated_by");
        let area_key = header.line("area_key");
        let population = header.line("population");
        let dimensions = header.dimensions("dimensions");
        let breakdowns = header.choice(
            "breakdowns",
            "crossed",
            &[("crossed", Breakdowns::Crossed), ("one_way", Breakdowns::OneWay)],
        );
        let times = [("both", Times::Both), ("to_date", Times::ToDate), ("quarter", Times::Quarter)];
        let times = header.choice("times", "both", &times);
        let by_authority = header.flag("by_authority", None);
        let units = [("enterprise_group", DisclosureUnit::EnterpriseGroup), ("none", DisclosureUnit::None)];
        let disclosure_unit = header.choice("disclosure_unit", "", &units);
        let charts = ["line", "bar", "dumbbell", "funnel", "table", "none"];
        let chart = header.choice("chart", "", &charts.map(|name| (name, name.to_owned())));
        let tags = header.lines("tags");
        let depends_on = header.ids("depends_on");
        let matures_after_quarters = header.optional_number("matures_after_quarters", 40);
        let measures = header.measures("measures");
        header.refuse_unknown_keys();
        if let (Some(measures), Some(unit)) = (&measures, disclosure_unit) {
            check_kinds(&mut header, measures, unit);
        }
        if let Some(id) = &id {
            check_name(&mut header, &query.file, id);
        }
        check_sql(&mut header, &query.sql);
        let problems = header.into_problems();
        let assembled = (|| {
            Some(Self {
                id: id?,
                title: title?,
                short: short?,
                formula: formula?,
                source: source?,
                caveats,
                parameters: parameters?,
                actions: actions?,
                direction: direction?,
                dated_by: dated_by?,
                area_key: area_key?,
                population: population?,
                dimensions: dimensions?,
                breakdowns: breakdowns?,
                times: times?,
                by_authority: by_authority?,
                disclosure_unit: disclosure_unit?,
                chart: chart?,
                tags: tags?,
                depends_on: depends_on?,
                matures_after_quarters: matures_after_quarters.and_then(|n| u8::try_from(n).ok()),
                measures: measures?,
                file: query.file,
                sql: query.sql,
            })
        })();
        match assembled {
            Some(definition) if problems.is_empty() => Ok(definition),
            _ => Err(problems),
        }
    }
}

/// Reads every `*.sql` of a folder of indicators.
///
/// # Errors
/// Every problem of every file, at once.
pub fn load_indicators(dir: &Path) -> Result<BTreeMap<IndicatorId, IndicatorDefinition>, DefinitionsError> {
    let (files, mut problems) = load_query_files(dir);
    let mut found: BTreeMap<IndicatorId, IndicatorDefinition> = BTreeMap::new();
    for file in files {
        match IndicatorDefinition::from_query(file) {
            Ok(definition) => {
                if let Some(other) = found.get(&definition.id) {
                    problems.push(Problem {
                        file: definition.file.clone(),
                        at: "id".to_owned(),
                        what: format!("`{}` is the id of {} too", definition.id, other.file),
                        hint: "give each indicator its own id".to_owned(),
                    });
                }
                found.entry(definition.id.clone()).or_insert(definition);
            }
            Err(more) => problems.extend(more),
        }
    }
    for definition in found.values() {
        for missing in definition.depends_on.iter().filter(|id| !found.contains_key(*id)) {
            problems.push(Problem {
                file: definition.file.clone(),
                at: "depends_on".to_owned(),
                what: format!("there is no indicator `{missing}`"),
                hint: "name an indicator that has a file here".to_owned(),
            });
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(DefinitionsError::Broken(problems)) }
}

fn check_kinds(header: &mut Header, measures: &[Measure], unit: DisclosureUnit) {
    let reference = measures.iter().filter(|measure| measure.kind == Kind::Reference).count();
    if reference > 0 && reference < measures.len() {
        header.problem("measures", "reference figures and programme figures do not mix", "make two indicators of them");
    }
    if (reference > 0) != (unit == DisclosureUnit::None) {
        let hint = "`none` belongs to reference figures, `enterprise_group` to all others";
        header.problem("disclosure_unit", "does not fit the kinds of the measures", hint);
    }
    for measure in measures {
        if measure.years.is_some() && measure.kind != Kind::Growth {
            let at = format!("measures.{}.years", measure.id);
            header.problem(&at, "only a growth has years between before and after", "remove it");
        }
        if measure.interval && measure.kind != Kind::Mean {
            let at = format!("measures.{}.interval", measure.id);
            header.problem(&at, "only a mean is asked for its interval; an estimate always has one", "remove it");
        }
    }
}

fn check_name(header: &mut Header, file: &str, id: &IndicatorId) {
    let stem = file.rsplit('/').next().unwrap_or(file);
    let expected = format!("{}_", id.as_str().to_ascii_lowercase());
    if !stem.starts_with(&expected) {
        header.problem(
            "id",
            &format!("`{id}` does not fit the name of the file"),
            &format!("start the name with {expected}"),
        );
    }
}

fn check_sql(header: &mut Header, sql: &str) {
    let upper = sql.to_ascii_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    if words.is_empty() {
        header.problem("query", "there is none", "write one SELECT after the header");
        return;
    }
    if words.windows(2).any(|pair| pair[0] == "SELECT" && pair[1].starts_with('*')) {
        header.problem("query", "SELECT * hides which columns are used", "name the columns");
    }
    if !words.windows(2).any(|pair| pair == ["ORDER", "BY"]) {
        header.problem("query", "the rows have no order", "end it with ORDER BY");
    }
}
