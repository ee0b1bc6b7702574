//! Which extracts are due, and which came early, on time, late or not at all. What is due follows from the schemas and
//! the calendar of working days; what came, from the ledger. Reads no file and changes nothing.

use jiff::Span;
use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::definitions::{Calendar, Expected, Schema, WorkingDays};
use crate::ledger::ExtractState;
use crate::model::{DatasetName, ErrorClass, Period, SupplierCode};

use super::{PipelineError, Workspace};

/// How a source stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FreshnessState {
    /// Its day has passed and it has not come.
    Missing,
    /// It came after its day.
    Late,
    /// It has not come, and its day has not passed.
    Due,
    /// It came by its day.
    OnTime,
    /// It came before the period was over.
    Early,
}

impl FreshnessState {
    /// As shown and as kept in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Late => "late",
            Self::Due => "due",
            Self::OnTime => "on time",
            Self::Early => "early",
        }
    }
}

/// One extract that is expected: of one supplier and dataset for one period of its calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// Which dataset.
    pub dataset: DatasetName,
    /// Whose.
    pub supplier: SupplierCode,
    /// How often.
    pub calendar: Calendar,
    /// The period of the calendar: `2020-21-Q3`, `2020-12`, `2020-W53`, `2020`, `once`.
    pub period: String,
    /// The last day of the period.
    pub ends: Date,
    /// The last day on which it is not late.
    pub due: Date,
    /// How it stands.
    pub state: FreshnessState,
    /// Days after `due`: until it came, or until today.
    pub days_late: u32,
    /// The file that came first, and the day.
    pub came: Option<(String, Date)>,
    /// Why the state says less than it seems to.
    pub note: String,
    /// Whether lateness counts as a failure.
    pub counts: bool,
}

/// All that is expected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreshnessReport {
    /// By dataset, supplier and period.
    pub sources: Vec<Freshness>,
}

impl FreshnessReport {
    /// What is late or missing and counts.
    pub fn troubles(&self) -> impl Iterator<Item = &Freshness> {
        self.sources.iter().filter(|source| source.counts && source.state <= FreshnessState::Late)
    }

    /// Classes of what went wrong.
    #[must_use]
    pub fn failures(&self) -> Vec<ErrorClass> {
        self.troubles().next().map(|_| ErrorClass::Data).into_iter().collect()
    }
}

/// A file that came.
#[derive(Clone, Debug)]
struct Came {
    file_name: String,
    dataset: DatasetName,
    supplier: SupplierCode,
    as_of: Date,
    day: Date,
    state: ExtractState,
}

/// A period of a calendar: its name, its last day, and the last day of the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CalendarPeriod {
    name: String,
    first: Date,
    last: Date,
    next_last: Date,
}

impl Workspace {
    /// How every expected source stands. Without a period that is for the last finished period of each calendar; with
    /// one, for the periods of each calendar that end in it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn freshness(&self, period: Option<Period>) -> Result<FreshnessReport, PipelineError> {
        let settings = &self.project.settings;
        let zone = &settings.zone;
        let day_of = |at: Timestamp| at.to_zoned(zone.clone()).date();
        let stopped = self.ledger.list_extracts().await?.into_iter();
        let stopped = stopped.filter(|extract| extract.state != ExtractState::Committed).map(|extract| Came {
            day: day_of(extract.ingested_at),
            file_name: extract.file_name,
            dataset: extract.dataset,
            supplier: extract.supplier,
            as_of: extract.as_of,
            state: extract.state,
        });
        let committed = self.ledger.list_deliveries().await?.into_iter().map(|delivery| Came {
            day: day_of(delivery.came_at),
            file_name: delivery.file_name,
            dataset: delivery.dataset,
            supplier: delivery.supplier,
            as_of: delivery.as_of,
            state: ExtractState::Committed,
        });
        let deliveries: Vec<Came> = stopped.chain(committed).collect();
        let watch = Watch {
            today: settings.clock.today(zone),
            began: self.ledger.began_at().await?.map(day_of),
            invented: settings.illustrative,
            start: settings.programme_start,
            days: WorkingDays::new(&settings.calendar.added, &settings.calendar.removed),
        };
        let mut sources = Vec::new();
        for schema in self.project.definitions.schemas.values() {
            let Some(expected) = &schema.expected else { continue };
            for supplier in suppliers(schema, expected, &deliveries) {
                let is_own = |delivery: &&Came| delivery.dataset == schema.dataset && delivery.supplier == supplier;
                let own: Vec<&Came> = deliveries.iter().filter(is_own).collect();
                let expected = expected.of(&supplier);
                for span in watch.spans(expected.calendar, period) {
                    sources.push(watch.look(schema, &supplier, expected, &span, &own));
                }
            }
        }
        Ok(FreshnessReport { sources })
    }
}

/// Who is expected to deliver a dataset: whom the schema names, else who has delivered it.
fn suppliers(schema: &Schema, expected: &Expected, deliveries: &[Came]) -> Vec<SupplierCode> {
    let mut codes = schema.suppliers.clone();
    codes.extend(expected.suppliers.keys().cloned());
    if codes.is_empty() {
        let delivered = deliveries.iter().filter(|delivery| delivery.dataset == schema.dataset);
        codes.extend(delivered.map(|delivery| delivery.supplier.clone()));
    }
    codes.sort();
    codes.dedup();
    codes
}

/// From where and when one looks.
struct Watch {
    today: Date,
    began: Option<Date>,
    invented: bool,
    start: Date,
    days: WorkingDays,
}

impl Watch {
    fn look(
        &self,
        schema: &Schema,
        supplier: &SupplierCode,
        expected: &Expected,
        span: &CalendarPeriod,
        own: &[&Came],
    ) -> Freshness {
        let count = u16::try_from(expected.working_days_after).unwrap_or(u16::MAX);
        let due = self.days.after(span.last, count).unwrap_or(Date::MAX);
        // An extract is of the last period whose end it reaches.
        let covers = |file: &Came| file.as_of >= span.last && file.as_of < span.next_last;
        let committed = own.iter().filter(|file| file.state == ExtractState::Committed);
        let first = committed.clone().filter(|file| covers(file)).min_by_key(|file| file.day);
        let is_inside = |file: &&&Came| file.as_of >= span.first && file.as_of < span.last;
        let partial = committed.filter(is_inside).max_by_key(|file| file.as_of);
        let stopped = own.iter().rfind(|file| file.state != ExtractState::Committed && covers(file));
        let mut note = String::new();
        let (state, came) = match (first, partial) {
            (Some(file), _) if file.day > due => (FreshnessState::Late, Some(file)),
            (Some(file), _) if file.day <= span.last => (FreshnessState::Early, Some(file)),
            (Some(file), _) => (FreshnessState::OnTime, Some(file)),
            (None, Some(file)) if self.today <= due => {
                note = format!("reaches to {} only", file.as_of);
                (FreshnessState::Early, Some(file))
            }
            (None, _) if self.today <= due => (FreshnessState::Due, None),
            (None, _) => (FreshnessState::Missing, None),
        };
        let came = came.map(|file| (file.file_name.clone(), file.day));
        if let (None, Some(file)) = (first, stopped) {
            note = format!("{} was {}", file.file_name, file.state.as_str());
        }
        let until = came.as_ref().map_or(self.today, |(_, day)| *day);
        let late = if state <= FreshnessState::Late { days_between(due, until) } else { 0 };
        let mut counts = true;
        if state <= FreshnessState::Late && self.began.is_none_or(|began| due < began) {
            counts = false;
            note = join(&note, "was due before this ledger began, so it does not count");
        } else if state <= FreshnessState::Late && self.invented {
            counts = false;
            note = join(&note, "the project's extracts are invented, so it does not count");
        }
        Freshness {
            dataset: schema.dataset.clone(),
            supplier: supplier.clone(),
            calendar: expected.calendar,
            period: span.name.clone(),
            ends: span.last,
            due,
            state,
            days_late: late,
            came,
            note,
            counts,
        }
    }

    /// The periods of a calendar to look at.
    fn spans(&self, calendar: Calendar, period: Option<Period>) -> Vec<CalendarPeriod> {
        let Some(period) = period else {
            return last_finished(calendar, self.today, self.start).into_iter().collect();
        };
        let mut spans = Vec::new();
        let mut day = period.first_day();
        while day <= period.last_day() {
            if let Some(span) = span_at(calendar, day, self.start)
                && span.last <= period.last_day()
                && span.last >= period.first_day()
                && spans.last() != Some(&span)
            {
                spans.push(span);
            }
            day = next(day);
        }
        if calendar == Calendar::Once && self.start <= period.last_day() {
            spans.extend(span_at(calendar, self.start, self.start));
            spans.dedup();
        }
        spans
    }
}

fn join(note: &str, more: &str) -> String {
    if note.is_empty() { more.to_owned() } else { format!("{note}; {more}") }
}

fn days_between(from: Date, to: Date) -> u32 {
    from.until(to).map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0))
}

fn next(day: Date) -> Date {
    day.saturating_add(Span::new().days(1))
}

/// The last period of a calendar that was over before a day. `Once` is over on the programme's first day.
fn last_finished(calendar: Calendar, today: Date, start: Date) -> Option<CalendarPeriod> {
    let running = span_at(calendar, today, start)?;
    if calendar == Calendar::Once {
        return (running.last < today).then_some(running);
    }
    span_at(calendar, running.first.yesterday().ok()?, start)
}

/// The period of a calendar that holds a day. Weeks begin on Monday, years in January.
fn span_at(calendar: Calendar, day: Date, start: Date) -> Option<CalendarPeriod> {
    let span =
        |name: String, first: Date, last: Date, next_last: Date| Some(CalendarPeriod { name, first, last, next_last });
    match calendar {
        Calendar::Weekly => {
            let week = day.iso_week_date();
            let first = day.checked_sub(Span::new().days(i64::from(week.weekday().to_monday_zero_offset()))).ok()?;
            let last = first.checked_add(Span::new().days(6)).ok()?;
            let name = format!("{}-W{:02}", week.year(), week.week());
            span(name, first, last, last.checked_add(Span::new().days(7)).ok()?)
        }
        Calendar::Monthly => {
            let last = day.last_of_month();
            span(day.strftime("%Y-%m").to_string(), day.first_of_month(), last, last.tomorrow().ok()?.last_of_month())
        }
        Calendar::Quarterly => {
            let period = Period::containing(day);
            span(period.to_string(), period.first_day(), period.last_day(), period.next().last_day())
        }
        Calendar::Yearly => {
            let year = day.year();
            span(year.to_string(), date(year, 1, 1), date(year, 12, 31), date(year.checked_add(1)?, 12, 31))
        }
        Calendar::Once => span("once".to_owned(), Date::MIN, start, Date::MAX),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{CalendarPeriod, Watch, last_finished, span_at};
    use crate::definitions::{Calendar, WorkingDays};

    const START: Date = date(2019, 1, 1);

    fn told(span: Option<CalendarPeriod>) -> (String, Date, Date) {
        let span = span.expect("a span");
        (span.name, span.first, span.last)
    }

    #[test]
    fn every_calendar_knows_its_last_finished_period() {
        let last = |calendar| told(last_finished(calendar, date(2021, 1, 8), START));
        assert_eq!(last(Calendar::Weekly), ("2020-W53".to_owned(), date(2020, 12, 28), date(2021, 1, 3)));
        assert_eq!(last(Calendar::Monthly), ("2020-12".to_owned(), date(2020, 12, 1), date(2020, 12, 31)));
        assert_eq!(last(Calendar::Quarterly), ("2020-21-Q3".to_owned(), date(2020, 10, 1), date(2020, 12, 31)));
        assert_eq!(last(Calendar::Yearly), ("2020".to_owned(), date(2020, 1, 1), date(2020, 12, 31)));
        assert_eq!(last(Calendar::Once).0, "once");
        assert_eq!(last_finished(Calendar::Once, START, START), None);
        let on_last_day = last_finished(Calendar::Quarterly, date(2020, 12, 31), START);
        assert_eq!(told(on_last_day).0, "2020-21-Q2", "a quarter is over when its last day is");
    }

    #[test]
    fn a_quarter_holds_the_periods_that_end_in_it() {
        let watch =
            Watch { today: date(2021, 1, 8), began: None, invented: false, start: START, days: WorkingDays::default() };
        let names = |calendar, period: &str| {
            let spans = watch.spans(calendar, Some(period.parse().expect("a period")));
            spans.into_iter().map(|span| span.name).collect::<Vec<_>>()
        };
        assert_eq!(names(Calendar::Monthly, "2020-21-Q3"), ["2020-10", "2020-11", "2020-12"]);
        assert_eq!(names(Calendar::Quarterly, "2020-21-Q3"), ["2020-21-Q3"]);
        assert_eq!(names(Calendar::Yearly, "2020-21-Q3"), ["2020"]);
        assert_eq!(names(Calendar::Yearly, "2020-21-Q2"), [""; 0]);
        assert_eq!(names(Calendar::Weekly, "2020-21-Q3").len(), 13);
        assert_eq!(names(Calendar::Once, "2020-21-Q3"), ["once"]);
        assert_eq!(names(Calendar::Once, "2012-13-Q3"), [""; 0]);
    }

    #[test]
    fn a_week_belongs_to_the_year_of_its_thursday() {
        assert_eq!(told(span_at(Calendar::Weekly, date(2021, 1, 3), START)).0, "2020-W53");
        assert_eq!(told(span_at(Calendar::Weekly, date(2021, 1, 4), START)).0, "2021-W01");
    }
}
