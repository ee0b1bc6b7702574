//! The checks between built and sent. All reasons against sending are given at once.

use crate::model::{Artefact, Language};

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Preflight<'a> {
    /// Files as read back from the edition's folder.
    pub artefacts: &'a [Artefact],
    /// How many recipients there are.
    pub recipients: usize,
    /// Their list's name.
    pub list: &'a str,
    /// Whether messages leave the machine.
    pub leaves_machine: bool,
    /// Whether the disclosure policy is the placeholder that ships.
    pub policy_is_placeholder: bool,
    /// Messages that no translator has reviewed.
    pub draft_messages: usize,
    /// Whether this is a rehearsal under a fixed clock.
    pub rehearsal: bool,
    /// Approvals asked for and given.
    pub approvals: (u32, u32),
    /// Largest message.
    pub max_message_bytes: u64,
}

/// Every reason why the edition must not be sent. Empty means that it may.
#[must_use]
pub fn check_preflight(preflight: &Preflight<'_>) -> Vec<String> {
    let mut reasons = Vec::new();
    for language in Language::BOTH {
        let has_pdf =
            |a: &Artefact| a.language == Some(language) && a.media_type == "application/pdf" && !a.bytes.is_empty();
        if !preflight.artefacts.iter().any(has_pdf) {
            reasons.push(format!("the PDF in language `{language}` is missing (build the edition anew)"));
        }
    }
    if preflight.recipients == 0 {
        reasons.push(format!(
            "list `{}` has no active recipient with an address (deliver an extract of `recipients`)",
            preflight.list
        ));
    }
    let (asked, given) = preflight.approvals;
    if given < asked {
        reasons.push(format!("{asked} approval(s) are asked for and {given} given"));
    }
    let bytes: usize = preflight.artefacts.iter().map(|artefact| artefact.bytes.len()).sum();
    // Base64 makes four bytes of three, and a line break every 76.
    let encoded = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(139) / 100;
    if encoded > preflight.max_message_bytes {
        reasons.push(format!(
            "the attachments make a message of about {encoded} bytes, more than mail.max_message_bytes ({})",
            preflight.max_message_bytes
        ));
    }
    if preflight.leaves_machine {
        if preflight.policy_is_placeholder {
            reasons.push(
                "the disclosure policy is the placeholder that ships (set disclosure.policy_file to your own)"
                    .to_owned(),
            );
        }
        if preflight.draft_messages > 0 {
            reasons.push(format!(
                "{} message(s) are drafts that no translator has reviewed (deliver to files, or have them reviewed)",
                preflight.draft_messages
            ));
        }
        if preflight.rehearsal {
            reasons.push("this is a rehearsal under a fixed clock (leave out --now to send)".to_owned());
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Preflight, check_preflight};
    use crate::model::{Artefact, Language};

    fn pdf(language: Language) -> Artefact {
        Artefact {
            file_name: format!("pack-{language}.pdf"),
            media_type: "application/pdf",
            language: Some(language),
            bytes: Arc::from(&b"%PDF"[..]),
        }
    }

    #[test]
    fn a_sound_edition_passes_and_every_fault_is_named() {
        let both = [pdf(Language::Cy), pdf(Language::En)];
        let sound = Preflight {
            artefacts: &both,
            recipients: 3,
            list: "IACW",
            leaves_machine: true,
            policy_is_placeholder: false,
            draft_messages: 0,
            rehearsal: false,
            approvals: (0, 0),
            max_message_bytes: 10_000,
        };
        assert_eq!(check_preflight(&sound), Vec::<String>::new());
        let faulty = Preflight {
            artefacts: &both[..1],
            recipients: 0,
            policy_is_placeholder: true,
            draft_messages: 2,
            rehearsal: true,
            approvals: (2, 1),
            max_message_bytes: 3,
            ..sound
        };
        assert_eq!(check_preflight(&faulty).len(), 7);
        let on_this_machine = Preflight { leaves_machine: false, ..faulty };
        assert_eq!(check_preflight(&on_this_machine).len(), 4);
    }
}
