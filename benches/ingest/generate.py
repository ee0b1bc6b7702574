"""Writes a large extract of scores, the same bytes for the same number of rows on every machine.

generate.py ROWS FOLDER [--even]

Every row is a function of its number alone. One row in 500 is bad in one of 17 ways, one in 1,000 needs a repair, three in
1,000 deserve a warning, one in seven has a quoted note with commas, doubled quotes, Welsh letters, some with a line break.
`--even` leaves out lines with too many or too few cells, for a reader that gives the file up at the first one.
Beside the extract lies `expected.json`: how many rows must be accepted, refused and repaired, and how often each rule fails.
"""

import json
import pathlib
import sys
import time

import numpy as np
import polars as pl

NAME = "diagnostic_scores__c1__20201231__001.csv"
HEADER = (
    "diagnostic_id,component_code,applicable,current_level,target_level,importance,priority_rank,"
    "recommended_action,action_completed_on,note\n"
)
COMPONENTS = (
    "PE1 PE2 PE3 PE4 PE5 PE6 MS1 MS2 MS3 MS4 MS5 MS6 MS7 SC1 SC2 CI1 CI2 CI3 PI1 PI2 PI3".split()
)
CHUNK = 1 << 20
SLOTS = 10_000
# Slots of a row: below 16 one defect each, then duplicates, then repairs, then warnings; the rest is in order.
RAGGED = 15
DUPLICATES = range(16, 20)
REPAIRS = range(20, 30)
WARNINGS = range(30, 60)
OPENINGS = [
    "Visited the plant", "Spoke with the owner", "Cyfarfod â'r tîm", "Follow-up call", "Asked for the \"\"Level 3\"\" sheet",
    "Llinell gynhyrchu newydd, dŵr a gŵydd", "Second machine ordered", "Waiting for the supplier",
]
ENDINGS = [
    "nothing else to note", "see the plan, page 4", "next visit in spring, if the line runs", "cost about £1,200, not agreed",
    "first step\nsecond step", "dim byd arall", "they said \"\"later\"\", twice", "action agreed,\ndate to follow",
]


def mixed(rows, stream):
    """64 well-mixed bits of each row number (the finaliser of splitmix64)."""
    x = rows.astype(np.uint64) + np.uint64((stream * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def below(rows, stream, limit):
    """A number below `limit` for each row."""
    return ((mixed(rows, stream) >> np.uint64(40)) % np.uint64(limit)).astype(np.int64)


def slots(rows):
    return below(rows, 1, SLOTS)


def values(rows):
    """The numbers behind each row, were it in order."""
    current = below(rows, 2, 9)
    return {
        "applicable": below(rows, 3, 20) > 0,
        "current": current,
        "target": current + below(rows, 4, 3) % (11 - current),
        "importance": 1 + below(rows, 5, 5),
        "rank": 1 + below(rows, 6, 21),
        "recommended": below(rows, 7, 5) == 0,
        "completed": below(rows, 8, 2) == 0,
        "day": below(rows, 9, 730),
        "note": below(rows, 10, 7) == 0,
        "opening": below(rows, 11, len(OPENINGS)),
        "ending": below(rows, 12, len(ENDINGS)),
        "number": below(rows, 13, 1000),
    }


def days():
    first = np.datetime64("2019-01-01")
    return [str(first + np.timedelta64(day, "D")) for day in range(730)]


def level(half_steps):
    return f"{half_steps // 2}.{5 * (half_steps % 2)}"


def codes(texts, index):
    return pl.Series(texts, dtype=pl.String).gather(index)


def note(opening, number, ending):
    return f'"{opening} {number}: {ending}"'


def text_columns(rows):
    """The cells of each row, were it in order, as text."""
    v = values(rows)
    blank = ~v["applicable"]
    when = lambda choice, where: pl.Series(choice, dtype=pl.String).gather(where)  # noqa: E731
    levels = [level(step) for step in range(11)] + [""]
    first_id = int(rows[0]) // 21
    last_id = int(rows[-1]) // 21
    ids = pl.Series([f"D-{n:07d}" for n in range(first_id, last_id + 1)], dtype=pl.String)
    done = v["recommended"] & v["completed"] & ~blank
    notes = pl.Series([""], dtype=pl.String).gather(np.zeros(len(rows), dtype=np.int64))
    noted = np.flatnonzero(v["note"])
    some = (v[key][noted].tolist() for key in ("opening", "number", "ending"))
    notes = notes.scatter(noted, [note(OPENINGS[o], n, ENDINGS[e]) for o, n, e in zip(*some)])
    return {
        "id": ids.gather(rows // 21 - first_id),
        "component": codes(COMPONENTS, rows % 21),
        "applicable": when(["false", "true"], v["applicable"].astype(np.int64)),
        "current": codes(levels, np.where(blank, 11, v["current"])),
        "target": codes(levels, np.where(blank, 11, v["target"])),
        "importance": codes(["", *"12345"], np.where(blank, 0, v["importance"])),
        "rank": codes(["", *(str(n) for n in range(1, 22))], np.where(blank, 0, v["rank"])),
        "recommended": when(["false", "true"], (v["recommended"] & ~blank).astype(np.int64)),
        "completed": codes([*days(), ""], np.where(done, v["day"], 730)),
        "note": notes,
    }


def defect(kind, row, cells):
    """Spoils one row. Returns its line and the rules that must fail with their columns."""
    in_order = {
        "applicable": "true", "current": "2.5", "target": "3.0", "importance": "3", "rank": "7", "recommended": "true",
        "completed": "2020-02-03",
    }
    c = {**cells, **in_order}
    incomplete = ("X302", "applicable")
    match kind:
        case 0:
            c["current"], rules = "n/k", [("V014", "current_level"), incomplete]
        case 1:
            c["current"], rules = "2.55", [("V015", "current_level"), incomplete]
        case 2:
            c["current"], rules = "7.0", [("V024", "current_level"), incomplete]
        case 3:
            c["current"], rules = "2.3", [("X303", "current_level")]
        case 4:
            c["applicable"], rules = "", [("V012", "applicable")]
        case 5:
            c["applicable"], rules = "maybe", [("V020", "applicable")]
        case 6:
            c["component"], rules = "ZZ9", [("V022", "component_code")]
        case 7:
            c["id"], rules = f"X-{row}", [("V021", "diagnostic_id")]
        case 8:
            c["importance"], rules = "3.0", [("V013", "importance"), incomplete]
        case 9:
            c["importance"], rules = "", [incomplete]
        case 10:
            c["applicable"], rules = "false", [("X301", "applicable")]
        case 11:
            c["rank"], rules = "22", [("V024", "priority_rank")]
        case 12:
            c["completed"], rules = "2020-02-30", [("V017", "action_completed_on")]
        case 13:
            c["completed"], rules = "2027-02-03", [("X307", "action_completed_on")]
        case 14:
            c["recommended"], rules = "false", [("X306", "action_completed_on")]
        case _:
            # Too many cells, or a line cut off after two.
            line = ",".join(c.values()) + ",more" if row % 2 else ",".join(list(c.values())[:2])
            return line, [("V010", "")]
    return ",".join(c.values()), rules


def in_order_before(row):
    """The last row before `row * share` that is neither bad nor a duplicate: a key that is taken."""
    target = int(mixed(np.array([row]), 20)[0] % np.uint64(row))
    while target >= 0 and int(slots(np.array([target]))[0]) < REPAIRS.start:
        target -= 1
    return target


def plant(rows, table, lines, counts, even):
    """Replaces the lines of rows that are to be special."""
    slot = slots(rows)
    special = np.flatnonzero(slot < WARNINGS.stop)
    planted = []
    for index in special.tolist():
        kind, row = int(slot[index]), int(rows[index])
        cells = {name: column[index] for name, column in table.items()}
        if kind in DUPLICATES and row > 0 and (taken := in_order_before(row)) >= 0:
            cells["id"], cells["component"] = f"D-{taken // 21:07d}", COMPONENTS[taken % 21]
            refused, rules = True, [("V030", "diagnostic_id")]
            line = ",".join(cells.values())
        elif kind < DUPLICATES.start and not (even and kind == RAGGED):
            refused = True
            line, rules = defect(kind, row, cells)
        elif kind in REPAIRS and row % 2:
            cells["component"], refused, rules = cells["component"].lower(), False, [("V041", "component_code")]
            line = ",".join(cells.values())
        elif kind in REPAIRS:
            cells["id"], refused, rules = cells["id"] + " ", False, [("V040", "diagnostic_id")]
            line = ",".join(cells.values())
        elif kind in WARNINGS and cells["applicable"] == "true":
            cells["current"], cells["target"], refused, rules = "3.5", "1.0", False, [("X305", "target_level")]
            line = ",".join(cells.values())
        else:
            refused, rules, line = False, [], ",".join(cells.values())
        planted.append(line)
        counts["refused"] += refused
        counts["repaired"] += any(rule in ("V040", "V041") for rule, _ in rules)
        for rule in rules:
            counts["rules"][" ".join(rule).strip()] = counts["rules"].get(" ".join(rule).strip(), 0) + 1
    return lines.scatter(special, planted)


def generate(count, folder, even):
    folder.mkdir(parents=True, exist_ok=True)
    counts = {"rows": count, "refused": 0, "repaired": 0, "rules": {}}
    with open(folder / NAME, "wb") as out:
        out.write(HEADER.encode())
        for start in range(0, count, CHUNK):
            rows = np.arange(start, min(start + CHUNK, count), dtype=np.int64)
            table = text_columns(rows)
            lines = pl.DataFrame(table).select(pl.concat_str(pl.all(), separator=",")).to_series()
            lines = plant(rows, table, lines, counts, even)
            lines.to_frame("line").write_csv(out, include_header=False, quote_style="never")
    counts["accepted"] = count - counts["refused"]
    counts["bytes"] = (folder / NAME).stat().st_size
    counts["rules"] = dict(sorted(counts["rules"].items()))
    (folder / "expected.json").write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    return counts


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--even"]):
        sys.exit(__doc__)
    began = time.monotonic()
    made = generate(int(sys.argv[1]), pathlib.Path(sys.argv[2]), len(sys.argv) == 4)
    print(f"{made['rows']:,} rows, {made['bytes'] / 1e6:,.0f} MB, {made['refused']:,} bad, {time.monotonic() - began:.1f} s")
