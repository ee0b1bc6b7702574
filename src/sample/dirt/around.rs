//! What is known around the row at hand: of its firm, and of firms before.

use super::super::diagnostic::Diagnostic;
use super::super::error::SampleError;
use super::super::firm::Firm;
use super::super::options::Plan;
use super::super::outcome::Outcome;
use super::super::sheet::Sheet;
use super::super::voucher::Voucher;
use super::case::Expected;
use super::plot::Dirt;

/// Firms so far apart are never successors of each other.
const STRANGERS: i64 = 10;

/// What is known around the row at hand.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about a firm")]
pub(crate) struct Around {
    pub(crate) from: String,
    pub(crate) late: String,
    pub(crate) size_known: bool,
    pub(crate) grouped: bool,
    pub(crate) more_years: bool,
    pub(crate) linked: bool,
    pub(crate) other_voucher: Option<String>,
    pub(crate) strange_diagnostic: Option<String>,
    pub(crate) strange_voucher: Option<String>,
    first_diagnostic: Option<(i64, String)>,
    first_voucher: Option<(i64, String)>,
}

impl Around {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            from: plan.from.text(),
            late: plan.to.plus(30).text(),
            size_known: false,
            grouped: false,
            more_years: false,
            linked: false,
            other_voucher: None,
            strange_diagnostic: None,
            strange_voucher: None,
            first_diagnostic: None,
            first_voucher: None,
        }
    }
}

fn voucher_id(voucher: &Voucher) -> String {
    format!("{}{:06}", voucher.scheme.prefix, voucher.number)
}

impl Dirt {
    /// Goes on to the next firm.
    pub(crate) fn move_to(&mut self, firm: &Firm) {
        let around = &mut self.around;
        let strange = |known: &Option<(i64, String)>| {
            known.as_ref().filter(|(number, _)| firm.number - number > STRANGERS).map(|(_, id)| id.clone())
        };
        around.strange_diagnostic = strange(&around.first_diagnostic);
        around.strange_voucher = strange(&around.first_voucher);
        around.size_known = firm.size_known;
        // A group has the number of its first firm.
        around.grouped = firm.group != firm.number;
        around.other_voucher = None;
    }

    /// Keeps the first diagnostic that was reported.
    pub(crate) fn remember_diagnostic(&mut self, firm: &Firm, diagnostic: &Diagnostic) {
        let known = || (firm.number, format!("D-{:06}", diagnostic.number));
        self.around.first_diagnostic.get_or_insert_with(known);
    }

    /// Keeps the first voucher that was never started.
    pub(crate) fn remember_voucher(&mut self, firm: &Firm, voucher: &Voucher) {
        if voucher.started.is_none() {
            self.around.first_voucher.get_or_insert_with(|| (firm.number, voucher_id(voucher)));
        }
    }

    /// Looks at what an outcome is linked to.
    pub(crate) fn look_around(&mut self, plan: &Plan, vouchers: &[Voucher], outcome: &Outcome) {
        let own = vouchers.iter().find(|voucher| Some(voucher.number) == outcome.voucher_number());
        self.around.linked = own.and_then(|voucher| voucher.started).is_some_and(|day| day > plan.from);
        // The first voucher was started before anything could come of the second.
        let earlier = vouchers.first().filter(|first| first.started.is_some());
        let earlier = earlier.filter(|first| own.is_some_and(|own| own.number != first.number));
        self.around.other_voucher = earlier.map(voucher_id);
    }

    /// Lists a row that gives a finding as it was drawn.
    pub(crate) fn note_drawn(
        &mut self,
        sheet: &Sheet,
        row: u64,
        case: &str,
        finding: Expected,
    ) -> Result<(), SampleError> {
        self.note(sheet.name(), Some(row), case, Some(finding))
    }
}
