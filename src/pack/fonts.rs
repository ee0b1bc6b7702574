//! The four faces of Source Sans Pro, unmodified, inside the binary, and the width of a text set in them.
//!
//! System fonts are never looked at: a pack looks the same on every machine.

use std::sync::LazyLock;

use ttf_parser::Face;

static REGULAR: &[u8] = include_bytes!("fonts/SourceSansPro-Regular.ttf");
static SEMIBOLD: &[u8] = include_bytes!("fonts/SourceSansPro-Semibold.ttf");
static BOLD: &[u8] = include_bytes!("fonts/SourceSansPro-Bold.ttf");
static ITALIC: &[u8] = include_bytes!("fonts/SourceSansPro-It.ttf");

/// All faces, in a fixed order.
pub(super) static FACES: [&[u8]; 4] = [REGULAR, SEMIBOLD, BOLD, ITALIC];

/// The name of the family.
pub(super) const FAMILY: &str = "Source Sans Pro";

/// The weights used in charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// 400.
    Regular,
    /// 600.
    Semibold,
}

static REGULAR_FACE: LazyLock<Face<'static>> =
    LazyLock::new(|| Face::parse(REGULAR, 0).expect("the font in the binary is whole, a test reads it"));
static SEMIBOLD_FACE: LazyLock<Face<'static>> =
    LazyLock::new(|| Face::parse(SEMIBOLD, 0).expect("the font in the binary is whole, a test reads it"));

fn face(weight: Weight) -> &'static Face<'static> {
    match weight {
        Weight::Regular => &REGULAR_FACE,
        Weight::Semibold => &SEMIBOLD_FACE,
    }
}

/// The width of a text in points, without kerning. A missing glyph counts as an em.
pub(super) fn text_width(text: &str, size: f64, weight: Weight) -> f64 {
    let face = face(weight);
    let units = f64::from(face.units_per_em());
    let sum: f64 = text
        .chars()
        .map(|character| {
            face.glyph_index(character).and_then(|glyph| face.glyph_hor_advance(glyph)).map_or(units, f64::from)
        })
        .sum();
    sum * size / units
}

/// Breaks a text at spaces into lines no wider than `width`.
pub(super) fn wrap(text: &str, size: f64, weight: Weight, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size, weight) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The characters of a text that a face lacks.
#[cfg(test)]
pub(super) fn missing_glyphs(text: &str, weight: Weight) -> Vec<char> {
    text.chars().filter(|character| face(weight).glyph_index(*character).is_none()).collect()
}

#[cfg(test)]
mod tests {
    use super::{FACES, Weight, missing_glyphs, text_width, wrap};

    #[test]
    fn every_face_has_welsh_letters_and_our_signs() {
        for bytes in FACES {
            let face = ttf_parser::Face::parse(bytes, 0).expect("a whole font");
            for character in "ŵŷŴŶâêîôûÂÊÎÔÛïëöäáéíóúà−×→£€’–·".chars() {
                assert!(face.glyph_index(character).is_some(), "{character}");
            }
        }
        assert_eq!(missing_glyphs("●○", Weight::Regular).len(), 2, "these are drawn, never typed");
    }

    #[test]
    fn figures_have_equal_widths() {
        let widths: Vec<f64> =
            "0123456789".chars().map(|c| text_width(&c.to_string(), 10.0, Weight::Regular)).collect();
        assert!(widths.iter().all(|width| (width - widths[0]).abs() < 1e-9));
    }

    #[test]
    fn lines_break_at_spaces() {
        let lines = wrap("Supply chain integration information & value system mapping", 9.4, Weight::Regular, 164.0);
        assert_eq!(lines.len(), 2);
    }
}
