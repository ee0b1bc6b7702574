//! What a figure is and what it is measured in.

/// What a figure is, which decides how it is computed and protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A number of enterprises or cases: sum of numerators.
    Count,
    /// Money or another quantity: sum of numerators.
    Magnitude,
    /// Sum of numerators over sum of denominators; times 100 when the unit is per cent.
    Ratio,
    /// A mean: sum of values over number of observations. Protected like a ratio.
    Mean,
    /// A median over observations, exact.
    Median,
    /// The median of times to an event of which some have not happened yet.
    SurvivalMedian,
    /// The annual rate at which one sum became another.
    Growth,
    /// The estimate of an effect, with an interval.
    Estimate,
    /// A published statistic: no contributors, nothing to protect.
    Reference,
}

impl Kind {
    /// Whether figures of this kind are made of sums, so that parts add up to totals. Of all others a cell holds the
    /// finished value, and its contributions say only who is in it and with what.
    #[must_use]
    pub const fn is_additive(self) -> bool {
        matches!(self, Self::Count | Self::Magnitude | Self::Ratio | Self::Mean)
    }

    /// Whether a figure divides one sum by another.
    #[must_use]
    pub const fn divides(self) -> bool {
        matches!(self, Self::Ratio | Self::Mean)
    }

    /// Whether a figure has a level, which does not grow from quarter to quarter as a sum does.
    #[must_use]
    pub const fn is_level(self) -> bool {
        !matches!(self, Self::Count | Self::Magnitude)
    }

    /// The word in headers of indicators.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Magnitude => "magnitude",
            Self::Ratio => "ratio",
            Self::Mean => "mean",
            Self::Median => "median",
            Self::SurvivalMedian => "survival_median",
            Self::Growth => "growth",
            Self::Estimate => "estimate",
            Self::Reference => "reference",
        }
    }
}

/// What a figure is measured in. Weekly hours never reach a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Small and medium-sized enterprises.
    Smes,
    /// Enterprises.
    Enterprises,
    /// Vouchers.
    Vouchers,
    /// People.
    People,
    /// Full-time equivalents.
    Fte,
    /// Jobs, filled.
    Jobs,
    /// Patents.
    Patents,
    /// Projects.
    Projects,
    /// Actions of action plans.
    Actions,
    /// Action plans.
    Plans,
    /// Pounds.
    Gbp,
    /// Millions of pounds: the value 1.5 means £1.5m.
    GbpMillion,
    /// Euros.
    Eur,
    /// Per cent: the value 34.2 means 34.2%.
    PerCent,
    /// Per cent a year: the value 1.8 means 1.8% a year.
    PerCentAYear,
    /// Maturity or readiness levels.
    Levels,
    /// Pounds per hour worked.
    GbpPerHour,
    /// Pounds per filled job.
    GbpPerJob,
    /// Pounds per full-time equivalent.
    GbpPerFte,
    /// Pounds per person.
    GbpPerPerson,
    /// Index, UK = 100.
    #[serde(rename = "index_uk_100", alias = "index_uk100")]
    IndexUk100,
    /// Index points.
    Points,
    /// Differences of natural logarithms.
    LogPoints,
    /// A pure number, such as a benefit-cost ratio.
    Ratio,
    /// A score from 0 to 100.
    Score,
    /// Days.
    Days,
    /// Minutes.
    Minutes,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 27] = [
        Self::Smes,
        Self::Enterprises,
        Self::Vouchers,
        Self::People,
        Self::Fte,
        Self::Jobs,
        Self::Patents,
        Self::Projects,
        Self::Actions,
        Self::Plans,
        Self::Gbp,
        Self::GbpMillion,
        Self::Eur,
        Self::PerCent,
        Self::PerCentAYear,
        Self::Levels,
        Self::GbpPerHour,
        Self::GbpPerJob,
        Self::GbpPerFte,
        Self::GbpPerPerson,
        Self::IndexUk100,
        Self::Points,
        Self::LogPoints,
        Self::Ratio,
        Self::Score,
        Self::Days,
        Self::Minutes,
    ];

    /// The word in headers of indicators, in CSV files and in the lake.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Smes => "smes",
            Self::Enterprises => "enterprises",
            Self::Vouchers => "vouchers",
            Self::People => "people",
            Self::Fte => "fte",
            Self::Jobs => "jobs",
            Self::Patents => "patents",
            Self::Projects => "projects",
            Self::Actions => "actions",
            Self::Plans => "plans",
            Self::Gbp => "gbp",
            Self::GbpMillion => "gbp_million",
            Self::Eur => "eur",
            Self::PerCent => "per_cent",
            Self::PerCentAYear => "per_cent_a_year",
            Self::Levels => "levels",
            Self::GbpPerHour => "gbp_per_hour",
            Self::GbpPerJob => "gbp_per_job",
            Self::GbpPerFte => "gbp_per_fte",
            Self::GbpPerPerson => "gbp_per_person",
            Self::IndexUk100 => "index_uk_100",
            Self::Points => "points",
            Self::LogPoints => "log_points",
            Self::Ratio => "ratio",
            Self::Score => "score",
            Self::Days => "days",
            Self::Minutes => "minutes",
        }
    }

    /// Whether things are counted, so that a figure about firms is rounded as counts are.
    #[must_use]
    pub const fn counts_things(self) -> bool {
        matches!(
            self,
            Self::Smes
                | Self::Enterprises
                | Self::Vouchers
                | Self::People
                | Self::Patents
                | Self::Projects
                | Self::Actions
                | Self::Plans
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Unit};

    #[test]
    fn codes_are_the_words_of_headers() {
        for unit in Unit::ALL {
            let word = serde_json::to_value(unit).expect("a word");
            assert_eq!(word.as_str(), Some(unit.code()));
        }
        for kind in [Kind::SurvivalMedian, Kind::Growth, Kind::Estimate, Kind::Reference, Kind::Count, Kind::Median] {
            assert_eq!(serde_json::to_value(kind).expect("a word").as_str(), Some(kind.code()));
        }
    }

    #[test]
    fn only_sums_and_what_divides_them_are_additive() {
        let additive = [Kind::Count, Kind::Magnitude, Kind::Ratio, Kind::Mean];
        let others = [Kind::Median, Kind::SurvivalMedian, Kind::Growth, Kind::Estimate, Kind::Reference];
        assert!(additive.into_iter().all(Kind::is_additive));
        assert!(!others.into_iter().any(Kind::is_additive));
    }
}
