//! Lists of codes that say why there is no number, or what stands beside one (domain, section 3.5).

use crate::model::{Mark, ObsStatus};

/// What a list of codes says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    /// Why there is no number; the strongest of several.
    pub(super) missing: Option<ObsStatus>,
    /// Marks beside a number, sorted, each once.
    pub(super) marks: Vec<Mark>,
}

/// One code.
enum Code {
    Missing(ObsStatus),
    Mark(Mark),
    Nothing,
}

/// Reads `P,B,E`, in any case. None when a code is not known. Of several reasons `[z]` comes before `[x]` before `[c]`.
pub(super) fn parse_status(text: &str) -> Option<Status> {
    let mut status = Status::default();
    for word in text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()) {
        match code(word)? {
            Code::Nothing => {}
            Code::Mark(mark) => status.marks.push(mark),
            Code::Missing(reason) => {
                let stronger = status.missing.is_none_or(|other| rank(reason) < rank(other));
                status.missing = if stronger { Some(reason) } else { status.missing };
            }
        }
    }
    status.marks.sort_unstable();
    status.marks.dedup();
    Some(status)
}

/// Reads a list of marks only. None when it holds anything else.
pub(super) fn parse_marks(text: &str) -> Option<Vec<Mark>> {
    parse_status(text).filter(|status| status.missing.is_none()).map(|status| status.marks)
}

fn code(word: &str) -> Option<Code> {
    Some(match word.to_ascii_uppercase().as_str() {
        "FINAL" => Code::Nothing,
        "B" => Code::Mark(Mark::Break),
        "E" => Code::Mark(Mark::Estimated),
        "F" => Code::Mark(Mark::Forecast),
        "LOW" => Code::Mark(Mark::Low),
        "P" => Code::Mark(Mark::Provisional),
        "R" => Code::Mark(Mark::Revised),
        "U" => Code::Mark(Mark::LowReliability),
        "Z" => Code::Missing(ObsStatus::NotApplicable),
        "X" => Code::Missing(ObsStatus::NotCollected),
        "NYD" => Code::Missing(ObsStatus::NotYetDue),
        "LTF" => Code::Missing(ObsStatus::LostToFollowUp),
        "C" => Code::Missing(ObsStatus::Confidential),
        "W" => Code::Missing(ObsStatus::NoneRecorded),
        _ => return None,
    })
}

/// The precedence of domain, section 3.5: the smaller wins.
const fn rank(status: ObsStatus) -> u8 {
    match status {
        ObsStatus::NotApplicable => 0,
        ObsStatus::NotCollected => 1,
        ObsStatus::NotYetDue => 2,
        ObsStatus::LostToFollowUp => 3,
        ObsStatus::NoneRecorded => 4,
        ObsStatus::Confidential => 5,
        ObsStatus::LowReliability => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::{Status, parse_marks, parse_status};
    use crate::model::{Mark, ObsStatus};

    #[test]
    fn several_marks_stand_sorted_and_once() {
        let marks = vec![Mark::Break, Mark::Estimated, Mark::Provisional];
        assert_eq!(parse_status("P,b, e,P"), Some(Status { missing: None, marks }));
        assert_eq!(parse_status("FINAL"), Some(Status::default()));
        assert_eq!(parse_status(""), Some(Status::default()));
        assert_eq!(parse_status("Q"), None);
    }

    #[test]
    fn the_strongest_reason_wins() {
        let missing = |text: &str| parse_status(text).expect("known codes").missing;
        assert_eq!(missing("c,x,z"), Some(ObsStatus::NotApplicable));
        assert_eq!(missing("C,NYD"), Some(ObsStatus::NotYetDue));
        assert_eq!(missing("P,C"), Some(ObsStatus::Confidential));
        assert_eq!(parse_marks("p,c"), None);
    }
}
