"""Compares our GVA per hour with what ONS printed (sheet A4 of its subregional productivity workbook).

oracle.py WORKBOOK COMPUTED_CSV G03_CSV GVA_CSV...

Which regions and years must be there is read from the published files, not from what we computed.
"""

import csv
import sys
from decimal import Decimal

import openpyxl

TOLERANCE = Decimal("0.01")
AREAS = {"UK": "UKX", "WWV": "TLL1", "EW": "TLL2", "WALES": "TLL"}


def read_sheet(workbook, name):
    """{(code, year): value} of a sheet whose years stand above its header."""
    cells, years = {}, None
    for row in workbook[name].iter_rows(values_only=True):
        if years is None:
            if row[0] is None and any(isinstance(cell, int) for cell in row[3:]):
                years = row
        elif row[1] and row[1] != "ITL code":
            for year, value in zip(years[3:], row[3:]):
                if isinstance(year, int) and isinstance(value, (int, float)):
                    cells[row[1], year] = Decimal(str(value))
    return cells


def read_gva_keys(paths):
    """(code, year) of every total that is there."""
    keys = set()
    for path in paths:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["SIC07 code"].strip() == "Total":
                    code = row["ITL region code"].strip()
                    keys |= {(code, int(name)) for name, value in row.items() if name.isdigit() and value}
    return keys


def read_ours(path, value_column):
    """{(area, year): value}; one value a cell, or the run fails."""
    cells = {}
    with open(path, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row[value_column] == "":
                continue
            key = (row["area_code"], int(row["year"]))
            if key in cells:
                sys.exit(f"{path}: {key} is there twice")
            cells[key] = Decimal(row[value_column])
    return cells


def compare(title, want, ours):
    """Prints every cell that is missing or off, and says how many were compared."""
    problems = 0
    furthest = Decimal(0)
    for key, published in sorted(want.items()):
        computed = ours.get(key)
        distance = None if computed is None else abs(computed - published)
        if distance is None or distance > TOLERANCE:
            problems += 1
            print(f"{title} {key[0]} {key[1]}: published {published}, ours {computed}")
        else:
            furthest = max(furthest, distance)
    codes = {key[0] for key in want}
    print(f"note: {title}: {len(want)} cells of {len(codes)} areas, furthest {furthest:.4f}, {problems} off by more than {TOLERANCE}")
    return problems


def main(workbook_path, computed_path, g03_path, gva_paths):
    workbook = openpyxl.load_workbook(workbook_path, read_only=True, data_only=True)
    published = read_sheet(workbook, "A4")
    hours = read_sheet(workbook, "Productivity Hours")
    shared = read_gva_keys(gva_paths) & hours.keys() & published.keys()
    if len(shared) < 900:
        sys.exit(f"the published files share only {len(shared)} cells: are they the right ones?")
    problems = compare("every region", {key: published[key] for key in shared}, read_ours(computed_path, "gva_per_hour"))
    areas = {
        (area, year): value for area, code in AREAS.items() for (other, year), value in published.items() if other == code
    }
    problems += compare("G03", areas, read_ours(g03_path, "value"))
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
