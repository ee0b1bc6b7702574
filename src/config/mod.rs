//! `mesur.toml`, the environment and the flags become one checked [`Settings`]; every problem is reported at once.
//!
//! The only module that reads the environment. A flag wins over the environment, the environment over the file, the
//! file over the default; a value that is wrong is a problem and never falls back to a default.

mod document;
mod environment;
mod error;
mod indicators;
mod keys;
mod load;
mod nearest;
mod quantity;
mod reader;
mod reference;
mod sections;
mod settings;
#[cfg(test)]
mod tests;
mod typed;

pub use document::{Document, Entry, Literal, SyntaxProblem};
pub use environment::{Environment, Flag, temporary_dir};
pub use error::{ConfigError, SettingProblem};
pub use indicators::IndicatorSettings;
pub use keys::{Fallback, KEYS, Key, KeyKind};
pub use load::{LoadOptions, SETTINGS_FILE, find_project, load_settings};
pub use nearest::find_nearest;
pub use quantity::{format_bytes, parse_bytes};
pub use reference::render_reference;
pub use settings::{
    Calendar, Delivery, Limits, LogFormat, LogSettings, MailSettings, Origin, OriginLine, ServeSettings, Settings,
    SmtpSecurity, SmtpSettings,
};
