"""Counts what the published files hold, apart from our layouts, and compares it with the lake.

published_files.py deliver DATA INBOX TIER PART   copies the files under the names of extracts; PART is `industry` for
                                                  those of ref_industry, `other` for the rest: one file is one extract
published_files.py query NAME                      prints a query
published_files.py compare DATA RESULTS TIER       compares the queries' results (NAME.csv) with the files

The large tables by industry are left to the tier `full`.
"""

import collections
import csv
import pathlib
import re
import shutil
import sys
from decimal import Decimal

import openpyxl

GVA, PROD = "ons_gva", "ons_productivity"
# Dataset, supplier, day, file, and whether the quick tier takes it.
FILES = [
    ("ref_gva_productivity", "ons_gva_itl1", "20230425", f"{GVA}/table_1c_itl1_current_apr2023.csv", True),
    ("ref_gva_productivity", "ons_gva_itl2", "20230425", f"{GVA}/table_2c_itl2_current_apr2023.csv", True),
    ("ref_gva_productivity", "ons_gva_itl2", "20240424", f"{GVA}/table_2c_itl2_current_apr2024.csv", True),
    ("ref_gva_productivity", "ons_gva_itl2_cvm", "20230425", f"{GVA}/table_2b_itl2_cvm_2019money_apr2023.csv", True),
    ("ref_gva_productivity", "ons_gva_itl3", "20230425", f"{GVA}/table_3c_itl3_current_apr2023.csv", True),
    ("ref_gva_productivity", "ons_gva_totals", "20240424", f"{GVA}/table_1_gva_balanced_current_apr2024.csv", True),
    ("ref_gva_productivity", "ons_population", "20240424", f"{GVA}/table_6_population_apr2024.csv", True),
    ("ref_gva_productivity", "ons_gdp", "20230425", f"{GVA}/regionalgrossdomesticproductgdpallitlregions.xlsx", True),
    ("ref_gva_productivity", "ons_prod", "20230621", f"{PROD}/itlproductivity.xlsx", True),
    ("ref_gva_productivity", "ons_prod_lad", "20250630", f"{PROD}/labour_productivity_LAD_WLS.csv", True),
    ("ref_gva_productivity", "eurostat_gdp", "20170301", "eurostat/nama_10r_2gdp_2017vintage.tsv", True),
    ("ref_gva_productivity", "eurostat_gva_growth", "20170301", "eurostat/nama_10r_2gvagr_2017vintage.tsv", True),
    ("ref_gva_productivity", "eurostat_berd", "20210301", "berd_employment/eurostat_berd_data.nuts2.csv", True),
    ("ref_industry", "ons_gva_itl1", "20230425", f"{GVA}/table_1c_itl1_current_apr2023.csv", True),
    ("ref_industry", "ons_gva_itl2", "20230425", f"{GVA}/table_2c_itl2_current_apr2023.csv", False),
    ("ref_industry", "ons_gva_itl2", "20240424", f"{GVA}/table_2c_itl2_current_apr2024.csv", True),
    ("ref_industry", "ons_gva_itl2_cvm", "20230425", f"{GVA}/table_2b_itl2_cvm_2019money_apr2023.csv", False),
    ("ref_industry", "ons_gva_itl3", "20230425", f"{GVA}/table_3c_itl3_current_apr2023.csv", False),
    ("ref_industry", "nomis_bres", "20220930", "berd_employment/bres_itl2_employment_2digit_sic_2015_2021.csv", True),
    ("ref_deflators", "ons_ybgb", "20250630", "deflators/ons_ybgb_gdp_deflator_2025-06-30.csv", True),
    ("ref_deflators", "ons_cpih", "20250716", "deflators/ons_cpih_2025.csv", True),
    ("ref_deflators", "hmt_calendar", "20250630", "deflators/hmt_gdp_deflator_calendar_2024eq100_greenbook.csv", True),
    ("ref_areas", "ons_lad2018", "20180131", "lookups/lad2018_to_nuts3_nuts2_nuts1_2018.csv", True),
    ("ref_areas", "ons_itl2025", "20250131", "lookups/itl_2025_geography_lookup.csv", True),
    ("ref_areas", "statswales_areas", "20250131", "lookups/statswales_areas_en_cy.csv", True),
    ("sic_list", "ons_sic2007", "20200101", "lookups/sic2007_5digit_to_2digit_lookup_danolner.csv", True),
    ("sic_list", "ons_sic2007_divisions", "20200101", "lookups/sic_2digit_with_sections_danolner.csv", True),
]
QUERIES = {
    "ref_gva_productivity": """select _supplier, vintage, measure, price_basis, unit, coalesce(status, '') as status,
        count(1) as cells, count(value) as numbers, coalesce(sum(value), 0) as total
        from ref_gva_productivity group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6""",
    "ref_industry": """select _supplier, vintage, sic2, industry_level, coalesce(jobs_status, gva_status, '') as status,
        count(1) as cells, count(coalesce(jobs, gva_m)) as numbers, coalesce(sum(coalesce(jobs, gva_m)), 0) as total
        from ref_industry group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5""",
    "ref_deflators": """select _supplier, period, base_period, vintage, "index" from ref_deflators order by 1, 2, 3, 4""",
    "ref_areas": """select _supplier, area_code, name_en, name_cy, lad_code, level3_code, level2_code, level1_code, level3_name
        from ref_areas order by 1, 2""",
    "sic_list": """select _supplier, sic_code, title, group_code, division_code, section_code from sic_list order by 1, 2""",
    "check_values": """select vintage, measure, smoothed, area_code, year, value from ref_gva_productivity
        where area_code in ('TLL1', 'TLL2', 'UKX') and year between 2019 and 2021 and price_basis in ('CP', 'NA')
        order by 1, 2, 3, 4, 5""",
}
# data/README.md: vintage, measure, area, and the values of 2019, 2020 and 2021.
CHECK_VALUES = [
    ("2023-04", "GVA_BALANCED", "TLL1", "37212 35070 37931"),
    ("2024-04", "GVA_BALANCED", "TLL1", "37196 34913 36823"),
    ("2023-04", "GVA_BALANCED", "TLL2", "30743 29564 31569"),
    ("2023-04", "GVA_BALANCED", "UKX", "1980679 1891068 2025600"),
    ("2023-06", "GVA_PER_HOUR", "TLL1", "30.14 30.87 31.43"),
    ("2023-06", "GVA_PER_HOUR", "UKX", "36.18 39.00 38.68"),
]
PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
YEAR = re.compile(r"(19|20)\d\d")
NOTHING = {"u": "u", "[u]": "u", "[x]": "x", "x": "x", "z": "z", "[z]": "z", "c": "c", "[c]": "c", "*": "c", "..": "x", ":": "x"}


def chosen(tier):
    return [entry[:4] for entry in FILES if entry[4] or tier == "full"]


def read_text(path, encoding="utf-8-sig", delimiter=","):
    with open(path, encoding=encoding, newline="") as lines:
        return list(csv.reader(lines, delimiter=delimiter))


class Cells:
    """Cells, numbers and their exact sum, by any key."""

    def __init__(self):
        self.found = collections.defaultdict(lambda: [0, 0, Decimal(0)])

    def add(self, key, text):
        """Takes a cell. The last part of the key is its status, which the cell may say itself."""
        text = text.strip()
        status = ""
        if text not in NOTHING and text[-2:] in (" e", " p", " r", " b", " u"):
            text, status = text[:-2].strip(), text[-1]
        number = text.replace(",", "")
        if text in NOTHING:
            status = NOTHING[text]
        elif not PLAIN.fullmatch(number):
            raise SystemExit(f"{key}: `{text}` is neither a number nor a mark known here")
        entry = self.found[(*key, status)]
        entry[0] += 1
        if text not in NOTHING:
            entry[1] += 1
            entry[2] += Decimal(number)


def number_text(value):
    """A workbook's number to the 15 digits that a spreadsheet keeps."""
    if isinstance(value, float):
        value = Decimal(f"{value:.14e}").normalize()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def count_productivity_tables(data, tier):
    """ref_gva_productivity by supplier, vintage, measure, price basis, unit and status."""
    cells = Cells()
    totals = [
        ("ons_gva_itl1", "2023-04", "CP", f"{GVA}/table_1c_itl1_current_apr2023.csv"),
        ("ons_gva_itl2", "2023-04", "CP", f"{GVA}/table_2c_itl2_current_apr2023.csv"),
        ("ons_gva_itl2", "2024-04", "CP", f"{GVA}/table_2c_itl2_current_apr2024.csv"),
        ("ons_gva_itl2_cvm", "2023-04", "CVM", f"{GVA}/table_2b_itl2_cvm_2019money_apr2023.csv"),
        ("ons_gva_itl3", "2023-04", "CP", f"{GVA}/table_3c_itl3_current_apr2023.csv"),
    ]
    for supplier, vintage, basis, path in totals:
        for row in read_text(data / path)[1:]:
            if row[2] == "Total":
                for cell in row[4:]:
                    cells.add((supplier, vintage, "GVA_BALANCED", basis, "GBP_M"), cell)
    for row in read_text(data / GVA / "table_1_gva_balanced_current_apr2024.csv")[1:]:
        if row[0] != "ITL2":
            for cell in row[3:]:
                cells.add(("ons_gva_totals", "2024-04", "GVA_BALANCED", "CP", "GBP_M"), cell)
    for row in read_text(data / GVA / "table_6_population_apr2024.csv")[1:]:
        for cell in row[3:]:
            cells.add(("ons_population", "2024-04", "POPULATION", "NA", "PERSONS"), cell)
    sheets = {
        "Table 5": ("GDP", "CP", "GBP_M"),
        "Table 6": ("POPULATION", "NA", "PERSONS"),
        "Table 7": ("GDP_PER_HEAD", "CP", "GBP_PER_HEAD"),
        "Table 8": ("GVA_DEFLATOR", "NA", "INDEX"),
        "Table 10": ("GDP", "CVM", "GBP_M"),
        "Table 11": ("GDP_PER_HEAD", "CVM", "GBP_PER_HEAD"),
        "Table 12": ("GDP_GROWTH", "CVM", "PERCENT"),
        "Table 13": ("GDP_PER_HEAD_GROWTH", "CVM", "PERCENT"),
    }
    path = data / GVA / "regionalgrossdomesticproductgdpallitlregions.xlsx"
    count_workbook(cells, path, "ons_gdp", "2023-04", sheets, 2)
    sheets = {
        "A3": ("GVA_PER_HOUR", "CP", "GBP_PER_HOUR"),
        "A4": ("GVA_PER_HOUR", "CP", "GBP_PER_HOUR"),
        "B3": ("GVA_PER_JOB", "CP", "GBP_PER_JOB"),
        "B4": ("GVA_PER_JOB", "CP", "GBP_PER_JOB"),
        "Productivity Hours": ("HOURS_PRODUCTIVITY", "NA", "HOURS_PER_WEEK"),
        "Productivity Jobs": ("JOBS_PRODUCTIVITY", "NA", "JOBS"),
    }
    count_workbook(cells, data / PROD / "itlproductivity.xlsx", "ons_prod", "2023-06", sheets, 4)
    for row in read_text(data / PROD / "labour_productivity_LAD_WLS.csv")[1:]:
        cells.add(("ons_prod_lad", "2025-06", "GVA_PER_HOUR", "CP", "GBP_PER_HOUR"), row[1])
    units = {
        "MIO_EUR": ("GDP", "CP", "EUR_M"),
        "MIO_PPS": ("GDP", "PPS", "PPS_M"),
        "EUR_HAB": ("GDP_PER_HEAD", "CP", "EUR_PER_HEAD"),
        "PPS_HAB": ("GDP_PER_HEAD", "PPS", "PPS_PER_HEAD"),
        "EUR_HAB_EU": ("GDP_PER_HEAD_INDEX", "CP", "INDEX_EU_100"),
        "PPS_HAB_EU": ("GDP_PER_HEAD_INDEX", "PPS", "INDEX_EU_100"),
        "PCH_PRE": ("GVA_GROWTH", "CVM", "PERCENT"),
    }
    for supplier, name in [("eurostat_gdp", "nama_10r_2gdp"), ("eurostat_gva_growth", "nama_10r_2gvagr")]:
        for line in (data / "eurostat" / f"{name}_2017vintage.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            first, *rest = line.split("\t")
            for cell in rest:
                mark = ":" if cell.strip().startswith(":") else cell
                cells.add((supplier, "2017-03", *units[first.split(",")[0]]), mark)
    for row in read_text(data / "berd_employment/eurostat_berd_data.nuts2.csv")[1:]:
        cells.add(("eurostat_berd", "2021-03", "BERD", "CP", "EUR"), number_text(float(row[3])))
    return cells.found


def count_workbook(cells, path, supplier, vintage, sheets, years_row):
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for name, kind in sheets.items():
        rows = list(workbook[name].iter_rows(values_only=True))
        years = [at for at, text in enumerate(rows[years_row - 1]) if YEAR.fullmatch(str(text))]
        header = next(at for at, row in enumerate(rows) if len(row) > 1 and str(row[1]).startswith("ITL code"))
        for row in rows[header + 1 :]:
            if row[1] is not None:
                for at in years:
                    cells.add((supplier, vintage, *kind), number_text(row[at]))


def sic2_of(text):
    """The industry as a code of two digits, a run of them, or letters; and its level."""
    text = {"02-Mar": "2-3", "11-Dec": "11-12"}.get(text, text)
    if text == "Total":
        return "TOTAL", "TOTAL"
    if text == "68IMP":
        return text, "IMPUTED"
    if text in ("A-E", "G-T"):
        return text, "AGGREGATE"
    if "(" in text:
        code = text.split(" ")[0]
        return code, "SUBSECTION" if code[0] == "C" and len(code) > 1 else "SECTION"
    return "-".join(f"{int(part):02}" for part in text.split("-")), "DIVISION"


def count_industries(data, tier):
    """ref_industry by supplier, vintage, industry, level and status."""
    cells = Cells()
    for dataset, supplier, day, path in chosen(tier):
        if dataset != "ref_industry":
            continue
        vintage = f"{day[:4]}-{day[4:6]}"
        for row in read_text(data / path)[1:]:
            if supplier == "nomis_bres":
                cells.add((supplier, vintage, row[4], "DIVISION"), row[5])
            else:
                for cell in row[4:]:
                    cells.add((supplier, vintage, *sic2_of(row[2])), cell)
    return cells.found


MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()


def list_deflators(data):
    found = set()
    for supplier, base, path in [("ons_ybgb", "2022", "ons_ybgb_gdp_deflator_2025-06-30"), ("ons_cpih", "2015", "ons_cpih_2025")]:
        rows = read_text(data / "deflators" / f"{path}.csv")
        day = next(row[1] for row in rows if row[0] == "Release date")
        for period, index in (row for row in rows if YEAR.match(row[0])):
            year, _, part = period.partition(" ")
            part = f"M{MONTHS.index(part) + 1:02}" if part in MONTHS else part
            found.add((supplier, "-".join(filter(None, [year, part])), base, f"{day[6:]}-{day[3:5]}", Decimal(index)))
    for year, index in read_text(data / "deflators/hmt_gdp_deflator_calendar_2024eq100_greenbook.csv")[1:]:
        found.add(("hmt_calendar", year, "2024", "2025-06", Decimal(index)))
    return found


def list_areas(data):
    found = set()
    for row in read_text(data / "lookups/lad2018_to_nuts3_nuts2_nuts1_2018.csv")[1:]:
        found.add(("ons_lad2018", row[2], row[3], "", row[0], row[4], row[6], row[8], row[5]))
    for row in read_text(data / "lookups/itl_2025_geography_lookup.csv")[1:]:
        found.add(("ons_itl2025", row[6], row[7], "", row[8], row[4], row[2], row[0], row[5]))
    for row in read_text(data / "lookups/statswales_areas_en_cy.csv")[1:]:
        found.add(("statswales_areas", row[0], row[1], row[2], "", "", "", "", ""))
    return found


def list_industries(data):
    found = set()
    for row in read_text(data / "lookups/sic2007_5digit_to_2digit_lookup_danolner.csv", "latin-1")[1:]:
        found.add(("ons_sic2007", row[4], row[5].partition(" : ")[2].strip(), row[2], row[0], row[7]))
    for row in read_text(data / "lookups/sic_2digit_with_sections_danolner.csv")[1:]:
        found.add(("ons_sic2007_divisions", row[0], row[1].partition(" : ")[2].strip(), "", row[0], row[2]))
    return found


def read_rows(results, name):
    return read_text(results / f"{name}.csv", "utf-8")[1:]


def compare_cells(name, want, rows):
    ours = {tuple(row[:-3]): [int(row[-3]), int(row[-2]), Decimal(row[-1])] for row in rows}
    problems = 0
    for key in sorted(want.keys() | ours.keys()):
        if want.get(key) != ours.get(key):
            problems += 1
            print(f"{name} {' '.join(key)}: in the files {want.get(key)}, in the lake {ours.get(key)}")
    cells = sum(value[0] for value in want.values())
    marked = sum(value[0] for key, value in want.items() if key[-1])
    print(f"note: {name}: {cells} cells in {len(want)} groups, {marked} of them with a status, {problems} groups differ")
    return problems


def compare_rows(name, want, rows):
    ours = collections.Counter(rows)
    problems = sorted(want ^ ours.keys()) + [row for row, count in ours.items() if count > 1]
    for row in problems[:20]:
        print(f"{name}: {row} is {'in the files only' if row in want else 'not so in the files'}")
    print(f"note: {name}: {len(want)} rows, {len(problems)} differ")
    return len(problems)


def compare_check_values(rows):
    values = {(row[0], row[1], row[2], row[3], row[4]): Decimal(row[5]) for row in rows if row[5]}
    problems = 0
    for vintage, measure, area, want in CHECK_VALUES:
        for year, text in zip(("2019", "2020", "2021"), want.split()):
            found = values.get((vintage, measure, "false", area, year))
            places = Decimal(text)
            if found is None or found.quantize(places) != places:
                problems += 1
                print(f"{measure} {area} {year}, {vintage}: {text} in the README, {found} in the lake")
    print(f"note: {3 * len(CHECK_VALUES)} check values of the README, {problems} differ")
    return problems


def compare(data, results, tier):
    problems = compare_cells("ref_gva_productivity", count_productivity_tables(data, tier), read_rows(results, "ref_gva_productivity"))
    problems += compare_cells("ref_industry", count_industries(data, tier), read_rows(results, "ref_industry"))
    deflators = [(*row[:-1], Decimal(row[-1])) for row in read_rows(results, "ref_deflators")]
    problems += compare_rows("ref_deflators", list_deflators(data), deflators)
    problems += compare_rows("ref_areas", list_areas(data), [tuple(row) for row in read_rows(results, "ref_areas")])
    problems += compare_rows("sic_list", list_industries(data), [tuple(row) for row in read_rows(results, "sic_list")])
    problems += compare_check_values(read_rows(results, "check_values"))
    return 1 if problems else 0


def deliver(data, inbox, tier, part):
    for dataset, supplier, day, path in chosen(tier):
        if (dataset == "ref_industry") != (part == "industry"):
            continue
        suffix = pathlib.Path(path).suffix
        shutil.copyfile(data / path, inbox / f"{dataset}__{supplier}__{day}__001{suffix}")
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["deliver", data, inbox, tier, part]:
            sys.exit(deliver(pathlib.Path(data), pathlib.Path(inbox), tier, part))
        case ["query", name]:
            print(QUERIES[name])
        case ["compare", data, results, tier]:
            sys.exit(compare(pathlib.Path(data), pathlib.Path(results), tier))
        case _:
            sys.exit(__doc__)
