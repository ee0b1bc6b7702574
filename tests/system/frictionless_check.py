"""Puts our schemas and extracts to the public `frictionless` tool and compares its findings with our quarantine.

frictionless_check.py SCHEMAS INBOX QUARANTINE_CSV

Every row that the tool refuses must be in our quarantine. Where INBOX holds planted.csv (frictionless_dirt.py writes it),
both must refuse the same rows under the rules that both know, and every planted fault must be found by both. Where they
may differ, and why, stands in docs/rules.md, "Against the public validator".

Foreign keys are checked here by name only: the public tool resolves them inside a data package, which an inbox is not.
"""

import csv
import json
import pathlib
import sys

from frictionless import Checklist, Resource, Schema, system


def load_schemas(folder):
    """Descriptors by dataset, and every problem of every schema."""
    descriptors, problems = {}, []
    for path in sorted(folder.glob("*.json")):
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        descriptors[path.stem] = descriptor
        try:
            schema = Schema.from_descriptor(descriptor)
        except Exception as error:  # the tool raises many kinds; each is a finding here
            reasons = getattr(error, "reasons", None) or [error]
            problems += [f"{path.name}: {reason}" for reason in reasons]
            continue
        if schema.field_names != [field["name"] for field in descriptor["fields"]]:
            problems.append(f"{path.name}: the public tool sees other fields")
        problems += foreign_key_problems(path.name, descriptor, folder)
    if not descriptors:
        problems.append(f"{folder}: no schema")
    return descriptors, problems


def foreign_key_problems(name, descriptor, folder):
    """References to schemas or fields that do not exist."""
    for key in descriptor.get("foreignKeys", []):
        target = key["reference"]["resource"]
        path = folder / f"{target}.json"
        if not path.exists():
            yield f"{name}: a foreign key leads to `{target}`, which has no schema"
            continue
        fields = {field["name"] for field in json.loads(path.read_text(encoding="utf-8"))["fields"]}
        for field in key["reference"]["fields"]:
            if field not in fields:
                yield f"{name}: a foreign key leads to `{target}.{field}`, which does not exist"


# Rules of ours for which Table Schema has a constraint: required, types, pattern, enum, limits, lengths, keys.
KNOWN_TO_BOTH = {"V011", "V012", "V013", "V014", "V017", "V018", "V019", "V020", "V021", "V022", "V023", "V024", "V025", "V026"}
KNOWN_TO_BOTH |= {"V027", "V030", "V031"}


def repaired_fields(descriptor):
    return {field["name"] for field in descriptor["fields"] if field.get("mesur", {}).get("repair")}


def refused_rows(path, descriptor):
    """Rows (as numbered in the file) with the tool's reasons, without those that a declared repair mends."""
    plain = {key: value for key, value in descriptor.items() if key != "foreignKeys"}
    resource = Resource(path=path.name, basepath=str(path.parent), schema=Schema.from_descriptor(plain))
    report = resource.validate(Checklist(), limit_errors=1_000_000)
    mended = repaired_fields(descriptor)
    rows, file_errors = {}, []
    for task in report.tasks:
        for error in task.errors:
            facts = error.to_descriptor()
            if "rowNumber" not in facts:
                file_errors.append(f"{facts['type']}: {facts['message']}")
            elif facts.get("fieldName") not in mended or '"required"' in facts.get("note", ""):
                rows.setdefault(facts["rowNumber"], []).append(f"{facts['type']} {facts.get('fieldName', '')}".strip())
    return rows, file_errors


def quarantined(path):
    """(file, row) of our quarantine, each with the rules that failed."""
    with open(path, encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        columns = reader.fieldnames or []
        file_column = next((name for name in ("file", "file_name", "extract") if name in columns), None)
        if file_column is None or "row" not in columns or "rule" not in columns:
            sys.exit(f"`quarantine list --format csv` has no columns `file`, `row` and `rule`, but {columns}")
        rows = {}
        for line in reader:
            if line["row"]:
                place = (line[file_column].split(" > ")[0], int(line["row"]))
                rows.setdefault(place, set()).add(line["rule"])
        return rows


def planted_faults(inbox):
    """(file, row) of planted faults with field and constraint; none if nothing was planted."""
    path = inbox / "planted.csv"
    if not path.exists():
        return None
    with open(path, encoding="utf-8", newline="") as lines:
        return {(line["file"], int(line["row"])): f"{line['field']} {line['constraint']}" for line in csv.DictReader(lines)}


def compare_planted(name, rows, ours, planted):
    """Rows that only one of both refuses, and planted faults that one of both missed."""
    known = {row for (file, row), rules in ours.items() if file == name and rules & KNOWN_TO_BOTH}
    for row in sorted(known - rows.keys()):
        yield f"{name} > row {row}: {', '.join(sorted(ours[name, row]))} here; the public tool took it"
    for (file, row), fault in sorted(planted.items()):
        if file == name and row not in rows:
            yield f"{name} > row {row}: {fault} was planted; the public tool did not find it"
        if file == name and row not in known:
            yield f"{name} > row {row}: {fault} was planted; we did not find it"


def main(schemas, inbox, quarantine):
    system.trusted = True
    inbox = pathlib.Path(inbox)
    descriptors, problems = load_schemas(pathlib.Path(schemas))
    ours = quarantined(quarantine)
    planted = planted_faults(inbox)
    files = agreed = 0
    for path in sorted(inbox.glob("*__*.csv")):
        descriptor = descriptors.get(path.name.split("__")[0])
        if descriptor is None:
            problems.append(f"{path.name}: no schema of that name")
            continue
        files += 1
        rows, file_errors = refused_rows(path, descriptor)
        problems += [f"{path.name}: {error}" for error in file_errors]
        if planted is not None:
            problems += compare_planted(path.name, rows, ours, planted)
        for row, reasons in sorted(rows.items()):
            if (path.name, row) in ours:
                agreed += 1
            else:
                problems.append(f"{path.name} > row {row}: {', '.join(reasons)}; we took it")
    if not files:
        problems.append(f"{inbox}: no CSV file")
    if not agreed and not problems:
        problems.append("the public tool refused no row at all, though the files hold planted ones")
    for problem in problems:
        print(problem)
    faults = f", {len(planted)} planted faults found by both" if planted and not problems else ""
    print(f"note: {len(descriptors)} schemas load, {files} files agree, {agreed} rows refused by both{faults}")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
