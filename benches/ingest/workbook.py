"""Reads a workbook of a million cells with mesur, openpyxl and calamine, and compares time and memory.

workbook.py --mesur BINARY [--calamine BINARY] [--rows 100000] [--repeat 3]

mesur does a whole `ingest --dry-run` of it: it decodes, checks every rule and keeps nothing. openpyxl reads row by row in its
read-only mode, calamine loads the sheet into its own cells; neither checks anything. `--calamine` names the binary of
benches/calamine_alone.rs; without it the Python package of calamine is asked, whose release may be another.
"""

import argparse
import datetime
import pathlib
import shutil
import sys
import tempfile

import numpy as np
import openpyxl

from compare import HERE, Run, median
from generate import COMPONENTS, HEADER, NAME, days, values

READERS = {
    "openpyxl, read-only": (
        "import sys, openpyxl\n"
        "sheet = openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0]\n"
        "print(sum(1 for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None))\n"
    ),
    "calamine (Python package)": (
        "import sys, python_calamine\n"
        "print(python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).total_height)\n"
    ),
}


def write_workbook(count, path):
    """Rows in order as generate.py has them, but as a spreadsheet keeps them: numbers, truth values and days."""
    rows = np.arange(count)
    v = {key: column.tolist() for key, column in values(rows).items()}
    calendar = [datetime.date.fromisoformat(day) for day in days()]
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("diagnostic_scores")
    sheet.append(HEADER.strip().split(","))
    for row in range(count):
        fits, done = v["applicable"][row], v["recommended"][row]
        scores = [v["current"][row] / 2, v["target"][row] / 2, v["importance"][row], v["rank"][row]]
        sheet.append([
            f"D-{row // 21:07d}", COMPONENTS[row % 21], fits, *(scores if fits else [None] * 4), fits and done,
            calendar[v["day"][row]] if fits and done else None, f"seen on visit {v['number'][row]}",
        ])
    workbook.save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mesur", type=pathlib.Path)
    parser.add_argument("--calamine", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scratch", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "mesur-bench-workbook")
    chosen = parser.parse_args()
    shutil.rmtree(chosen.scratch, ignore_errors=True)
    project = chosen.scratch / "project"
    shutil.copytree(HERE / "project", project)
    for folder in ("queries/staging", "queries/indicators", "queries/checks", "jobs", "schemas/layouts"):
        (project / folder).mkdir(parents=True, exist_ok=True)
    book = project / NAME.replace(".csv", ".xlsx")
    write_workbook(chosen.rows, book)
    commands = {name: [sys.executable, "-c", script, book] for name, script in READERS.items()}
    if chosen.calamine:
        commands["calamine"] = [chosen.calamine, book]
        del commands["calamine (Python package)"]
    if chosen.mesur:
        ingest = [chosen.mesur, "--project", project, "ingest"]
        Run(ingest)
        commands["mesur ingest --dry-run"] = [*ingest, "--file", book, "--dataset", "diagnostic_scores", "--dry-run"]
    runs = {name: [] for name in commands}
    for _ in range(chosen.repeat):
        for name, command in commands.items():
            runs[name].append(run := Run(command))
            last = run.output.strip().splitlines()[-1]
            print(f"  {name}: {run.seconds:.2f} s, {run.cpu:.1f} s of processor, {run.peak_mib:.0f} MiB: {last}", flush=True)
    print(f"\n{chosen.rows * 10:,} cells, {book.stat().st_size / 1e6:.0f} MB\n")
    shutil.rmtree(chosen.scratch)
    base = {name: median(of, "seconds") for name, of in runs.items()}
    calamine = next(seconds for name, seconds in base.items() if name.startswith("calamine"))
    print("| | wall time, ratio to openpyxl | ratio to calamine | peak memory, MiB |\n|---|---|---|---|")
    for name, seconds in base.items():
        print(
            f"| {name} | {seconds / base['openpyxl, read-only']:.2f} | {seconds / calamine:.2f} "
            f"| {median(runs[name], 'peak_mib'):.0f} |"
        )


if __name__ == "__main__":
    main()
