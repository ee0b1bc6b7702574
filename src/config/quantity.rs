//! Sizes in bytes as people write them: `512 MiB`. Binary units only, so that nobody has to guess.

const UNITS: [(&str, u64); 5] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Parses a size such as `512 MiB`, `64KiB` or `100 B`: a whole number and a unit.
///
/// # Errors
/// A sentence that says what is wrong, for a text without a known unit, without a whole number, or beyond 64 bits.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = text[digits..].trim_start();
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let (Ok(number), Some(factor)) = (text[..digits].parse::<u64>(), factor) else {
        return Err(format!("`{text}` is not a size such as \"512 MiB\" (units: B, KiB, MiB, GiB, TiB)"));
    };
    number.checked_mul(factor).ok_or_else(|| format!("`{text}` is too large"))
}

/// Writes a size in the largest unit that divides it: `768 MiB`.
#[must_use]
pub fn format_bytes(bytes: u64) -> String {
    let (unit, factor) =
        UNITS.into_iter().find(|(_, factor)| bytes >= *factor && bytes.is_multiple_of(*factor)).unwrap_or(("B", 1));
    format!("{} {unit}", bytes / factor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{format_bytes, parse_bytes};

    #[test]
    fn sizes_are_read_in_binary_units() {
        for (text, bytes) in [("512 MiB", 536_870_912), ("64KiB", 65_536), (" 7 B ", 7), ("2  GiB", 2_147_483_648)] {
            assert_eq!(parse_bytes(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in ["", "512", "512 MB", "-1 MiB", "1.5 GiB", "MiB", "1 mib", "99999999999 TiB", "9é B"] {
            assert!(parse_bytes(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(bytes in any::<u64>()) {
            assert_eq!(parse_bytes(&format_bytes(bytes)), Ok(bytes));
        }

        #[test]
        fn no_text_breaks_the_parser(text in ".*") {
            let _ = parse_bytes(&text);
        }
    }
}
