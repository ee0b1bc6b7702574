//! Which sheets of a workbook a layout reads, and what is true of each. Opens no workbook.

use std::collections::BTreeMap;
use std::fmt;

use regex::Regex;

/// One sheet of a workbook, or several of one form, with what is true of the whole sheet.
#[derive(Clone, Debug)]
pub struct SheetPick {
    /// Which.
    pub sheet: SheetAt,
    /// Texts that must stand in or above the header, so that a renamed or swapped sheet is noticed.
    pub expect: Vec<String>,
    /// Values of every row of the sheet.
    pub constants: BTreeMap<String, String>,
}

/// Which sheet.
#[derive(Clone, Debug)]
pub enum SheetAt {
    /// The one of this name.
    Name(String),
    /// The one at this position, from 1.
    Position(usize),
    /// All whose whole name matches and that no other entry names. Named groups are fields.
    Pattern(Regex),
}

impl fmt::Display for SheetAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "`{name}`"),
            Self::Position(position) => write!(f, "at position {position}"),
            Self::Pattern(pattern) => write!(f, "like `{}`", shown_pattern(pattern)),
        }
    }
}

/// What is true of one sheet that is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenSheet {
    /// Texts that must stand in or above the header.
    pub expect: Vec<String>,
    /// Values of every row.
    pub constants: BTreeMap<String, String>,
}

/// The names of the sheets to read, of all that a workbook has, in the order of the layout's entries.
///
/// # Errors
/// The entry that fits no sheet.
pub fn choose_sheets<'a>(picks: &'a [SheetPick], all: &[String]) -> Result<Vec<String>, &'a SheetAt> {
    let mut chosen = Vec::new();
    for pick in picks {
        let before = chosen.len();
        match &pick.sheet {
            SheetAt::Name(name) => chosen.extend(all.iter().find(|sheet| sheet.trim() == name).cloned()),
            SheetAt::Position(position) => chosen.extend(all.get(position.saturating_sub(1)).cloned()),
            SheetAt::Pattern(pattern) => {
                chosen.extend(all.iter().filter(|sheet| is_like(picks, pattern, sheet)).cloned());
            }
        }
        if chosen.len() == before {
            return Err(&pick.sheet);
        }
    }
    Ok(chosen)
}

/// What is true of each of the sheets that [`choose_sheets`] chose.
#[must_use]
pub fn describe_sheets(picks: &[SheetPick], chosen: &[String]) -> Vec<ChosenSheet> {
    let mut rest = chosen.iter().peekable();
    let mut described = Vec::new();
    for pick in picks {
        let plain = ChosenSheet { expect: pick.expect.clone(), constants: pick.constants.clone() };
        let SheetAt::Pattern(pattern) = &pick.sheet else {
            described.extend(rest.next().map(|_| plain));
            continue;
        };
        while let Some(sheet) = rest.next_if(|sheet| is_like(picks, pattern, sheet)) {
            let mut own = plain.clone();
            own.constants.extend(named_groups(pattern, sheet.trim()));
            described.push(own);
        }
    }
    described
}

fn is_like(picks: &[SheetPick], pattern: &Regex, sheet: &str) -> bool {
    let named = picks.iter().any(|pick| matches!(&pick.sheet, SheetAt::Name(name) if name == sheet.trim()));
    !named && pattern.is_match(sheet.trim())
}

/// What the named groups of a pattern hold in a text.
#[must_use]
pub fn named_groups(pattern: &Regex, text: &str) -> Vec<(String, String)> {
    let Some(captures) = pattern.captures(text) else { return Vec::new() };
    let held = |name: &str| captures.name(name).map(|group| group.as_str().trim().to_owned()).unwrap_or_default();
    pattern.capture_names().flatten().map(|name| (name.to_owned(), held(name))).collect()
}

/// A pattern as its author wrote it.
#[must_use]
pub fn shown_pattern(pattern: &Regex) -> &str {
    let text = pattern.as_str();
    text.strip_prefix("^(?:").and_then(|text| text.strip_suffix(")$")).unwrap_or(text)
}
