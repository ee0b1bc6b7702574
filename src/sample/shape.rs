//! The shapes of the data: weights and distributions. All of them invented; authorities weigh roughly what their
//! population does, West Wales and the Valleys a little more because the programme is for it.

use super::dice::Curve;

/// Code, letters of the postcode, weight. District 0 of these postcode areas does not exist.
pub(super) const AUTHORITIES: [((&str, &str), i64); 22] = [
    (("W06000001", "LL0 1"), 70),
    (("W06000002", "LL0 2"), 125),
    (("W06000003", "LL0 3"), 117),
    (("W06000004", "LL0 4"), 96),
    (("W06000005", "CH0 5"), 156),
    (("W06000006", "LL0 6"), 136),
    (("W06000008", "SA0 1"), 73),
    (("W06000009", "SA0 2"), 126),
    (("W06000010", "SA0 3"), 189),
    (("W06000011", "SA0 4"), 247),
    (("W06000012", "SA0 5"), 143),
    (("W06000013", "CF0 1"), 147),
    (("W06000014", "CF0 2"), 130),
    (("W06000015", "CF0 3"), 290),
    (("W06000016", "CF0 4"), 241),
    (("W06000018", "NP0 1"), 181),
    (("W06000019", "NP0 2"), 70),
    (("W06000020", "NP0 3"), 94),
    (("W06000021", "NP0 4"), 95),
    (("W06000022", "NP0 5"), 150),
    (("W06000023", "LD0 1"), 110),
    (("W06000024", "CF0 5"), 62),
];

pub(super) const LEGAL_FORMS: [(&str, i64); 9] = [
    ("LTD", 800),
    ("PLC", 15),
    ("LLP", 35),
    ("LP", 5),
    ("SOLE_TRADER", 70),
    ("PARTNERSHIP", 35),
    ("CIC", 15),
    ("COOP", 20),
    ("CHARITY", 5),
];

/// Sector and an industry class of the UK SIC 2007 within it.
pub(super) const SECTORS: [((&str, &str), i64); 18] = [
    (("ADV_MANUF", "28290"), 90),
    (("ADV_MANUF", "26511"), 50),
    (("AEROSPACE", "30300"), 60),
    (("AUTO", "29320"), 80),
    (("ELECTRONICS", "26110"), 60),
    (("ELECTRONICS", "27120"), 40),
    (("FOOD", "10890"), 90),
    (("FOOD", "10130"), 50),
    (("METALS", "25620"), 110),
    (("METALS", "25110"), 70),
    (("METALS", "24420"), 20),
    (("CHEM_PHARMA", "20590"), 40),
    (("CHEM_PHARMA", "21200"), 30),
    (("OTHER_MANUF", "22290"), 70),
    (("OTHER_MANUF", "16230"), 40),
    (("OTHER_MANUF", "31090"), 40),
    (("NON_MANUF", "71122"), 40),
    (("NON_MANUF", "62012"), 20),
];

pub(super) const TIERS: [(&str, i64); 6] = [("OEM", 60), ("T1", 150), ("T2", 320), ("T3", 270), ("NA", 150), ("", 50)];

/// People employed.
pub(super) const HEADCOUNT: &Curve = &[
    (0, 1),
    (150_000, 4),
    (350_000, 9),
    (550_000, 18),
    (720_000, 35),
    (850_000, 70),
    (930_000, 130),
    (968_000, 230),
    (985_000, 320),
    (997_000, 700),
    (1_000_000, 2400),
];

/// Turnover a person, in pounds.
pub(super) const TURNOVER_A_HEAD: &Curve =
    &[(0, 38_000), (250_000, 75_000), (500_000, 105_000), (750_000, 150_000), (950_000, 260_000), (1_000_000, 480_000)];

/// Fee of a diagnostic without VAT, in euro cents; the budget implies 1,166.67.
pub(super) const FEE: &Curve = &[
    (0, 90_000),
    (250_000, 107_000),
    (500_000, 116_000),
    (750_000, 124_000),
    (950_000, 145_000),
    (1_000_000, 190_000),
];

/// Days from the action plan to the application.
pub(super) const DAYS_TO_APPLY: &Curve =
    &[(0, 8), (250_000, 35), (500_000, 75), (750_000, 140), (950_000, 280), (1_000_000, 460)];

/// Grants in pounds, by scheme. IV Plus ends at its cap, where one in twelve stands.
pub(super) const GRANT_IV: &Curve =
    &[(0, 1500), (250_000, 3400), (500_000, 5200), (750_000, 8600), (950_000, 16_500), (1_000_000, 25_000)];
pub(super) const GRANT_IV_PLUS: &Curve =
    &[(0, 11_000), (250_000, 24_000), (500_000, 39_000), (750_000, 63_000), (920_000, 100_000), (1_000_000, 100_000)];
pub(super) const GRANT_SMART: &Curve =
    &[(0, 14_000), (250_000, 36_000), (500_000, 61_000), (750_000, 105_000), (950_000, 190_000), (1_000_000, 260_000)];

/// Grants of the few that dominate their cells, in pounds.
pub(super) const GRANT_GIANT: &Curve = &[(0, 420_000), (700_000, 600_000), (1_000_000, 950_000)];

/// A component: code, mean current and target level at the first diagnostic in tenths, how many of a thousand firms it
/// does not apply to.
pub(super) struct Component {
    pub(super) code: &'static str,
    pub(super) current: i64,
    pub(super) target: i64,
    pub(super) not_applicable: i64,
}

const fn component(code: &'static str, current: i64, target: i64, not_applicable: i64) -> Component {
    Component { code, current, target, not_applicable }
}

pub(super) const COMPONENTS: [Component; 21] = [
    component("PE1", 12, 25, 160),
    component("PE2", 15, 31, 110),
    component("PE3", 16, 34, 60),
    component("PE4", 19, 33, 90),
    component("PE5", 13, 34, 30),
    component("PE6", 23, 35, 10),
    component("MS1", 11, 29, 30),
    component("MS2", 15, 32, 40),
    component("MS3", 12, 33, 30),
    component("MS4", 13, 26, 140),
    component("MS5", 14, 40, 0),
    component("MS6", 8, 19, 180),
    component("MS7", 17, 41, 0),
    component("SC1", 18, 31, 70),
    component("SC2", 16, 32, 40),
    component("CI1", 14, 27, 120),
    component("CI2", 15, 33, 150),
    component("CI3", 19, 28, 170),
    component("PI1", 21, 39, 0),
    component("PI2", 24, 37, 30),
    component("PI3", 27, 38, 0),
];
