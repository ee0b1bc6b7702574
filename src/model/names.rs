//! Names that identify things: datasets, suppliers, jobs, indicators, areas, enterprise groups.

use std::fmt;

/// Why a text is not a name of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {kind}: {rule}")]
pub struct NameError {
    kind: &'static str,
    text: String,
    rule: &'static str,
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $kind:literal, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Checks and takes the text.
            ///
            /// # Errors
            /// When the text does not follow the rule of its kind.
            pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) {
                    return Ok(Self(text));
                }
                Err(NameError { kind: $kind, text, rule: $rule })
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl std::str::FromStr for $type {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }
    };
}

fn is_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 60
        && !text.contains("__")
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

name!(
    /// A named table of the lake, `snake_case`.
    DatasetName,
    "dataset name",
    "lower-case letters, digits and single underscores, starting with a letter",
    is_snake
);
name!(
    /// Who delivered an extract (`c1`, `grants`, `ons`), lower case.
    SupplierCode,
    "supplier code",
    "lower-case letters, digits and single underscores, starting with a letter",
    is_snake
);
name!(
    /// A job: the stem of its file in `jobs/`.
    JobName,
    "job name",
    "letters, digits, `-` and `_`, at most 40",
    is_code
);
name!(
    /// An indicator's id, one letter and two digits, such as `D06`.
    IndicatorId,
    "indicator id",
    "one capital letter and two digits, such as D06",
    |text| {
        let bytes = text.as_bytes();
        bytes.len() == 3 && bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit)
    }
);
name!(
    /// An area: a local authority code (`W06000001`) or the id of a set of them (`WWV`, `EW`, `WALES`, `UK`).
    AreaCode,
    "area code",
    "letters, digits, `-` and `_`, at most 40",
    is_code
);
name!(
    /// An enterprise group: the unit of disclosure control. Commercially sensitive, never printed.
    GroupId,
    "enterprise group id",
    "letters, digits, `-` and `_`, at most 40",
    is_code
);
