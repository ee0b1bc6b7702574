"""Reads the files of beneficiaries apart from our layouts and schemas, and compares every cell with the lake.

beneficiaries.py deliver DATA INBOX      copies the files under the names of extracts
beneficiaries.py query DATASET           prints a query
beneficiaries.py compare DATA RESULTS    compares the queries' results (DATASET.csv) with the files
"""

import csv
import pathlib
import shutil
import sys
from decimal import Decimal

import openpyxl

TEXT, AMOUNT, NUMBER, MONTH = "text", "amount", "number", "month"
# Supplier, day, file, the separators of the amounts, and the columns: field, column of the file, what it is.
DATASETS = {
    "projects_2014_text": ("wefo", "20161231", "wales_2014_2020.csv", ".,", [
        ("beneficiary", 0, TEXT), ("operation", 1, TEXT), ("eu_funds_gbp", 2, AMOUNT), ("total_cost_gbp", 3, AMOUNT),
        ("fund", 4, TEXT), ("region", 5, TEXT), ("approved_in", 6, NUMBER),
    ]),
    "projects_2014_workbook": ("wefo", "20161231", "wales_2014_2020_approved_projects_original.xlsx", ",.", [
        ("beneficiary", 0, TEXT), ("operation", 1, TEXT), ("eu_funds_gbp", 2, AMOUNT), ("total_cost_gbp", 3, AMOUNT),
        ("fund", 4, TEXT), ("region", 5, TEXT),
    ]),
    "operations_raw": ("wefo", "20161231", "wales_raw.csv", ",.", [
        ("title", 0, TEXT), ("organisation", 1, TEXT), ("synopsis", 2, TEXT), ("programme", 3, TEXT), ("objective", 4, TEXT),
        ("groups_targeted", 5, TEXT), ("geographical_area", 6, TEXT), ("region", 7, TEXT), ("total_cost_gbp", 8, AMOUNT),
        ("grant_gbp", 9, AMOUNT),
    ]),
    "projects_2007": ("wefo", "20131231", "final_wales_2013.csv", ",.", [
        ("priority", 0, TEXT), ("organisation", 1, TEXT), ("project", 2, TEXT), ("fund", 3, TEXT), ("grant_gbp", 4, AMOUNT),
        ("match_gbp", 5, AMOUNT), ("total_gbp", 6, AMOUNT), ("started_on", 7, MONTH), ("ended_on", 8, MONTH),
    ]),
    "offers_2007": ("dfe", "20131231", "ni_erdf_2007_2013_draft.csv", ",.", [
        ("organisation", 0, TEXT), ("project", 1, TEXT), ("year_start", 2, NUMBER), ("offered_gbp", 3, AMOUNT),
        ("year_end", 4, NUMBER), ("paid_gbp", 5, AMOUNT), ("postcode", 6, TEXT), ("priority", 7, TEXT),
        ("total_cost_gbp", 8, AMOUNT), ("description", 9, TEXT),
    ]),
}
ROWS = {"projects_2014_text": 145, "projects_2014_workbook": 145, "operations_raw": 59, "projects_2007": 290, "offers_2007": 2580}


def read_file(path):
    """The rows below the header, as texts."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)["ERDF"]
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        return rows[1:]
    with open(path, encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))[1:]


def amount_of(text, separators):
    text = text.replace("£", "").strip()
    times = Decimal(1)
    if text.endswith("m"):
        text, times = text[:-1], Decimal(1000000)
    return Decimal(text.replace(separators[0], "").replace(separators[1], ".")) * times


def value_of(text, kind, separators):
    text = text.strip()
    if kind is AMOUNT:
        return amount_of(text, separators)
    if kind is MONTH:
        month, _, year = text.partition("/")
        return f"{year}-{month}-01" if year.isdigit() else ""
    return text


def value_of_ours(text, kind):
    return Decimal(text) if kind is AMOUNT else text.strip()


def compare(data, results):
    problems = 0
    tables = {}
    for dataset, (_, _, file, separators, columns) in DATASETS.items():
        rows = read_file(data / "beneficiaries" / file)
        want = [tuple(value_of(row[at], kind, separators) for _, at, kind in columns) for row in rows]
        with open(results / f"{dataset}.csv", encoding="utf-8", newline="") as lines:
            found = list(csv.reader(lines))[1:]
        ours = [tuple(value_of_ours(text, kind) for text, (_, _, kind) in zip(row, columns)) for row in found]
        tables[dataset] = ours
        differing = [index for index, (one, other) in enumerate(zip(want, ours)) if one != other]
        for index in differing[:5]:
            print(f"{dataset}, row {index + 1}: in the file {want[index]}, in the lake {ours[index]}")
        if len(want) != ROWS[dataset] or len(ours) != ROWS[dataset]:
            problems += 1
            print(f"{dataset}: {ROWS[dataset]} rows are known, {len(want)} in the file, {len(ours)} in the lake")
        broken = sum(any(isinstance(cell, str) and ("\n" in cell or "\t" in cell) for cell in row) for row in ours)
        print(f"note: {dataset}: {len(ours)} rows, {broken} with line breaks or tabs in cells, {len(differing)} differ")
        problems += len(differing)
    pairs = zip(tables["projects_2014_text"], tables["projects_2014_workbook"])
    apart = [text[1] for text, workbook in pairs if text[:6] != workbook[:6]]
    for operation in apart[:5]:
        print(f"the text and the workbook disagree on `{operation}`")
    print(f"note: text and workbook: {len(apart)} of {len(tables['projects_2014_text'])} rows disagree")
    return 1 if problems or apart else 0


def deliver(data, inbox):
    for dataset, (supplier, day, file, _, _) in DATASETS.items():
        suffix = pathlib.Path(file).suffix
        shutil.copyfile(data / "beneficiaries" / file, inbox / f"{dataset}__{supplier}__{day}__001{suffix}")
    return 0


def query(dataset):
    fields = ", ".join(field for field, _, _ in DATASETS[dataset][4])
    print(f"select {fields} from {dataset} order by _row")
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["deliver", data, inbox]:
            sys.exit(deliver(pathlib.Path(data), pathlib.Path(inbox)))
        case ["query", dataset]:
            sys.exit(query(dataset))
        case ["compare", data, results]:
            sys.exit(compare(pathlib.Path(data), pathlib.Path(results)))
        case _:
            sys.exit(__doc__)
