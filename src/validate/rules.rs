//! The public ids of our own rules, listed in `docs/rules.md` and never reused. Cross-column rules of schemas have ids
//! of their own, beginning with X.

use crate::model::RuleId;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        $($(#[$doc])* pub const $name: RuleId = RuleId::of($id);)*
        /// Every rule, in order.
        pub const ALL: &[RuleId] = &[$($name),*];
    };
}

rules! {
    /// A column that the schema does not know.
    UNKNOWN_COLUMN = "V001";
    /// A column of the schema that the file does not have.
    MISSING_COLUMN = "V002";
    /// Two columns of one name.
    DUPLICATE_COLUMN = "V003";
    /// A column without a name.
    UNNAMED_COLUMN = "V004";
    /// The columns stand in another order.
    REORDERED_COLUMNS = "V005";
    /// A column under another of its names.
    RENAMED_COLUMN = "V006";
    /// A column of which more than half is not of its type.
    RETYPED_COLUMN = "V007";
    /// A row with more or fewer cells than the header.
    RAGGED_ROW = "V010";
    /// No text of the field's format: no mail address, no web address, no UUID.
    FORMAT = "V011";
    /// A value must be there and is not.
    MISSING_REQUIRED = "V012";
    /// Not a whole number.
    NOT_INTEGER = "V013";
    /// Not a plain decimal number.
    NOT_NUMBER = "V014";
    /// More digits after the point than the column keeps.
    TOO_MANY_DECIMALS = "V015";
    /// A number that does not fit its column.
    NUMBER_TOO_LARGE = "V016";
    /// Not a day in a form that the field declares.
    NOT_DATE = "V017";
    /// A day that may be several: an undeclared order, two declared ones, or a spreadsheet's number of days.
    AMBIGUOUS_DATE = "V018";
    /// Not an instant with its offset.
    NOT_TIMESTAMP = "V019";
    /// Neither true nor false.
    NOT_BOOLEAN = "V020";
    /// Does not match the pattern.
    PATTERN = "V021";
    /// Not one of the allowed values.
    NOT_ALLOWED = "V022";
    /// Below the minimum.
    BELOW_MINIMUM = "V023";
    /// Above the maximum.
    ABOVE_MAXIMUM = "V024";
    /// Too few characters.
    TOO_SHORT = "V025";
    /// Too many characters.
    TOO_LONG = "V026";
    /// Separators of thousands that the schema does not declare, or in wrong places.
    THOUSANDS = "V027";
    /// A spreadsheet's error value where a text is wanted.
    SPREADSHEET_ERROR = "V028";
    /// The names of the columns once more, in place of values.
    REPEATED_HEADER = "V029";
    /// The primary key was already delivered.
    DUPLICATE_PRIMARY_KEY = "V030";
    /// Another key that no two rows may share was already delivered.
    DUPLICATE_UNIQUE_KEY = "V031";
    /// The key does not exist in the dataset it refers to.
    UNKNOWN_REFERENCE = "V032";
    /// Repaired: blanks around the value.
    TRIMMED = "V040";
    /// Repaired: small letters.
    UPPER_CASED = "V041";
    /// Repaired: leading zeros were missing.
    PADDED = "V042";
    /// Repaired: a known wrong value.
    MAPPED = "V043";
    /// The extract has far fewer rows than the one before.
    ROW_COUNT_DROP = "V060";
    /// A category's share has moved far from that of the extract before.
    SHARE_MOVED = "V061";
    /// A sum is not the control total of the manifest.
    CONTROL_TOTAL = "V062";
    /// The number of rows is not that of the manifest.
    MANIFEST_ROW_COUNT = "V063";
    /// The bytes are not those of the manifest.
    MANIFEST_HASH = "V064";
    /// The manifest cannot be read.
    MANIFEST_BROKEN = "V065";
}
