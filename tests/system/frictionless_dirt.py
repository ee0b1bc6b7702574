"""Writes dirty extracts: for each schema a copy of its example with one planted fault for each constraint of each field.

frictionless_dirt.py SCHEMAS INBOX OUT [DATASET...]

Beside the extracts, planted.csv lists file, row, field and constraint. Rows are numbered as in the file, header included.
OUT/schemas gets the schemas without foreign keys and without rules of our own, so that a row fails for its planted fault only.
The copy keeps its first rows as they are; each fault sits in a good row of its own, whose keys are new.
"""

import csv
import json
import pathlib
import sys


def load(schemas):
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(schemas.glob("*.json"))}


def usual(field):
    """Whether Table Schema alone says how the field's values are written."""
    own = field.get("mesur", {})
    return not any(key in own for key in ("number", "dates", "status", "repair"))


def faults(field, is_key):
    """(constraint, text) of each fault that both validators know."""
    constraints = field.get("constraints", {})
    kind = field["type"]
    if constraints.get("required") and not is_key:
        yield "required", ""
    if not usual(field):
        return
    if kind == "integer":
        yield "type", "twelve"
        yield "type", "1.5"
    if kind == "number":
        yield "type", "twelve"
        yield "type", "1;5"
    if kind == "boolean":
        yield "type", "perhaps"
    if kind in ("date", "datetime"):
        yield "type", "soon"
        yield "type", "2019-02-30"
    if "pattern" in constraints:
        yield "pattern", "?"
    if "enum" in constraints:
        yield "enum", "NONE_OF_THEM" if kind == "string" else "97"
    if "minimum" in constraints and kind in ("integer", "number"):
        yield "minimum", str(int(float(constraints["minimum"])) - 1)
    if "minimum" in constraints and kind == "date":
        yield "minimum", "1066-10-14"
    if "maximum" in constraints and kind in ("integer", "number"):
        yield "maximum", str(int(float(constraints["maximum"])) + 1)
    if "minLength" in constraints and "enum" not in constraints and constraints["minLength"] > 1:
        yield "minLength", "x"
    if "maxLength" in constraints and "enum" not in constraints:
        yield "maxLength", "x" * (constraints["maxLength"] + 1)


def good_rows(path, schema):
    """Rows in which nothing required is missing, in the order of the file: hosts of faults."""
    with open(path, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    required = [f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")]
    return [row for row in rows if all(row.get(name) for name in required)]


def write_schemas(schemas, out):
    """The schemas without foreign keys and rules of our own: these would set rows aside that the public tool takes."""
    out.mkdir(parents=True, exist_ok=True)
    for dataset, schema in schemas.items():
        plain = {key: value for key, value in schema.items() if key != "foreignKeys"}
        plain["mesur"] = {key: value for key, value in schema["mesur"].items() if key not in ("rules", "setRules", "stability")}
        text = json.dumps(plain, ensure_ascii=False, indent=2)
        (out / f"{dataset}.json").write_text(text + "\n", encoding="utf-8")


def main(schemas, inbox, out, only):
    out.mkdir(parents=True, exist_ok=True)
    planted = []
    descriptors = load(schemas)
    write_schemas(descriptors, out / "schemas")
    for dataset, schema in descriptors.items():
        examples = sorted(inbox.glob(f"{dataset}__*.csv"))
        if not examples or (only and dataset not in only):
            continue
        keys = schema["primaryKey"]
        keys = [keys] if isinstance(keys, str) else keys
        path = examples[0]
        hosts = iter(good_rows(path, schema))
        columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        name = path.name.replace("__001.", "__900.")
        with open(out / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            row_number = 1
            for field in schema["fields"]:
                for constraint, text in faults(field, field["name"] in keys):
                    host = next(hosts, None)
                    if host is None:
                        break
                    row_number += 1
                    writer.writerow({**host, field["name"]: text})
                    planted.append((name, row_number, field["name"], constraint))
            first = next(hosts, None)
            if first is not None:
                # The same key twice: the second row fails in both.
                writer.writerow(first)
                writer.writerow(first)
                planted.append((name, row_number + 2, "+".join(keys), "primaryKey"))
            writer.writerows(host for _, host in zip(range(20), hosts))
    with open(out / "planted.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "row", "field", "constraint"])
        writer.writerows(planted)
    if not planted:
        sys.exit(f"{inbox}: nothing could be planted")
    print(f"note: {len(planted)} faults planted in {len({file for file, *_ in planted})} files")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:4]), set(sys.argv[4:]))
