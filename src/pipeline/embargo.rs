//! The embargo: an edition must not tell what is not out yet. Looks at when the statistics that it could use were released; never
//! looks at figures.

use jiff::Timestamp;

use super::build::collect_text;
use super::{Pinned, PipelineError, Workspace};

/// Each release of published statistics in the lake, with the instant at which it may be told, in seconds since 1970.
const RELEASES: &str = "select source_release, vintage, max(cast(date_part('epoch', released_at) as bigint)) as released_at \
    from ref_gva_productivity where released_at is not null group by source_release, vintage order by 3, 1, 2";

impl Workspace {
    /// Stops an edition that would be sent before a statistic in the lake is out. A rehearsal, whose clock is made up and which
    /// cannot be sent, is not stopped.
    ///
    /// # Errors
    /// [`PipelineError::Gate`] with every such release.
    pub(super) async fn check_embargo(&self, pinned: &Pinned, edition: &str) -> Result<(), PipelineError> {
        let clock = &self.project.settings.clock;
        if clock.is_rehearsal() {
            return Ok(());
        }
        let reasons = embargoed(&collect_text(&pinned.session, RELEASES).await?, clock.now());
        if reasons.is_empty() { Ok(()) } else { Err(PipelineError::Gate { edition: edition.to_owned(), reasons }) }
    }
}

/// Why an edition sent at an instant would tell too early, one reason a release. Rows are release, vintage and seconds; a time
/// that cannot be read counts as not come yet.
fn embargoed(releases: &[Vec<Option<String>>], sent_at: Timestamp) -> Vec<String> {
    let mut reasons = Vec::new();
    for row in releases {
        let text = |at: usize| row.get(at).and_then(Option::as_deref).unwrap_or("unknown");
        let public_at = text(2).parse().ok().and_then(|seconds: i64| Timestamp::from_second(seconds).ok());
        if public_at.is_some_and(|instant| instant <= sent_at) {
            continue;
        }
        let when = public_at.map_or_else(|| "at a time that cannot be read".to_owned(), |at| format!("at {at}"));
        reasons.push(format!(
            "`{}` (vintage {}) is released {when}, and this edition would be sent at {sent_at} (wait, or take the extract out)",
            text(0),
            text(1)
        ));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::embargoed;

    #[test]
    fn what_is_released_after_the_sending_stops_the_edition_and_to_the_second_does_not() {
        let row = |name: &str, seconds: Option<&str>| {
            vec![Some(name.to_owned()), Some("2023-04".to_owned()), seconds.map(str::to_owned)]
        };
        let noon = Timestamp::from_second(1_682_424_000).expect("in range");
        let out = [row("before", Some("1682423999")), row("now", Some("1682424000"))];
        assert_eq!(embargoed(&out, noon), Vec::<String>::new());
        let held = [row("after", Some("1682424001")), row("never", None)];
        assert_eq!(
            embargoed(&held, noon),
            [
                "`after` (vintage 2023-04) is released at 2023-04-25T12:00:01Z, and this edition would be sent at \
                 2023-04-25T12:00:00Z (wait, or take the extract out)",
                "`never` (vintage 2023-04) is released at a time that cannot be read, and this edition would be sent at \
                 2023-04-25T12:00:00Z (wait, or take the extract out)",
            ]
        );
    }
}
