//! The page of indicators is that of the headers, and an explanation says everything in either language.

use std::path::Path;

use jiff::tz::TimeZone;

use super::Definitions;
use crate::config::IndicatorSettings;
use crate::model::{IndicatorId, Language};

fn definitions() -> Definitions {
    Definitions::load(Path::new(env!("CARGO_MANIFEST_DIR")), &TimeZone::UTC).expect("they load")
}

#[test]
fn the_catalogue_page_lists_exactly_the_indicators_there_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/indicators.md");
    let rendered = definitions().render_catalogue();
    #[expect(clippy::disallowed_methods, reason = "a switch for whoever runs the tests, not a setting")]
    let rewrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    if rewrite {
        std::fs::write(&path, rendered).expect("the page is ours");
        return;
    }
    let written = std::fs::read_to_string(&path).expect("the page is there");
    assert_eq!(written, rendered, "run the tests once with UPDATE_GOLDEN=1 and review the difference");
}

#[test]
fn an_indicator_is_explained_in_either_language() {
    let definitions = definitions();
    let indicator = &definitions.indicators[&IndicatorId::new("M02").expect("an id")];
    let settings = IndicatorSettings::defaults();
    let labels = |language| -> Vec<String> {
        let text = definitions.explain(indicator, language, &settings);
        let lines = text.lines().skip(2).filter(|line| !line.starts_with(' '));
        lines.map(|line| line.chars().take(16).collect::<String>().trim_end().to_owned()).collect()
    };
    assert_eq!(
        labels(Language::En),
        [
            "Formula",
            "Counted",
            "Source",
            "Measure",
            "Measure",
            "Direction",
            "Dated by",
            "Area by",
            "Broken down by",
            "Protected",
            "Actions",
            "Inputs",
            "Built after",
            "Parameters",
            "Query"
        ]
    );
    assert_eq!(
        labels(Language::Cy),
        [
            "Fformiwla",
            "Cyfrifir",
            "Ffynhonnell",
            "Mesur",
            "Mesur",
            "Cyfeiriad",
            "Dyddiad",
            "Ardal",
            "Dadansoddir",
            "Diogelir",
            "Camau",
            "Mewnbynnau",
            "Adeiledir ar ôl",
            "Paramedrau",
            "Ymholiad"
        ]
    );
    let english = definitions.explain(indicator, Language::En, &settings);
    assert!(english.starts_with(&format!("M02  {}\n", indicator.title.en)), "{english}");
    assert!(english.contains("diagnostic_scores") && english.contains("$period_end"), "{english}");
    assert!(english.lines().all(|line| line.chars().count() <= 100), "{english}");
}
