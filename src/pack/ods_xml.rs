//! The parts of an ODS workbook as text: fixed styles, cells, the container's list. No figures are known
//! here.

use std::fmt::Write as _;

/// The head of every part.
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
const NAMESPACES: &str = concat!(
    r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" "#,
    r#"xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" "#,
    r#"xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" "#,
    r#"xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" "#,
    r#"xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" "#,
    r#"xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" "#,
    r#"xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" "#,
    r#"xmlns:dc="http://purl.org/dc/elements/1.1/" "#,
    r#"xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3""#
);

/// Most decimals for which there is a style.
const MOST_DECIMALS: u32 = 4;

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// 16 point bold.
    Title,
    /// 12 point bold, wrapped, at the bottom.
    Head,
    /// The same to the right, over numbers.
    NumberHead,
    /// 12 point, wrapped.
    Text,
    /// A mark in a number's place, to the right.
    Mark,
}

impl Look {
    const fn style(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Head => "head",
            Self::NumberHead => "numberhead",
            Self::Text => "body",
            Self::Mark => "mark",
        }
    }
}

/// Widths of columns by what they hold, in centimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// Names of areas and measures.
    Area,
    /// Numbers.
    Number,
    /// Marks and status words.
    Status,
    /// Notes and sentences.
    Note,
    /// The one column of the cover.
    Page,
}

impl Width {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Area, "area", "6.5cm"),
        (Self::Number, "number", "3.2cm"),
        (Self::Status, "status", "2.6cm"),
        (Self::Note, "note", "9cm"),
        (Self::Page, "page", "18cm"),
    ];

    fn style(self) -> &'static str {
        Self::ALL.iter().find(|(width, _, _)| *width == self).map_or("area", |(_, name, _)| name)
    }
}

/// One sheet in work.
pub(super) struct Sheet {
    name: String,
    xml: String,
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

impl Sheet {
    pub(super) fn new(name: &str, widths: &[Width]) -> Self {
        let mut xml = format!(r#"<table:table table:name="{}" table:style-name="sheet">"#, escape(name));
        for width in widths {
            let _ = write!(
                xml,
                r#"<table:table-column table:style-name="{}" table:default-cell-style-name="body"/>"#,
                width.style()
            );
        }
        Self { name: name.to_owned(), xml }
    }

    pub(super) fn start_row(&mut self) {
        self.xml.push_str(r#"<table:table-row table:style-name="row">"#);
    }

    pub(super) fn end_row(&mut self) {
        self.xml.push_str("</table:table-row>");
    }

    pub(super) fn text(&mut self, look: Look, text: &str) {
        let _ = write!(
            self.xml,
            r#"<table:table-cell table:style-name="{}" office:value-type="string"><text:p>{}</text:p></table:table-cell>"#,
            look.style(),
            escape(text)
        );
    }

    /// A number: its exact value for reckoning and its printed form for readers of the file.
    pub(super) fn number(&mut self, value: rust_decimal::Decimal, decimals: u32, printed: &str) {
        let _ = write!(
            self.xml,
            concat!(
                r#"<table:table-cell table:style-name="figure{}" office:value-type="float" office:value="{}">"#,
                r#"<text:p>{}</text:p></table:table-cell>"#
            ),
            decimals.min(MOST_DECIMALS),
            value.normalize(),
            escape(printed)
        );
    }

    /// A row of one cell.
    pub(super) fn line(&mut self, look: Look, text: &str) {
        self.start_row();
        self.text(look, text);
        self.end_row();
    }

    fn finish(&self) -> String {
        format!("{}</table:table>", self.xml)
    }
}

/// `content.xml`; `ranges` are (name, sheet, last column from 0, first row, last row) of the tables.
pub(super) fn content(sheets: &[Sheet], ranges: &[(String, String, usize, usize, usize)]) -> String {
    let mut xml = format!("{DECLARATION}<office:document-content {NAMESPACES}><office:automatic-styles>");
    xml.push_str(r#"<style:style style:name="sheet" style:family="table" style:master-page-name="Default"><style:table-properties table:display="true"/></style:style>"#);
    xml.push_str(r#"<style:style style:name="row" style:family="table-row"><style:table-row-properties style:use-optimal-row-height="true"/></style:style>"#);
    for (_, name, width) in Width::ALL {
        let _ = write!(
            xml,
            r#"<style:style style:name="{name}" style:family="table-column"><style:table-column-properties style:column-width="{width}"/></style:style>"#
        );
    }
    xml.push_str("</office:automatic-styles><office:body><office:spreadsheet>");
    for sheet in sheets {
        xml.push_str(&sheet.finish());
    }
    xml.push_str("<table:database-ranges>");
    for (name, sheet, last_column, first_row, last_row) in ranges {
        let quoted = escape(&sheet.replace('\'', "''"));
        let _ = write!(
            xml,
            concat!(
                r#"<table:database-range table:name="{}" table:contains-header="true" table:display-filter-buttons="false" "#,
                r#"table:target-range-address="'{q}'.A{}:'{q}'.{}{}"/>"#
            ),
            escape(name),
            first_row,
            column_name(*last_column),
            last_row,
            q = quoted
        );
    }
    xml.push_str("</table:database-ranges></office:spreadsheet></office:body></office:document-content>");
    xml
}

/// `A` to `Z`, then `AA`.
pub(super) fn column_name(index: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    if index < 26 { letter(index).to_string() } else { format!("{}{}", letter(index / 26 - 1), letter(index)) }
}

/// `styles.xml`: Arial, no fills, no borders.
pub(super) fn styles(language: &str) -> String {
    let mut xml = format!(
        concat!(
            "{}<office:document-styles {}><office:font-face-decls>",
            r#"<style:font-face style:name="Arial" svg:font-family="Arial" style:font-family-generic="swiss"/>"#,
            "</office:font-face-decls><office:styles>",
            r#"<style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial" fo:font-size="12pt" "#,
            r#"fo:language="{}" fo:country="GB"/></style:default-style>"#
        ),
        DECLARATION, NAMESPACES, language
    );
    for decimals in 0..=MOST_DECIMALS {
        let _ = write!(
            xml,
            concat!(
                r#"<number:number-style style:name="decimals{d}"><number:number number:decimal-places="{d}" "#,
                r#"number:min-decimal-places="{d}" number:min-integer-digits="1" number:grouping="true"/></number:number-style>"#
            ),
            d = decimals
        );
    }
    let cell = |name: &str, data: &str, paragraph: &str, text: &str, wrap: &str| {
        format!(
            concat!(
                r#"<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default"{data}>"#,
                r#"<style:table-cell-properties style:vertical-align="bottom"{wrap}/>{paragraph}{text}</style:style>"#
            ),
            name = name,
            data = data,
            wrap = wrap,
            paragraph = paragraph,
            text = text
        )
    };
    let wrapped = r#" fo:wrap-option="wrap""#;
    let right = r#"<style:paragraph-properties fo:text-align="end"/>"#;
    let bold = r#"<style:text-properties fo:font-weight="bold"/>"#;
    xml.push_str(r#"<style:style style:name="Default" style:family="table-cell"/>"#);
    xml.push_str(&cell("title", "", "", r#"<style:text-properties fo:font-size="16pt" fo:font-weight="bold"/>"#, ""));
    xml.push_str(&cell("head", "", "", bold, wrapped));
    xml.push_str(&cell("numberhead", "", right, bold, wrapped));
    xml.push_str(&cell("body", "", "", "", wrapped));
    xml.push_str(&cell("plain", "", "", "", ""));
    xml.push_str(&cell("mark", "", right, "", ""));
    for decimals in 0..=MOST_DECIMALS {
        let data = format!(r#" style:data-style-name="decimals{decimals}""#);
        xml.push_str(&cell(&format!("figure{decimals}"), &data, right, "", ""));
    }
    xml.push_str(concat!(
        "</office:styles><office:automatic-styles>",
        r#"<style:page-layout style:name="page"/>"#,
        "</office:automatic-styles><office:master-styles>",
        r#"<style:master-page style:name="Default" style:page-layout-name="page"/>"#,
        "</office:master-styles></office:document-styles>"
    ));
    xml
}

/// `meta.xml`: the document's properties, no dates of making.
pub(super) fn meta(title: &str, council: &str, language: &str) -> String {
    format!(
        concat!(
            "{}<office:document-meta {}><office:meta><meta:generator>mesur</meta:generator>",
            "<dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>{}</dc:language>",
            "</office:meta></office:document-meta>"
        ),
        DECLARATION,
        NAMESPACES,
        escape(title),
        escape(council),
        language
    )
}

/// `META-INF/manifest.xml`.
pub(super) fn manifest() -> String {
    format!(
        concat!(
            "{}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" ",
            "manifest:version=\"1.3\">",
            r#"<manifest:file-entry manifest:full-path="/" manifest:version="1.3" "#,
            r#"manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>"#,
            r#"<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>"#,
            r#"<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>"#,
            r#"<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>"#,
            "</manifest:manifest>"
        ),
        DECLARATION
    )
}

impl Sheet {
    /// The sheet's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// A row of one cell that is never wrapped, for lines above a table.
    pub(super) fn above(&mut self, text: &str) {
        self.start_row();
        let _ = write!(
            self.xml,
            r#"<table:table-cell table:style-name="plain" office:value-type="string"><text:p>{}</text:p></table:table-cell>"#,
            escape(text)
        );
        self.end_row();
    }
}
