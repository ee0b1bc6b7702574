//! Extracts: received files, known by the SHA-256 of their bytes and named by an envelope.

use std::fmt;

use jiff::civil::Date;

use super::{DatasetName, NameError, SupplierCode};

/// The SHA-256 of a file's bytes, 64 lower-case hexadecimal digits. It is an extract's identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(String);

/// Why a text is not a content hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a content hash has 64 lower-case hexadecimal digits")]
pub struct ContentHashError;

impl ContentHash {
    /// From the 32 bytes of the digest.
    #[must_use]
    pub fn from_digest(digest: &[u8; 32]) -> Self {
        use fmt::Write;
        let mut text = String::with_capacity(64);
        for byte in digest {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// All 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..8]
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for ContentHash {
    type Error = ContentHashError;
    fn try_from(text: String) -> Result<Self, ContentHashError> {
        let digits = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if digits { Ok(Self(text)) } else { Err(ContentHashError) }
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.0
    }
}

/// The parts of `{dataset}__{supplier}__{as_of:YYYYMMDD}__{seq:003}.{ext}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtractName {
    /// Which table it belongs to.
    pub dataset: DatasetName,
    /// Who delivered it.
    pub supplier: SupplierCode,
    /// The day up to which its content is known.
    pub as_of: Date,
    /// Later deliveries of the same day have higher numbers.
    pub sequence: u32,
    /// The extension, lower case, without its dot.
    pub extension: String,
}

/// Why a file's name is not an extract's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtractNameError {
    /// The name has not four parts and an extension.
    #[error("the name is not `dataset__supplier__YYYYMMDD__NNN.ext`")]
    Shape,
    /// A part is not a name.
    #[error("the name has a part that is not allowed")]
    Part(#[from] NameError),
    /// The third part is no day.
    #[error("`{0}` is not a day written YYYYMMDD")]
    AsOf(String),
    /// The fourth part is no number.
    #[error("`{0}` is not a sequence number of three digits")]
    Sequence(String),
}

impl ExtractName {
    /// Reads the parts from a file's name (without its folder).
    ///
    /// # Errors
    /// When the name does not follow the envelope.
    pub fn parse(file_name: &str) -> Result<Self, ExtractNameError> {
        let (stem, extension) = file_name.split_once('.').ok_or(ExtractNameError::Shape)?;
        let parts: Vec<&str> = stem.split("__").collect();
        let [dataset, supplier, as_of, sequence] = parts.as_slice() else {
            return Err(ExtractNameError::Shape);
        };
        let day = (as_of.len() == 8 && as_of.bytes().all(|b| b.is_ascii_digit()))
            .then(|| Date::strptime("%Y%m%d", as_of).ok())
            .flatten()
            .ok_or_else(|| ExtractNameError::AsOf((*as_of).to_owned()))?;
        let digits = sequence.len() == 3 && sequence.bytes().all(|b| b.is_ascii_digit());
        let number = digits
            .then(|| sequence.parse().ok())
            .flatten()
            .ok_or_else(|| ExtractNameError::Sequence((*sequence).to_owned()))?;
        Ok(Self {
            dataset: DatasetName::new(*dataset)?,
            supplier: SupplierCode::new(*supplier)?,
            as_of: day,
            sequence: number,
            extension: extension.to_ascii_lowercase(),
        })
    }
}

impl fmt::Display for ExtractName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.as_of.strftime("%Y%m%d");
        write!(f, "{}__{}__{day}__{:03}.{}", self.dataset, self.supplier, self.sequence, self.extension)
    }
}

#[cfg(test)]
mod tests {
    use super::ExtractName;

    #[test]
    fn a_name_survives_the_round_trip() {
        let name = "vouchers__grants__20200930__001.csv";
        assert_eq!(ExtractName::parse(name).expect("well formed").to_string(), name);
    }

    #[test]
    fn odd_names_are_refused() {
        for name in [
            "vouchers.csv",
            "vouchers__g__20201332__001.csv",
            "vouchers__g__20200930__1.csv",
            "V__g__20200930__001.csv",
            "a__b__20200930__001",
        ] {
            assert!(ExtractName::parse(name).is_err(), "{name}");
        }
    }
}
