//! An invented quarter. Nothing here is a real firm or a real figure.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use jiff::civil::date;
use rust_decimal::Decimal;

use crate::definitions::Text;
use crate::disclosure::Protected;
use crate::model::{
    AreaCode, CellKey, DatasetName, Direction, EditionId, IndicatorId, Kind, ObsStatus, Observation, Period,
    PublishedCell, RagLimits, TOTAL_MEMBER, Table, TableHeader, Target, TargetBasis, TimeKey, Unit,
};
use crate::pack::{
    AreaName, CatalogueEntry, ComponentName, DatasetQuality, Pack, PackInput, QualityStatement, Rounding,
    SuppressionSummary,
};

const PERIOD: &str = "2020-21-Q3";

/// Everything an input borrows.
pub(super) struct Example {
    edition: EditionId,
    tables: Vec<Table<Protected>>,
    catalogue: BTreeMap<IndicatorId, CatalogueEntry>,
    targets: Vec<Target>,
    pub(super) areas: Vec<AreaName>,
    components: Vec<ComponentName>,
    quality: QualityStatement,
    suppression: SuppressionSummary,
    parameters: BTreeMap<String, String>,
}

impl Example {
    /// A quarter with every table.
    pub(super) fn whole() -> Self {
        Self { tables: tables(), targets: targets(), ..Self::empty() }
    }

    /// A quarter without any figure.
    pub(super) fn empty() -> Self {
        let dataset = |name: &str, rows_in, repaired, quarantined| DatasetQuality {
            dataset: DatasetName::new(name).expect("a name"),
            rows_in,
            accepted: rows_in - quarantined,
            repaired,
            quarantined,
            refused_files: u64::from(name == "vouchers"),
        };
        Self {
            edition: format!("iacw-quarterly@{PERIOD}.v1").parse().expect("an edition"),
            tables: Vec::new(),
            catalogue: catalogue(),
            targets: Vec::new(),
            areas: areas(),
            components: components(),
            quality: QualityStatement {
                datasets: vec![
                    dataset("businesses", 450, 3, 2),
                    dataset("diagnostics", 512, 0, 4),
                    dataset("diagnostic_scores", 10_752, 0, 1),
                    dataset("vouchers", 231, 1, 3),
                ],
            },
            suppression: SuppressionSummary { cells: 4_120, hidden: 37 },
            parameters: BTreeMap::from([("policy_version".to_owned(), "placeholder-1".to_owned())]),
        }
    }

    pub(super) fn input(&self) -> PackInput<'_> {
        PackInput {
            edition: &self.edition,
            period: PERIOD.parse().expect("a period"),
            as_of: date(2020, 12, 31),
            snapshot: "7f3a91c2",
            provisional: true,
            illustrative: true,
            rehearsal: false,
            tables: &self.tables,
            catalogue: &self.catalogue,
            targets: &self.targets,
            rag: RagLimits { on_track: Decimal::new(95, 2), at_risk: Decimal::new(80, 2) },
            rounding: Rounding::STANDARD,
            areas: &self.areas,
            components: &self.components,
            quality: &self.quality,
            suppression: &self.suppression,
            sections: &[],
            code_version: "0.1.0",
            contact: Some("monitoring@example.org"),
            parameters: &self.parameters,
        }
    }
}

fn text(en: &str, cy: &str) -> Text {
    Text { cy: cy.to_owned(), en: en.to_owned() }
}

fn areas() -> Vec<AreaName> {
    const AUTHORITIES: [(&str, &str, &str, &str); 22] = [
        ("W06000001", "Isle of Anglesey", "Ynys Môn", "WWV"),
        ("W06000002", "Gwynedd", "Gwynedd", "WWV"),
        ("W06000003", "Conwy", "Conwy", "WWV"),
        ("W06000004", "Denbighshire", "Sir Ddinbych", "WWV"),
        ("W06000005", "Flintshire", "Sir y Fflint", "EW"),
        ("W06000006", "Wrexham", "Wrecsam", "EW"),
        ("W06000008", "Ceredigion", "Ceredigion", "WWV"),
        ("W06000009", "Pembrokeshire", "Sir Benfro", "WWV"),
        ("W06000010", "Carmarthenshire", "Sir Gaerfyrddin", "WWV"),
        ("W06000011", "Swansea", "Abertawe", "WWV"),
        ("W06000012", "Neath Port Talbot", "Castell-nedd Port Talbot", "WWV"),
        ("W06000013", "Bridgend", "Pen-y-bont ar Ogwr", "WWV"),
        ("W06000014", "Vale of Glamorgan", "Bro Morgannwg", "EW"),
        ("W06000015", "Cardiff", "Caerdydd", "EW"),
        ("W06000016", "Rhondda Cynon Taf", "Rhondda Cynon Taf", "WWV"),
        ("W06000018", "Caerphilly", "Caerffili", "WWV"),
        ("W06000019", "Blaenau Gwent", "Blaenau Gwent", "WWV"),
        ("W06000020", "Torfaen", "Torfaen", "WWV"),
        ("W06000021", "Monmouthshire", "Sir Fynwy", "EW"),
        ("W06000022", "Newport", "Casnewydd", "EW"),
        ("W06000023", "Powys", "Powys", "EW"),
        ("W06000024", "Merthyr Tydfil", "Merthyr Tudful", "WWV"),
    ];
    let area = |code: &str, en: &str, cy: &str, region: Option<&str>| AreaName {
        code: AreaCode::new(code).expect("a code"),
        name: text(en, cy),
        region: region.map(|region| AreaCode::new(region).expect("a code")),
    };
    let regions = [
        area("WWV", "West Wales and the Valleys", "Gorllewin Cymru a’r Cymoedd", None),
        area("EW", "East Wales", "Dwyrain Cymru", None),
        area("WALES", "Wales", "Cymru", None),
        area("UK", "United Kingdom", "Y Deyrnas Unedig", None),
    ];
    regions
        .into_iter()
        .chain(AUTHORITIES.iter().map(|(code, en, cy, region)| area(code, en, cy, Some(region))))
        .collect()
}

fn components() -> Vec<ComponentName> {
    const GROUPS: [(&str, &str, &str); 5] = [
        ("PE", "Production efficiency upgrades", "Uwchraddio effeithlonrwydd cynhyrchu"),
        ("MS", "Manufacturing system upgrades", "Uwchraddio systemau gweithgynhyrchu"),
        ("SC", "Supply chain integration", "Integreiddio’r gadwyn gyflenwi"),
        ("CI", "Customer integration", "Integreiddio cwsmeriaid"),
        ("PI", "Product innovation", "Arloesi cynnyrch"),
    ];
    const NAMES: [(&str, &str, &str); 21] = [
        ("PE1", "Additive manufacturing", "Gweithgynhyrchu adiol"),
        ("PE2", "Digitally assisted assembly", "Cydosod â chymorth digidol"),
        ("PE3", "Robotics & automation", "Roboteg ac awtomeiddio"),
        ("PE4", "Flexible manufacturing cells", "Celloedd gweithgynhyrchu hyblyg"),
        ("PE5", "Predictive maintenance", "Cynnal a chadw rhagfynegol"),
        ("PE6", "Energy & water efficiency / reductions", "Effeithlonrwydd ynni a dŵr / defnyddio llai"),
        ("MS1", "Internet of Things", "Rhyngrwyd Pethau"),
        ("MS2", "Sensors (including RFID)", "Synwyryddion (gan gynnwys RFID)"),
        ("MS3", "Systems integration (big data)", "Integreiddio systemau (data mawr)"),
        ("MS4", "Simulation", "Efelychu"),
        ("MS5", "Cyber security", "Seiberddiogelwch"),
        ("MS6", "Augmented & virtual reality", "Realiti estynedig a realiti rhithwir"),
        ("MS7", "Paper to digital processes", "O brosesau papur i brosesau digidol"),
        ("SC1", "Circular economy & remanufacturing", "Yr economi gylchol ac ailweithgynhyrchu"),
        (
            "SC2",
            "Supply chain integration information & value system mapping",
            "Gwybodaeth am integreiddio’r gadwyn gyflenwi a mapio’r system werth",
        ),
        ("CI1", "Servitisation", "Gwasanaetheiddio"),
        ("CI2", "Web based customer order tracking", "Olrhain archebion cwsmeriaid ar y we"),
        ("CI3", "Mass customisation", "Addasu ar raddfa fawr"),
        ("PI1", "Innovation best practice / readiness", "Arferion gorau a pharodrwydd i arloesi"),
        ("PI2", "New product development", "Datblygu cynnyrch newydd"),
        ("PI3", "Continuous product improvement", "Gwella cynnyrch yn barhaus"),
    ];
    NAMES
        .iter()
        .map(|(code, en, cy)| {
            let (group, group_en, group_cy) =
                GROUPS.iter().find(|(group, _, _)| code.starts_with(group)).expect("each has a group");
            ComponentName {
                code: (*code).to_owned(),
                group: (*group).to_owned(),
                group_name: text(group_en, group_cy),
                name: text(en, cy),
            }
        })
        .collect()
}

fn catalogue() -> BTreeMap<IndicatorId, CatalogueEntry> {
    let diagnostics = ("contractors’ diagnostics extracts", "echdyniadau diagnostig y contractwyr");
    let vouchers = ("voucher extracts", "echdyniadau talebau");
    let ons = ("ONS, Subregional productivity", "SYG, Cynhyrchiant isranbarthol");
    [
        (
            "D01",
            "SMEs that received a diagnostic",
            "BBaChau sydd wedi cael asesiad diagnostig",
            diagnostics,
            "reported_on",
        ),
        ("D02", "Budget used", "Gwariant yn erbyn y gyllideb", diagnostics, "reported_on"),
        ("D06", "Innovation vouchers approved", "Talebau Arloesi a gymeradwywyd", vouchers, "decided_on"),
        ("D10", "Funnel conversion", "Cyfraddau trosi’r llwybr cymorth", diagnostics, "reported_on"),
        ("M01", "Mean maturity by component", "Aeddfedrwydd cymedrig yn ôl cydran", diagnostics, "reported_on"),
        (
            "M02",
            "Blue-to-red gap closed",
            "Cyfran y bwlch (llinell las i linell goch) a gaewyd",
            diagnostics,
            "reported_on",
        ),
        ("O01", "Enterprises supported", "Mentrau a gefnogwyd", vouchers, "reported_on"),
        (
            "O03",
            "Enterprises supported to introduce new-to-market products",
            "Mentrau a gefnogwyd: cynhyrchion newydd i’r farchnad",
            vouchers,
            "observed_on",
        ),
        ("G03", "GVA per hour worked", "GYG fesul awr a weithiwyd", ons, "year"),
        ("G04", "GVA per filled job", "GYG fesul swydd wedi’i llenwi", ons, "year"),
        ("G06", "Index, UK = 100", "Mynegai (y DU = 100)", ons, "year"),
        ("G09", "Productivity gap to UK", "Bwlch cynhyrchiant â’r DU", ons, "year"),
    ]
    .into_iter()
    .map(|(id, en, cy, source, dated_by)| {
        let entry = CatalogueEntry {
            title: text(en, cy),
            short: text(en, cy),
            formula: text(
                "Distinct enterprises, successors followed, counted once at the first event of the kind.",
                "Mentrau unigryw, gan ddilyn olynwyr, wedi’u cyfrif unwaith adeg y digwyddiad cyntaf o’i fath.",
            ),
            source: text(source.0, source.1),
            dated_by: dated_by.to_owned(),
            actions: if id.starts_with('G') { vec![1, 4] } else { vec![1, 2] },
            direction: Direction::Up,
        };
        (IndicatorId::new(id).expect("an id"), entry)
    })
    .collect()
}

fn targets() -> Vec<Target> {
    let target = |id: &str, period: &str, amount: Decimal, basis| Target {
        measure_id: id.to_owned(),
        scope: "WALES".to_owned(),
        period: period.to_owned(),
        amount,
        basis,
    };
    let mut targets = vec![
        target("D01", "PROGRAMME", 700.into(), TargetBasis::Ceiling),
        target("D02_DIAGNOSTICS", "PROGRAMME", 980_000.into(), TargetBasis::Ceiling),
        target("D02_DIAGNOSTICS", PERIOD, 980_000.into(), TargetBasis::Profile),
        target("D06", PERIOD, 240.into(), TargetBasis::Profile),
        target("D06_COMMITTED", PERIOD, 5_200_000.into(), TargetBasis::Profile),
        target("M02", "PROGRAMME", 30.into(), TargetBasis::Target),
        target("O03", PERIOD, 55.into(), TargetBasis::Profile),
    ];
    for (index, period) in (1_i64..).zip(quarters()) {
        targets.push(target(
            "D01",
            &period.to_string(),
            Decimal::from(700 * index) / Decimal::from(8),
            TargetBasis::Profile,
        ));
    }
    targets
}

fn quarters() -> impl Iterator<Item = Period> {
    let first: Period = "2018-19-Q4".parse().expect("a period");
    (0..8).map(move |step| Period::from_index(first.index() + step))
}

fn header(id: &str, measure: &str, kind: Kind, unit: Unit, decimals: u32, dimensions: &[&str]) -> TableHeader {
    TableHeader {
        indicator: IndicatorId::new(id).expect("an id"),
        measure: measure.to_owned(),
        kind,
        unit,
        decimals,
        dimensions: dimensions.iter().map(|name| (*name).to_owned()).collect(),
        vintage: (kind == Kind::Reference).then(|| "June 2020".to_owned()),
    }
}

type Cells = BTreeMap<CellKey, PublishedCell>;

fn put(cells: &mut Cells, time: TimeKey, area: &str, members: &[&str], observation: Observation) {
    let key = CellKey {
        time,
        area: AreaCode::new(area).expect("a code"),
        members: members.iter().map(|member| (*member).to_owned()).collect(),
    };
    cells.insert(key, PublishedCell { observation, interval: None });
}

/// Figures to date by quarter for Wales, shared out between the regions.
fn growing(header: TableHeader, totals: [i64; 8], members: &[&str]) -> Table<Protected> {
    let mut cells = Cells::new();
    let mut before = 0;
    for (period, total) in quarters().zip(totals) {
        for (area, share) in [("WWV", 61), ("EW", 39), ("WALES", 100)] {
            let part = |value: i64| Observation::of(Decimal::from(value * share) / Decimal::ONE_HUNDRED);
            put(&mut cells, TimeKey::ToDate(period), area, members, part(total));
            put(&mut cells, TimeKey::Quarter(period), area, members, part(total - before));
        }
        before = total;
    }
    Table::new(Protected::assume_for_test(), header, cells)
}

fn tables() -> Vec<Table<Protected>> {
    let per_cent = |id: &str, m: &str| header(id, m, Kind::Ratio, Unit::PerCent, 1, &[]);
    vec![
        diagnostics(),
        growing(
            header("D02", "spend_eur", Kind::Magnitude, Unit::Eur, 0, &[]),
            [81_300, 203_000, 330_700, 452_100, 579_900, 640_200, 770_300, 902_455],
            &[],
        ),
        growing(per_cent("M02", "value"), [0, 5, 11, 16, 21, 26, 30, 34], &[]),
        vouchers("approved", Kind::Count, Unit::Vouchers, 0, [10, 42, 70, 101, 131, 150, 190, 231]),
        vouchers(
            "committed",
            Kind::Magnitude,
            Unit::Gbp,
            0,
            [150_000, 600_000, 1_100_000, 1_600_000, 2_100_000, 2_500_000, 3_400_000, 3_947_321],
        ),
        growing(
            header("O01", "value", Kind::Count, Unit::Enterprises, 0, &[]),
            [60, 150, 245, 340, 431, 490, 580, 664],
            &[],
        ),
        growing(header("O03", "value", Kind::Count, Unit::Enterprises, 0, &[]), [0, 2, 8, 15, 24, 33, 49, 61], &[]),
        funnel(),
        levels("current"),
        levels("target"),
        index("G06", "per_hour", Unit::IndexUk100),
        index("G06", "per_job", Unit::IndexUk100),
        index("G09", "points", Unit::Points),
        index("G03", "value", Unit::GbpPerHour),
        index("G04", "value", Unit::GbpPerJob),
    ]
}

fn diagnostics() -> Table<Protected> {
    let whole =
        growing(header("D01", "value", Kind::Count, Unit::Smes, 0, &[]), [58, 150, 243, 331, 420, 468, 559, 641], &[]);
    let mut cells = whole.cells().clone();
    let period: Period = PERIOD.parse().expect("a period");
    let values = [0, 34, 22, 21, 49, 44, 0, 24, 46, 56, 31, 40, 18, 55, 52, 36, 11, 14, 19, 37, 26, 0];
    let areas = areas();
    for (area, value) in areas.iter().filter(|area| area.region.is_some()).zip(values) {
        let observation = if value == 0 {
            Observation::Missing(ObsStatus::Confidential)
        } else {
            Observation::of(Decimal::from(value))
        };
        put(&mut cells, TimeKey::ToDate(period), area.code.as_str(), &[], observation);
    }
    Table::new(Protected::assume_for_test(), whole.header().clone(), cells)
}

fn vouchers(measure: &str, kind: Kind, unit: Unit, decimals: u32, totals: [i64; 8]) -> Table<Protected> {
    let whole = growing(header("D06", measure, kind, unit, decimals, &["scheme"]), totals, &[TOTAL_MEMBER]);
    let mut cells = whole.cells().clone();
    let period: Period = PERIOD.parse().expect("a period");
    for (scheme, share) in [("IV", 62), ("IV_PLUS", 30), ("SMART_CYMRU", 8)] {
        for (area, part) in [("WWV", 61), ("EW", 39), ("WALES", 100)] {
            let value = Decimal::from(totals[7] * share * part) / Decimal::from(10_000);
            let hidden = scheme == "SMART_CYMRU" && area != "WALES";
            let observation =
                if hidden { Observation::Missing(ObsStatus::Confidential) } else { Observation::of(value) };
            put(&mut cells, TimeKey::ToDate(period), area, &[scheme], observation);
        }
    }
    Table::new(Protected::assume_for_test(), whole.header().clone(), cells)
}

fn funnel() -> Table<Protected> {
    let period: Period = PERIOD.parse().expect("a period");
    let mut cells = Cells::new();
    let stages = [
        ("DIAGNOSTIC", 641),
        ("ACTION_PLAN", 598),
        ("VOUCHER_APPROVED", 231),
        ("PROJECT_STARTED", 190),
        ("PROJECT_COMPLETED", 104),
        ("RD_OUTCOME", 61),
    ];
    for (stage, count) in stages {
        for (area, share) in [("WWV", 61), ("EW", 39), ("WALES", 100)] {
            let value = Decimal::from(count * share) / Decimal::ONE_HUNDRED;
            put(&mut cells, TimeKey::ToDate(period), area, &[stage], Observation::of(value));
        }
    }
    Table::new(Protected::assume_for_test(), header("D10", "firms", Kind::Count, Unit::Smes, 0, &["stage"]), cells)
}

fn levels(measure: &str) -> Table<Protected> {
    let current = [12, 15, 16, 19, 13, 23, 11, 15, 12, 13, 14, 8, 17, 18, 16, 14, 15, 19, 21, 24, 27];
    let target = [25, 31, 34, 33, 34, 35, 29, 32, 33, 26, 40, 19, 41, 31, 32, 27, 33, 28, 39, 37, 38];
    let values = if measure == "current" { current } else { target };
    let period: Period = PERIOD.parse().expect("a period");
    let mut cells = Cells::new();
    for (component, value) in components().iter().zip(values) {
        for area in ["WWV", "EW", "WALES"] {
            let observation = Observation::of(Decimal::new(value * 100 + 37, 3));
            put(&mut cells, TimeKey::ToDate(period), area, &[&component.code], observation);
        }
    }
    Table::new(Protected::assume_for_test(), header("M01", measure, Kind::Mean, Unit::Levels, 1, &["component"]), cells)
}

fn index(id: &str, measure: &str, unit: Unit) -> Table<Protected> {
    let west = [827, 801, 789, 782, 797, 769, 782, 797, 798, 798, 794, 777, 787, 804, 796];
    let east = [857, 851, 859, 869, 840, 874, 870, 870, 910, 902, 869, 875, 885, 869, 856];
    let wales = [840, 822, 819, 819, 815, 813, 819, 828, 846, 842, 826, 818, 828, 832, 822];
    let decimals = match unit {
        Unit::GbpPerHour => 2,
        Unit::GbpPerJob => 0,
        _ => 1,
    };
    let mut cells = Cells::new();
    for (area, values) in [("WWV", west), ("EW", east), ("WALES", wales), ("UK", [1000; 15])] {
        for (year, value) in (2004_i16..).zip(values) {
            let index = Decimal::new(value, 1);
            let value = match unit {
                Unit::Points => Decimal::ONE_HUNDRED - index,
                Unit::GbpPerHour => index * Decimal::new(35, 2),
                Unit::GbpPerJob => index * Decimal::from(560),
                _ => index,
            };
            put(&mut cells, TimeKey::Year(year), area, &[], Observation::of(value));
        }
    }
    Table::new(Protected::assume_for_test(), header(id, measure, Kind::Reference, unit, decimals, &[]), cells)
}

/// Writes a pack's files where `MESUR_LOOK` says, for a person to look at.
pub(super) fn write_for_a_person(pack: &Pack) {
    let Some(folder) = option_env!("MESUR_LOOK").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).expect("the folder can be made");
    for artefact in pack.artefacts.iter().chain([&pack.manifest]) {
        fs::write(folder.join(&artefact.file_name), &artefact.bytes).expect("the file can be written");
    }
    for (name, mail) in [("mail-cy", &pack.mail_cy_first), ("mail-en", &pack.mail_en_first)] {
        fs::write(folder.join(format!("{name}.html")), &mail.html).expect("the file can be written");
        fs::write(folder.join(format!("{name}.txt")), &mail.text).expect("the file can be written");
    }
}
