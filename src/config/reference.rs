//! The reference of all settings as Markdown, for `docs/configuration.md`.

use std::fmt::Write as _;

use super::keys::{Fallback, KEYS, Key};
use super::typed::describe_kind;

/// One table a section: key, what it holds, default, what it is for.
#[must_use]
pub fn render_reference() -> String {
    let mut text = String::new();
    let mut section = "";
    for key in KEYS {
        let (this, _) = key.name.rsplit_once('.').unwrap_or(("", key.name));
        if this != section {
            section = this;
            let _ =
                write!(text, "\n### `[{section}]`\n\n| key | holds | default | what it is for |\n|---|---|---|---|\n");
        }
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            key.name,
            describe_kind(key.kind),
            describe_fallback(key),
            key.about
        );
    }
    text
}

fn describe_fallback(key: &Key) -> String {
    match key.fallback {
        Fallback::Value("") => "none".to_owned(),
        Fallback::Value(text) => format!("`{text}`"),
        Fallback::BelowState(path) => format!("`{path}` in `state.dir`"),
        Fallback::Nothing => "not set".to_owned(),
    }
}
