//! The pack's words: one Fluent file a language, inside the binary.
//!
//! A sentence with a number is one message with the number's place in it, never glued from parts: Welsh changes the
//! first letters of words by what stands before them. A message that is missing anywhere fails the pack, and all that
//! are missing are named at once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::langid;

use super::error::PackError;
use crate::model::Language;

const CY: &str = include_str!("messages/cy.ftl");
const EN: &str = include_str!("messages/en.ftl");

const fn source(language: Language) -> &'static str {
    match language {
        Language::Cy => CY,
        Language::En => EN,
    }
}

/// What is put into a message.
pub(super) enum Arg<'a> {
    /// A text, such as a number already written.
    Text(&'a str),
    /// A number that only selects the form of the words.
    Count(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg<'_> {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

/// The messages of one language. Remembers what it was asked for and could not say.
pub(super) struct Messages {
    bundle: FluentBundle<FluentResource>,
    language: Language,
    problems: RefCell<BTreeSet<String>>,
}

impl Messages {
    /// Reads the file in the binary.
    pub(super) fn load(language: Language) -> Self {
        let mut problems = BTreeSet::new();
        let resource = FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(resource, errors)| {
            problems.extend(errors.iter().map(|error| format!("{language}.ftl: {error}")));
            resource
        });
        let id = match language {
            Language::Cy => langid!("cy"),
            Language::En => langid!("en-GB"),
        };
        let mut bundle = FluentBundle::new(vec![id]);
        bundle.set_use_isolating(false);
        if let Err(errors) = bundle.add_resource(resource) {
            problems.extend(errors.iter().map(|error| format!("{language}.ftl: {error}")));
        }
        Self { bundle, language, problems: RefCell::new(problems) }
    }

    /// A message with its places filled. What goes wrong is remembered and reported by [`Messages::check`].
    pub(super) fn say(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            self.problems.borrow_mut().insert(format!("{}.ftl has no `{id}`", self.language));
            return String::new();
        };
        let mut values = FluentArgs::new();
        for (name, value) in args {
            match value {
                Arg::Text(text) => values.set(*name, FluentValue::from(*text)),
                Arg::Count(count) => values.set(*name, *count),
            }
        }
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        let mut problems = self.problems.borrow_mut();
        problems.extend(errors.iter().map(|error| format!("{}.ftl `{id}`: {error}", self.language)));
        text
    }

    /// A message without places.
    pub(super) fn plain(&self, id: &str) -> String {
        self.say(id, &[])
    }

    /// Fails if anything was missing so far, naming it all.
    pub(super) fn check(&self) -> Result<(), PackError> {
        let problems: Vec<String> = self.problems.borrow().iter().cloned().collect();
        if problems.is_empty() { Ok(()) } else { Err(PackError::Messages { problems }) }
    }
}

/// How many messages there are, and how many nobody has reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize)]
pub struct MessageStatus {
    /// All messages of the language.
    pub total: usize,
    /// Those under a group comment `## draft`.
    pub draft: usize,
}

/// What is known of a message without formatting it: its draft status and the places it has.
struct Entry {
    draft: bool,
    places: BTreeSet<String>,
}

/// Reads ids, places and group comments. Group comments hold until the next; everything before the first is reviewed.
fn entries(text: &str) -> BTreeMap<String, Entry> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    let mut draft = false;
    let mut current: Option<String> = None;
    for line in text.lines() {
        if let Some(group) = line.strip_prefix("## ") {
            draft = group.trim_start().starts_with("draft");
        } else if line.starts_with(|c: char| c.is_ascii_lowercase())
            && let Some((id, _)) = line.split_once(" =")
        {
            entries.insert(id.to_owned(), Entry { draft, places: BTreeSet::new() });
            current = Some(id.to_owned());
        }
        if let Some(entry) = current.as_ref().and_then(|id| entries.get_mut(id)) {
            entry.places.extend(places(line));
        }
    }
    entries
}

fn places(line: &str) -> impl Iterator<Item = String> + '_ {
    line.match_indices('$').map(|(at, _)| {
        line[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
    })
}

/// Checks that both languages have the same messages with the same places, and says how many are drafts.
///
/// # Errors
/// All problems at once: what cannot be parsed, what one language lacks, where the places differ.
pub fn check_messages() -> Result<BTreeMap<Language, MessageStatus>, PackError> {
    let mut problems = Vec::new();
    for language in Language::BOTH {
        problems.extend(Messages::load(language).problems.into_inner());
    }
    let (cy, en) = (entries(CY), entries(EN));
    for id in cy.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
        match (cy.get(id), en.get(id)) {
            (Some(_), None) => problems.push(format!("en.ftl has no `{id}`")),
            (None, Some(_)) => problems.push(format!("cy.ftl has no `{id}`")),
            (Some(a), Some(b)) if a.places != b.places => {
                problems.push(format!("`{id}` has different places in cy.ftl and en.ftl"));
            }
            _ => {}
        }
    }
    if !problems.is_empty() {
        return Err(PackError::Messages { problems });
    }
    let status = |entries: &BTreeMap<String, Entry>| MessageStatus {
        total: entries.len(),
        draft: entries.values().filter(|entry| entry.draft).count(),
    };
    Ok(BTreeMap::from([(Language::Cy, status(&cy)), (Language::En, status(&en))]))
}

#[cfg(test)]
mod tests {
    use super::{Messages, check_messages};
    use crate::model::{Language, Unit};

    #[test]
    fn both_languages_say_the_same_things() {
        let status = check_messages().expect("the files agree");
        assert_eq!(status[&Language::Cy].total, status[&Language::En].total);
        assert_eq!(status[&Language::Cy].draft, status[&Language::Cy].total, "no Welsh has been reviewed yet");
        assert_eq!(status[&Language::En].draft, 0);
    }

    #[test]
    fn every_unit_has_a_name_in_both_languages() {
        for language in Language::BOTH {
            let messages = Messages::load(language);
            for unit in Unit::ALL {
                let id = format!("unit-{}", unit.code().replace('_', "-"));
                assert_ne!(messages.say(&id, &[("count", 2.into())]), "", "{id}");
            }
            messages.check().expect("nothing is missing");
        }
    }

    #[test]
    fn what_is_missing_is_named_at_the_end() {
        let messages = Messages::load(Language::Cy);
        assert_eq!(messages.plain("no-such-message"), "");
        let error = messages.check().expect_err("something is missing");
        assert_eq!(error.to_string(), "use the pack's messages: cy.ftl has no `no-such-message`");
    }
}
