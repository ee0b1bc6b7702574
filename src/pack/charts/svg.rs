//! A small writer of SVG: lines, marks, text. It measures its labels and remembers those that do not fit.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::colour;
use crate::pack::document::Drawing;
use crate::pack::fonts::{FAMILY, Weight, text_width};

/// A picture in work.
pub(super) struct Svg {
    width: f64,
    body: String,
    faults: Vec<String>,
    boxes: Vec<LabelBox>,
    lowest: f64,
}

/// The space a label takes: left, right, top, bottom.
struct LabelBox {
    text: String,
    sides: [f64; 4],
}

impl LabelBox {
    fn overlaps(&self, other: &Self) -> bool {
        let ([l, r, t, b], [left, right, top, bottom]) = (self.sides, other.sides);
        l < right && left < r && t < bottom && top < b
    }
}

/// Where a label's x is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// At its start.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

/// How a label looks.
#[derive(Clone, Copy)]
pub(super) struct Face {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) fill: &'static str,
}

/// How a line looks; `dash` is an SVG dash list or empty.
#[derive(Clone, Copy)]
pub(super) struct Stroke {
    pub(super) colour: &'static str,
    pub(super) width: f64,
    pub(super) dash: &'static str,
}

/// A solid line.
pub(super) const fn solid(colour: &'static str, width: f64) -> Stroke {
    Stroke { colour, width, dash: "" }
}

/// A chart label in regular.
pub(super) const fn regular(size: f64, fill: &'static str) -> Face {
    Face { size, weight: Weight::Regular, fill }
}

/// A chart label in semibold.
pub(super) const fn semibold(size: f64, fill: &'static str) -> Face {
    Face { size, weight: Weight::Semibold, fill }
}

/// A decimal as a position; what is too large for one has none.
pub(in crate::pack) fn to_float(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}

fn n(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

impl Svg {
    pub(super) const fn new(width: f64) -> Self {
        Self { width, body: String::new(), faults: Vec::new(), boxes: Vec::new(), lowest: 0.0 }
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        let dash = dash(stroke);
        let _ = writeln!(
            self.body,
            r#"<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{dash}/>"#,
            n(from.0),
            n(from.1),
            n(to.0),
            n(to.1),
            stroke.colour,
            n(stroke.width)
        );
    }

    pub(super) fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        if points.len() < 2 {
            return;
        }
        let list: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", n(*x), n(*y))).collect();
        let dash = dash(stroke);
        let _ = writeln!(
            self.body,
            r#"<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"{dash}/>"#,
            list.join(" "),
            stroke.colour,
            n(stroke.width)
        );
    }

    pub(super) fn disc(&mut self, at: (f64, f64), radius: f64, fill: &str) {
        let _ = writeln!(self.body, r#"<circle cx="{}" cy="{}" r="{}" fill="{fill}"/>"#, n(at.0), n(at.1), n(radius));
    }

    /// An open diamond: half its diagonal is `radius`.
    pub(super) fn diamond(&mut self, at: (f64, f64), radius: f64, stroke_width: f64, fill: &str) {
        let (x, y) = at;
        let _ = writeln!(
            self.body,
            r#"<path d="M{} {} L{} {} L{} {} L{} {} Z" fill="{fill}" stroke="{}" stroke-width="{}"/>"#,
            n(x),
            n(y - radius),
            n(x + radius),
            n(y),
            n(x),
            n(y + radius),
            n(x - radius),
            n(y),
            colour::ORANGE,
            n(stroke_width)
        );
    }

    pub(super) fn triangle(&mut self, at: (f64, f64), size: f64, fill: &str) {
        let (x, y) = at;
        let _ = writeln!(
            self.body,
            r#"<path d="M{} {} L{} {} L{} {} Z" fill="{fill}"/>"#,
            n(x),
            n(y - size * 0.6),
            n(x + size * 0.58),
            n(y + size * 0.45),
            n(x - size * 0.58),
            n(y + size * 0.45)
        );
    }

    pub(super) fn square(&mut self, at: (f64, f64), side: f64, fill: &str) {
        self.rect((at.0 - side / 2.0, at.1 - side / 2.0), (side, side), fill, None);
    }

    pub(super) fn rect(&mut self, corner: (f64, f64), size: (f64, f64), fill: &str, outline: Option<Stroke>) {
        let border =
            outline.map_or_else(String::new, |s| format!(r#" stroke="{}" stroke-width="{}""#, s.colour, n(s.width)));
        let _ = writeln!(
            self.body,
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}"{border}/>"#,
            n(corner.0),
            n(corner.1),
            n(size.0.max(0.0)),
            n(size.1)
        );
    }

    /// A label on its baseline.
    pub(super) fn text(&mut self, at: (f64, f64), anchor: Anchor, face: Face, text: &str) {
        let width = text_width(text, face.size, face.weight);
        let left = match anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::End => at.0 - width,
        };
        if left < -0.5 || left + width > self.width + 0.5 {
            self.faults.push(format!("`{text}` leaves the picture"));
        }
        #[cfg(test)]
        for character in crate::pack::fonts::missing_glyphs(text, face.weight) {
            self.faults.push(format!("`{text}` has no glyph for `{character}`"));
        }
        self.lowest = self.lowest.max(at.1);
        let sides = [left, left + width, at.1 - 0.68 * face.size, at.1 + 0.15 * face.size];
        let label = LabelBox { text: text.to_owned(), sides };
        if let Some(other) = self.boxes.iter().find(|other| other.overlaps(&label)) {
            self.faults.push(format!("`{text}` overlaps `{}`", other.text));
        }
        self.boxes.push(label);
        let (weight, anchor) = (
            match face.weight {
                Weight::Regular => "400",
                Weight::Semibold => "600",
            },
            match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            },
        );
        let _ = writeln!(
            self.body,
            r#"<text x="{}" y="{}" font-size="{}" font-weight="{weight}" text-anchor="{anchor}" fill="{}">{}</text>"#,
            n(at.0),
            n(at.1),
            n(face.size),
            face.fill,
            escape(text)
        );
    }

    /// The picture, its text alternative inside for those who open it by itself.
    pub(super) fn finish(mut self, height: f64, title: &str) -> Drawing {
        if self.lowest > height {
            self.faults.push("a label lies below the picture".to_owned());
        }
        let svg = format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" "#,
                r#"font-family="{family}"><title>{title}</title>"#,
                "\n{body}</svg>\n"
            ),
            w = n(self.width),
            h = n(height),
            family = FAMILY,
            title = escape(title),
            body = self.body
        );
        Drawing { svg, width: self.width, height, faults: self.faults }
    }
}

fn dash(stroke: Stroke) -> String {
    if stroke.dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{}""#, stroke.dash) }
}
