//! A whole pack from invented figures: the shapes of a real quarter, in both languages, twice.
//!
//! `MESUR_LOOK=DIR cargo test --lib pack::tests` writes the artefacts there for a person to look at.

mod example;

use std::collections::BTreeMap;

use example::Example;

use super::{PackError, render_pack};
use crate::model::Language;

#[test]
fn the_same_input_gives_the_same_bytes() {
    let example = Example::whole();
    let first = render_pack(&example.input()).expect("the example renders");
    let second = render_pack(&example.input()).expect("the example renders again");
    for (a, b) in first.artefacts.iter().chain([&first.manifest]).zip(second.artefacts.iter().chain([&second.manifest]))
    {
        assert!(a == b, "{} differs", a.file_name);
    }
    assert_eq!(first.mail_cy_first, second.mail_cy_first);
    example::write_for_a_person(&first);
}

#[test]
fn artefacts_are_named_by_quarter_and_language() {
    let example = Example::whole();
    let pack = render_pack(&example.input()).expect("the example renders");
    let names: Vec<&str> = pack.artefacts.iter().map(|artefact| artefact.file_name.as_str()).collect();
    assert_eq!(
        names,
        [
            "manumix-ch3-2020-21-cy.pdf",
            "manumix-ch3-2020-21-cy.ods",
            "manumix-q3-2020-21-en.pdf",
            "manumix-q3-2020-21-en.ods",
            "manumix-2020-21-q3.csv",
        ]
    );
    assert_eq!(
        pack.mail(Language::En).subject,
        "Monitro Manumix: Ch3 2020-21 (dros dro) / Manumix monitoring: Q3 2020-21 (provisional)"
    );
}

#[test]
fn every_label_of_every_chart_fits_and_has_its_glyphs() {
    let example = Example::whole();
    let input = example.input();
    let figures = super::figures::Figures::new(&input);
    for language in Language::BOTH {
        let messages = super::messages::Messages::load(language);
        let writer = super::sections::Writer { input: &input, figures: &figures, messages: &messages, language };
        let document = super::sections::write_document(&writer).expect("the sections exist");
        let faults: Vec<&String> = document.drawings().flat_map(|drawing| &drawing.faults).collect();
        assert_eq!(faults, Vec::<&String>::new(), "{language}");
        assert_eq!(document.drawings().count(), 13, "five charts and eight sparklines");
    }
}

#[test]
fn titles_are_short_and_sentences_fit_two_lines() {
    let example = Example::whole();
    let input = example.input();
    let figures = super::figures::Figures::new(&input);
    for language in Language::BOTH {
        let messages = super::messages::Messages::load(language);
        let writer = super::sections::Writer { input: &input, figures: &figures, messages: &messages, language };
        let document = super::sections::write_document(&writer).expect("the sections exist");
        let wrap = |text: &str, size, weight, width| super::fonts::wrap(text, size, weight, width).len();
        let semibold = super::fonts::Weight::Semibold;
        for section in &document.sections {
            let title = super::pdf_data::keep_last_words(&section.title, 3);
            assert!(wrap(&title, 21.0, semibold, 447.9) <= 2, "{title}");
        }
        for headline in document.headlines() {
            assert!(wrap(&headline.name, 11.0, semibold, 181.4) <= 2, "{}", headline.name);
            let sentence = super::pdf_data::keep_last_words(&headline.sentence, 2);
            assert!(wrap(&sentence, 9.8, super::fonts::Weight::Regular, 181.4) <= 2, "{sentence}");
        }
    }
}

#[test]
fn both_languages_fill_the_same_pages() {
    let example = Example::whole();
    let pack = render_pack(&example.input()).expect("the example renders");
    let mail = &pack.mail_cy_first.text;
    assert!(mail.contains("PDF, 14 tudalen"), "{mail}");
    assert!(mail.contains("PDF, 14 pages"), "{mail}");
}

#[test]
fn a_pack_without_any_figure_says_so() {
    let example = Example::empty();
    let pack = render_pack(&example.input()).expect("nothing to show is no error");
    assert!(pack.mail_cy_first.text.contains("Yr hyn y mae’r rhaglen wedi’i gyflawni hyd yma"));
}

#[test]
fn an_unknown_section_is_a_usage_error() {
    let example = Example::empty();
    let sections = ["cover".to_owned(), "results".to_owned()];
    let input = super::PackInput { sections: &sections, ..example.input() };
    let error = render_pack(&input).expect_err("there is no such section");
    assert!(matches!(&error, PackError::UnknownSection { name, .. } if name == "results"));
    assert_eq!(error.class().exit_code(), 2);
}

#[test]
fn text_from_outside_is_never_markup() {
    let mut example = Example::whole();
    let nasty = "#panic(\"x\") <b>&amp; $x$ *a* [c] @y \\ ' \" {{ z }}";
    for area in &mut example.areas {
        area.name.en = nasty.to_owned();
    }
    let pack = render_pack(&example.input()).expect("text is only text");
    assert!(!pack.mail_cy_first.html.contains("<b>"));
}

#[test]
fn a_confidential_figure_is_a_mark_everywhere() {
    let example = Example::whole();
    let pack = render_pack(&example.input()).expect("the example renders");
    let csv = pack.artefacts.iter().find(|artefact| artefact.media_type == "text/csv").expect("there is one");
    let text = std::str::from_utf8(&csv.bytes).expect("UTF-8");
    let hidden: Vec<&str> = text.lines().filter(|line| line.contains("[c]")).collect();
    assert!(!hidden.is_empty());
    assert!(hidden.iter().all(|line| line.contains(",,[c],")), "no value stands beside the mark");
}

#[test]
fn the_manifest_lists_each_file_with_its_hash() {
    let example = Example::whole();
    let pack = render_pack(&example.input()).expect("the example renders");
    let manifest: serde_json::Value = serde_json::from_slice(&pack.manifest.bytes).expect("JSON");
    assert_eq!(manifest["format_version"], 1);
    let listed: BTreeMap<String, u64> = manifest["artefacts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| (file["file_name"].as_str().unwrap_or("").to_owned(), file["size_bytes"].as_u64().unwrap_or(0)))
        .collect();
    let made: BTreeMap<String, u64> = pack
        .artefacts
        .iter()
        .map(|artefact| (artefact.file_name.clone(), u64::try_from(artefact.bytes.len()).unwrap_or(0)))
        .collect();
    assert_eq!(listed, made);
}
