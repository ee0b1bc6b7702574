//! Which version of an edition a build makes.

use crate::ledger::EditionRecord;
use crate::model::{ContentHash, EditionId, EditionState, JobName, Period};

/// What a build should do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The latest version was made from the same inputs: there is nothing to build.
    Same(EditionRecord),
    /// The latest version went out, and its inputs have changed since. Only a deliberate re-issue makes a new one.
    SentAndChanged(EditionRecord),
    /// Build this version; `replaces` becomes superseded.
    Build {
        /// The new version's id.
        id: EditionId,
        /// The version it replaces, which was never sent.
        replaces: Option<EditionId>,
    },
}

/// Chooses the next version of a job's edition for a quarter from those that exist, in any order.
#[must_use]
pub fn choose_version(existing: &[EditionRecord], job: &JobName, period: Period, input: &ContentHash) -> Next {
    let latest = existing.iter().max_by_key(|record| record.id.version);
    let Some(latest) = latest else {
        return Next::Build { id: EditionId { job: job.clone(), period, version: 1 }, replaces: None };
    };
    if latest.input_hash == input.as_str() {
        return Next::Same(latest.clone());
    }
    if latest.state >= EditionState::Frozen && latest.state != EditionState::Superseded {
        return Next::SentAndChanged(latest.clone());
    }
    let id = EditionId { job: job.clone(), period, version: latest.id.version + 1 };
    Next::Build { id, replaces: Some(latest.id.clone()) }
}
