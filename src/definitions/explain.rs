//! What an indicator is, as text for people: `mesur explain`, and the page `docs/indicators.md` of all of them. Says what
//! headers and queries say; reads no data.

use std::fmt::Write as _;

use super::indicator::{Breakdowns, DisclosureUnit, Times};
use super::{Definitions, IndicatorDefinition, Measure, Query};
use crate::config::IndicatorSettings;
use crate::model::{Direction, Language};

/// Columns of a label, so that what follows lines up.
const LABEL: usize = 16;
/// Where a line is broken.
const WIDTH: usize = 100;

/// What stands above the table of all indicators.
const CATALOGUE_HEAD: &str = "\
# Indicators

Written from the headers of `queries/indicators/` by a test (`src/definitions/explain_tests.rs`); `mesur explain ID`
says the same of one indicator, in either language, with the values of its parameters.

| id | indicator | Cymraeg | unit |
|---|---|---|---|
";

/// A label or a word in both languages.
type Words = (&'static str, &'static str);

const fn word(words: Words, language: Language) -> &'static str {
    match language {
        Language::En => words.0,
        Language::Cy => words.1,
    }
}

impl Definitions {
    /// An indicator in words: definition, formula, source, inputs, parameters with their values, caveats.
    #[must_use]
    pub fn explain(&self, indicator: &IndicatorDefinition, language: Language, settings: &IndicatorSettings) -> String {
        let mut text = format!("{}  {}\n\n", indicator.id, indicator.title.get(language));
        for (label, said) in self.lines(indicator, language, Some(settings)) {
            let label = format!("{:LABEL$}", word(label, language));
            let mut start = label.as_str();
            for line in wrapped(&said, WIDTH - LABEL) {
                // Writing to a text cannot fail.
                let _ = writeln!(text, "{start}{line}");
                start = "                ";
            }
        }
        text
    }

    /// The page of all indicators, in English with their Welsh names, in Markdown.
    #[must_use]
    pub fn render_catalogue(&self) -> String {
        let mut page = String::from(CATALOGUE_HEAD);
        for indicator in self.indicators.values() {
            let mut units: Vec<&str> = indicator.measures.iter().map(|measure| measure.unit.code()).collect();
            units.dedup();
            let (id, title) = (&indicator.id, &indicator.title);
            let anchor = id.as_str().to_ascii_lowercase();
            let _ = writeln!(page, "| [{id}](#{anchor}) | {} | {} | {} |", title.en, title.cy, units.join(", "));
        }
        for indicator in self.indicators.values() {
            let _ = write!(page, "\n## {}\n\n**{}** · *{}*\n\n", indicator.id, indicator.title.en, indicator.title.cy);
            for (label, said) in self.lines(indicator, Language::En, None) {
                let _ = writeln!(page, "- {}: {said}", label.0);
            }
        }
        page
    }

    /// Labels and what stands behind them, in order.
    fn lines(
        &self,
        indicator: &IndicatorDefinition,
        language: Language,
        settings: Option<&IndicatorSettings>,
    ) -> Vec<(Words, String)> {
        let say = |words| word(words, language).to_owned();
        let mut lines = vec![
            (("Formula", "Fformiwla"), indicator.formula.get(language).to_owned()),
            (("Counted", "Cyfrifir"), indicator.population.clone()),
            (("Source", "Ffynhonnell"), indicator.source.get(language).to_owned()),
        ];
        if let Some(caveats) = &indicator.caveats {
            lines.push((("Caveats", "Gofal"), caveats.get(language).to_owned()));
        }
        for measure in &indicator.measures {
            lines.push((("Measure", "Mesur"), measure_line(measure, language)));
        }
        lines.extend([
            (("Direction", "Cyfeiriad"), say(direction(indicator.direction))),
            (("Dated by", "Dyddiad"), indicator.dated_by.clone()),
            (("Area by", "Ardal"), indicator.area_key.clone()),
            (("Broken down by", "Dadansoddir"), breakdowns(indicator, language)),
            (("Protected", "Diogelir"), say(protected(indicator.disclosure_unit))),
            (("Actions", "Camau"), joined(indicator.actions.iter().map(ToString::to_string))),
            (("Inputs", "Mewnbynnau"), joined(self.inputs(indicator))),
        ]);
        if !indicator.depends_on.is_empty() {
            let needed = joined(indicator.depends_on.iter().map(ToString::to_string));
            lines.push((("Built after", "Adeiledir ar ôl"), needed));
        }
        lines.push((("Parameters", "Paramedrau"), parameters(indicator, settings)));
        lines.push((("Query", "Ymholiad"), indicator.file.clone()));
        lines
    }

    /// The datasets and views that the query reads, itself or through others.
    fn inputs(&self, indicator: &IndicatorDefinition) -> Vec<String> {
        self.read_by(Query::Indicator(indicator).name())
    }
}

/// What the query is bound to, and the thresholds that it or its header names, with their values where they are known.
fn parameters(indicator: &IndicatorDefinition, settings: Option<&IndicatorSettings>) -> String {
    let bound = ["$period_start", "$period_end", "$programme_start"];
    let mut named: Vec<String> =
        bound.into_iter().filter(|name| indicator.sql.contains(name)).map(str::to_owned).collect();
    let defaults = IndicatorSettings::defaults();
    let quoted = |name: &str| indicator.sql.contains(&format!("'{name}'"));
    let in_sql = defaults.iter().map(|(name, _)| name).filter(|name| quoted(name)).map(str::to_owned);
    let mut others: Vec<String> = indicator.parameters.iter().cloned().chain(in_sql).collect();
    others.sort();
    others.dedup();
    let value = |name: &str| settings.and_then(|settings| settings.find(name));
    named.extend(others.into_iter().map(|name| match value(&name) {
        Some(value) => format!("{name} = {}", value.normalize()),
        None => name,
    }));
    joined(named)
}

fn joined(texts: impl IntoIterator<Item = String>) -> String {
    let all: Vec<String> = texts.into_iter().collect();
    if all.is_empty() { "-".to_owned() } else { all.join(", ") }
}

fn measure_line(measure: &Measure, language: Language) -> String {
    let (kind, unit) = (measure.kind.code(), measure.unit.code());
    let interval = if measure.interval { word((", with an interval", ", gyda chyfwng"), language) } else { "" };
    let years = measure.years.map(|years| format!(", {years}")).unwrap_or_default();
    format!("{}: {} ({kind}, {unit}{years}{interval})", measure.id, measure.title.get(language))
}

const fn direction(direction: Direction) -> Words {
    match direction {
        Direction::Up => ("more is better", "gorau po fwyaf"),
        Direction::Down => ("less is better", "gorau po leiaf"),
        Direction::Context => ("context, neither is better", "cyd-destun, nid yw'r naill na'r llall yn well"),
    }
}

const fn protected(unit: DisclosureUnit) -> Words {
    match unit {
        DisclosureUnit::EnterpriseGroup => ("by enterprise group", "yn ôl grŵp menter"),
        DisclosureUnit::None => ("published statistics: nothing to protect", "ystadegau cyhoeddedig: dim i'w ddiogelu"),
    }
}

fn breakdowns(indicator: &IndicatorDefinition, language: Language) -> String {
    let mut names: Vec<String> = indicator.dimensions.iter().map(|dimension| dimension.name.clone()).collect();
    if indicator.by_authority {
        names.push(word(("local authority", "awdurdod lleol"), language).to_owned());
    }
    let crossed = indicator.breakdowns == Breakdowns::Crossed && names.len() > 1;
    let how = if crossed { word((" (crossed)", " (wedi'u croesi)"), language) } else { "" };
    let times = match indicator.times {
        Times::Both => ("; quarters and to date", "; chwarteri a hyd yma"),
        Times::ToDate => ("; to date only", "; hyd yma yn unig"),
        Times::Quarter => ("; quarters only", "; chwarteri yn unig"),
    };
    let times = if indicator.is_reference() { "" } else { word(times, language) };
    format!("{}{how}{times}", joined(names))
}

/// Lines of at most so many characters, broken at spaces.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + part.chars().count() > width {
            lines.push(part.to_owned());
        } else {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(part);
        }
    }
    lines
}
