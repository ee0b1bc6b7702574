//! Takes addresses out of what servers and libraries say. Everything they say passes here before it is kept or shown.

use std::sync::LazyLock;

use regex::Regex;

use crate::dispatch::error::ServerText;
use crate::model::Address;

/// Answers are kept for people; a server that says more than this says nothing useful.
const MAX_CHARS: usize = 300;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"([^\s<>"'(),:;@=])[^\s<>"'(),:;@=]*@([\w.\-\[\]]+)"#).expect("the pattern is well formed")
});

/// Masks every address in a text, and the local part of the recipient's wherever it stands alone. Control characters
/// become spaces and long texts are cut.
pub(super) fn scrub(text: &str, recipient: Option<&Address>) -> ServerText {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    let masked = ADDRESS.replace_all(&text, "$1***@$2").into_owned();
    let local = recipient.and_then(|address| address.expose().split_once('@')).map(|(local, _)| local);
    let masked = match local.filter(|local| local.len() > 2) {
        Some(local) => {
            let alone = Regex::new(&format!(r"(?i)\b{}\b", regex::escape(local)));
            alone.map_or_else(|_| "***".to_owned(), |alone| alone.replace_all(&masked, "***").into_owned())
        }
        None => masked,
    };
    ServerText(masked.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::scrub;
    use crate::model::Address;

    #[test]
    fn addresses_never_survive() {
        let mair = Address::new("mair.jones@example.test".to_owned());
        for (said, kept) in [
            ("5.1.1 <mair.jones@example.test>: unknown", "5.1.1 <m***@example.test>: unknown"),
            ("5.1.1 MAIR.JONES@EXAMPLE.TEST unknown", "5.1.1 M***@EXAMPLE.TEST unknown"),
            ("mailbox Mair.Jones is full", "mailbox *** is full"),
            ("rcpt=mair.jones@example.test,\r\nother@x.test", "rcpt=m***@example.test,  o***@x.test"),
            ("queued as 4F2A", "queued as 4F2A"),
            ("@ alone", "@ alone"),
        ] {
            assert_eq!(scrub(said, Some(&mair)).0, kept);
        }
    }

    #[test]
    fn a_talkative_server_is_cut() {
        assert_eq!(scrub(&"x".repeat(5000), None).0.len(), 300);
    }
}
