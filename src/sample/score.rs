//! Maturity of the 21 components in each diagnostic: where a firm stands and where it wants to stand.

use super::day::Day;
use super::diagnostic::Diagnostic;
use super::dice::{Dice, Purpose};
use super::firm::Firm;
use super::options::Plan;
use super::shape::{COMPONENTS, Component};
use super::sheet::Sheet;

/// Columns of `diagnostic_scores`.
pub(super) const COLUMNS: &[&str] = &[
    "diagnostic_id",
    "component_code",
    "applicable",
    "current_level",
    "target_level",
    "importance",
    "priority_rank",
    "recommended_action",
    "action_completed_on",
];

/// A component of a firm, from wave to wave. Levels in tenths.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    applicable: bool,
    current: i64,
    target: i64,
    importance: i64,
    /// 1 is the most urgent; 0 is not recommended.
    priority: i64,
    completed: Option<Day>,
}

/// The scores of a firm, moving on from wave to wave.
pub(super) struct Scores {
    dice: Dice,
    components: [Score; COMPONENTS.len()],
    horizon: Day,
}

/// The nearest step of half a level within 0 to 5.
fn step(tenths: i64) -> i64 {
    ((tenths + 2).max(0) / 5 * 5).min(50)
}

impl Scores {
    /// Draws the scores at the first diagnostic.
    pub(super) fn draw(plan: &Plan, firm: &Firm) -> Self {
        let mut dice = Dice::new(plan.seed, Purpose::Scores, firm.number);
        let size = match firm.size_class {
            "MICRO" => -3,
            "SMALL" => 0,
            _ => 3,
        };
        let standing = size + dice.about_zero(7);
        let components = COMPONENTS.each_ref().map(|component| draw_score(&mut dice, component, standing));
        Self { dice, components, horizon: firm.horizon }
    }

    /// Moves on to a diagnostic, from the one before if there was one.
    pub(super) fn advance(&mut self, diagnostic: &Diagnostic) {
        if diagnostic.wave > 0 {
            for score in &mut self.components {
                let gain = draw_gain(&mut self.dice, score);
                score.current = (score.current + gain).clamp(0, 50);
                let raised = if self.dice.chance(60) { 5 } else { 0 };
                score.target = (score.target + raised).max(score.current).min(50);
                score.completed = None;
            }
        }
        self.recommend();
        if diagnostic.wave == 0 {
            self.complete(diagnostic.plan_issued);
        }
    }

    /// Chooses what goes into the action plan: important components far from their target.
    fn recommend(&mut self) {
        for score in &mut self.components {
            score.priority = 0;
        }
        let wanted = self.dice.between(4, 8);
        for priority in 1..=wanted {
            let open = |score: &&mut Score| score.applicable && score.priority == 0 && score.target > score.current;
            // The last of equals wins, which is as good as any and always the same.
            let next = self.components.iter_mut().filter(open).max_by_key(|s| (s.target - s.current) * s.importance);
            let Some(score) = next else { break };
            score.priority = priority;
        }
    }

    fn complete(&mut self, plan_issued: Option<Day>) {
        let Some(issued) = plan_issued else { return };
        for score in self.components.iter_mut().filter(|score| score.priority > 0) {
            let done = issued.plus(self.dice.between(45, 420)).workday();
            score.completed = (self.dice.chance(620) && done <= self.horizon).then_some(done);
        }
    }

    /// Puts together the row of the component at a place.
    pub(super) fn put(&self, sheet: &mut Sheet, diagnostic: &Diagnostic, at: usize) {
        let score = &self.components[at];
        sheet.id("D-", diagnostic.number, 6).text(COMPONENTS[at].code).flag(score.applicable);
        if !score.applicable {
            sheet.empty().empty().empty().empty().flag(false).empty();
            return;
        }
        sheet.decimal(score.current, 1).decimal(score.target, 1).whole(score.importance);
        if score.priority > 0 {
            sheet.whole(score.priority);
        } else {
            sheet.empty();
        }
        sheet.flag(score.priority > 0).day(score.completed);
    }
}

fn draw_score(dice: &mut Dice, component: &Component, standing: i64) -> Score {
    let current = step(component.current + standing + dice.about_zero(10));
    let target = step(component.target + standing / 2 + dice.about_zero(8)).max(current);
    let pull = (target - current) / 10 + dice.between(0, 3);
    Score {
        applicable: !dice.chance(component.not_applicable),
        current,
        target,
        importance: pull.clamp(1, 5),
        priority: 0,
        completed: None,
    }
}

/// How far a component came since the wave before: recommended ones further, a few fall back.
fn draw_gain(dice: &mut Dice, score: &Score) -> i64 {
    let gap = score.target - score.current;
    if dice.chance(40) {
        return -5;
    }
    if gap <= 0 {
        return 0;
    }
    if score.priority > 0 {
        return dice.pick(&[(0, 22), (5, 38), (10, 28), (15, 12)]).min(gap + 5);
    }
    dice.pick(&[(0, 68), (5, 26), (10, 6)]).min(gap)
}
