//! What Table Schema's `format` asks of a text: a mail address, a web address, a UUID.

use email_address::{EmailAddress, Options};

/// A form of text with a standard of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// A mail address (RFC 5321) without a display name: what a message can be sent to.
    Email,
    /// An absolute address with its scheme, as browsers read it.
    Uri,
    /// A UUID (RFC 9562).
    Uuid,
}

impl TextFormat {
    /// The format of a name in a schema.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "email" => Some(Self::Email),
            "uri" => Some(Self::Uri),
            "uuid" => Some(Self::Uuid),
            _ => None,
        }
    }

    /// Whether a text has the format.
    #[must_use]
    pub fn admits(self, text: &str) -> bool {
        match self {
            Self::Email => EmailAddress::parse_with_options(text, Options::default().without_display_text()).is_ok(),
            Self::Uri => url::Url::parse(text).is_ok(),
            Self::Uuid => uuid::Uuid::try_parse(text).is_ok(),
        }
    }

    /// What a text of this format looks like, for hints.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Email => "name@example.org",
            Self::Uri => "https://example.org/page",
            Self::Uuid => "67e55044-10b1-426f-9247-bb680e5fe0c8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TextFormat;

    #[test]
    fn a_format_admits_what_its_standard_does() {
        let cases: [(TextFormat, &[&str], &[&str]); 3] = [
            (
                TextFormat::Email,
                &["a.b+c@example.org", "o'neill@cyngor.example.test", "ŵyn@example.org"],
                &[
                    "not-an-address",
                    "a@",
                    "@example.org",
                    "A <a@example.org>",
                    "a b@example.org",
                    "a@example.org, b@example.org",
                ],
            ),
            (
                TextFormat::Uri,
                &["https://example.org/a?b=c", "urn:isbn:0451450523"],
                &["example.org", "/page", "https://"],
            ),
            (
                TextFormat::Uuid,
                &["67e55044-10b1-426f-9247-bb680e5fe0c8"],
                &["67e55044-10b1-426f-9247", "zzz55044-10b1-426f-9247-bb680e5fe0c8"],
            ),
        ];
        for (format, good, bad) in cases {
            for text in good {
                assert!(format.admits(text), "{text}");
            }
            assert!(format.admits(format.example()));
            for text in bad {
                assert!(!format.admits(text), "{text}");
            }
        }
    }
}
