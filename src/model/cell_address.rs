//! The address of one published cell, as a person can write it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{AreaCode, CellKey, IndicatorId, Period, TimeKey};

/// One cell of one measure, written `D06/committed/to 2020-21-Q3/WALES/IV;_T;_T`: indicator, measure, time (`2019` a year,
/// `2020-21-Q3` within a quarter, `to 2020-21-Q3` from the start of the programme), area, and one member a dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellAddress {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Which measure of it.
    pub measure: String,
    /// Which cell.
    pub key: CellKey,
}

/// For each sheet of a workbook, the cells (`B7`) that show a released figure, and the address of that figure.
pub type PlacedCells = BTreeMap<String, BTreeMap<String, String>>;

/// Why a text is not the address of a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the address of a cell such as D06/committed/to 2020-21-Q3/WALES/IV;_T;_T")]
pub struct CellAddressError(String);

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/", self.indicator, self.measure)?;
        match self.key.time {
            TimeKey::Year(year) => write!(f, "{year}")?,
            TimeKey::Quarter(period) => write!(f, "{period}")?,
            TimeKey::ToDate(period) => write!(f, "to {period}")?,
        }
        write!(f, "/{}", self.key.area)?;
        if self.key.members.is_empty() {
            return Ok(());
        }
        write!(f, "/{}", self.key.members.join(";"))
    }
}

impl FromStr for CellAddress {
    type Err = CellAddressError;
    fn from_str(text: &str) -> Result<Self, CellAddressError> {
        let parse = || {
            let mut parts = text.splitn(5, '/');
            let indicator = IndicatorId::new(parts.next()?).ok()?;
            let measure = parts.next().filter(|measure| !measure.is_empty())?.to_owned();
            let time = parse_time(parts.next()?)?;
            let area = AreaCode::new(parts.next()?).ok()?;
            let members = parts.next().map(|members| members.split(';').map(str::to_owned).collect());
            Some(Self { indicator, measure, key: CellKey { time, area, members: members.unwrap_or_default() } })
        };
        parse().ok_or_else(|| CellAddressError(text.to_owned()))
    }
}

fn parse_time(text: &str) -> Option<TimeKey> {
    if let Some(period) = text.strip_prefix("to ") {
        return period.parse().ok().map(TimeKey::ToDate);
    }
    let year = text.parse().ok().map(TimeKey::Year);
    year.or_else(|| text.parse::<Period>().ok().map(TimeKey::Quarter))
}

#[cfg(test)]
mod tests {
    use super::CellAddress;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        for text in
            ["G03/value/2019/UK", "D01/value/2020-21-Q3/WWV/_T;_T", "D06/committed/to 2020-21-Q3/WALES/IV;_T;A/B"]
        {
            let address: CellAddress = text.parse().expect("an address");
            assert_eq!(address.to_string(), text);
        }
        for text in ["", "D06", "D06/committed", "D06//2019/UK", "D06/committed/then/UK", "D06/committed/to 2019/UK"] {
            assert!(text.parse::<CellAddress>().is_err(), "{text}");
        }
    }
}
