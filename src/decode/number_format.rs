//! What the number format of a workbook's cell makes of the number in it, as far as its text depends on that. Whether a
//! number is a day at all is the reader's to say.

/// What a number is shown as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum NumberFormat {
    /// As it is.
    #[default]
    Plain,
    /// Times a hundred, with a per cent sign.
    Percent,
    /// As a time of day, without its day.
    Clock,
}

impl NumberFormat {
    /// Reads a format code such as `0.0%` or `[Red]hh:mm;@`: its first section, without texts in quotes, escaped
    /// characters and what stands in brackets (ECMA-376 part 1, 18.8.31).
    pub(super) fn of_code(code: &str) -> Self {
        let signs = signs_of(code);
        if signs.contains('%') {
            return Self::Percent;
        }
        let has = |wanted: &[char]| signs.contains(wanted);
        // Without hours and seconds `m` is a month.
        if has(&['h', 's']) && !has(&['y', 'd', 'e', 'g']) { Self::Clock } else { Self::Plain }
    }
}

/// The signs of the first section that mean something, in lower case.
fn signs_of(code: &str) -> String {
    let (mut signs, mut chars) = (String::new(), code.chars());
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            // The next character is a letter, a width, or what fills the cell.
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => while !matches!(chars.next(), None | Some('"')) {},
            '[' => while !matches!(chars.next(), None | Some(']')) {},
            c => signs.push(c.to_ascii_lowercase()),
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::NumberFormat::{self, Clock, Percent, Plain};

    #[test]
    fn only_signs_outside_texts_count() {
        for (code, format) in [
            ("General", Plain),
            ("0%", Percent),
            ("0.00%;[Red]-0.00%", Percent),
            ("[Blue]0.0 %", Percent),
            ("0\"%\"", Plain),
            ("0\\%", Plain),
            ("0;0%", Plain),
            ("yyyy-mm-dd", Plain),
            ("dd/mm/yyyy hh:mm", Plain),
            ("h:mm AM/PM", Clock),
            ("mm:ss", Clock),
            ("mmm-yy", Plain),
            ("\"h\"0", Plain),
        ] {
            assert_eq!(NumberFormat::of_code(code), format, "{code}");
        }
    }
}
