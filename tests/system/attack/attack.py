"""An attack on a published pack, written apart from the program: it reads the pack's CSV and nothing else.

    attack.py PACK.csv            tries to recover hidden cells; exits 1 if it recovers one
    attack.py PACK.csv --primary  shows what would happen if only a few cells were hidden; exits 1 if it recovers none

A hidden cell is recovered when the least and the most that it can be are the same to within one per cent, given every printed figure of the same
table, that members add up to totals, that West Wales and the Valleys and East Wales are Wales, that authorities are their
region, and that a figure to date is the one before and the quarter. Bounds come from scipy's linear programs (HiGHS).
Counts and sums only: means and ratios have no margins. Counts are printed
exactly, money to the decimals of its column, so a printed amount may be off by half of its last digit. For --primary it hides, in every table, the smallest printed cell
that is no total, as a rule without complementary suppression does, and attacks that.
"""

import csv
import sys
from collections import defaultdict

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

COUNTED = {"smes", "enterprises", "vouchers", "people"}
ADDITIVE = COUNTED | {"fte", "gbp", "eur"}
TOTAL = "_T"


def quarter(text):
    """`2019-20-Q3` as a number that grows by one a quarter."""
    return int(text[:4]) * 4 + int(text[-1]) - 1


def read(path):
    """The tables of a pack: name to {(time type, time, area, members): value or None}; and how far each may be off."""
    tables, off = defaultdict(dict), {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["unit"] not in ADDITIVE or row["time_type"] == "year":
                continue
            pairs = [part.split("=", 1) for part in row["dimensions"].split(";") if part]
            key = (row["time_type"], quarter(row["time"]), row["area_code"], tuple(value for _, value in pairs))
            name = row["indicator"], row["measure"]
            printed = 0.5 * 10.0 ** -int(row["decimals"] or 9)
            off[name] = 0.0 if row["unit"] in COUNTED else max(off.get(name, 0.0), printed)
            if "[c]" in row["status"]:
                tables[name][key] = None
            elif row["value"]:
                tables[name][key] = float(row["value"])
    return tables, off


def sums(cells):
    """Every (whole, parts) that a reader may take for granted."""
    found = []
    width = len(next(iter(cells))[3])
    for kind, time, area, members in cells:
        here = (kind, time, area, members)
        for at in range(width):
            if members[at] == TOTAL:
                parts = [k for k in cells if k[:3] == here[:3] and k[3][at] != TOTAL and k[3][:at] + (TOTAL,) + k[3][at + 1:] == members]
                if parts:
                    found.append((here, parts))
        if area == "WALES":
            regions = [(kind, time, region, members) for region in ("WWV", "EW")]
            if all(part in cells for part in regions):
                found.append((here, regions))
            singles = [k for k in cells if (k[0], k[1], k[3]) == (kind, time, members) and k[2].startswith("W0")]
            if len(singles) == 22:
                found.append((here, singles))
        if kind == "to_date":
            within, before = ("quarter", time, area, members), ("to_date", time - 1, area, members)
            if within in cells and before in cells:
                found.append((here, [within, before]))
            elif within in cells and not any(k[0] == "to_date" and k[1] < time for k in cells):
                found.append((here, [within]))
    return found


def recovered(cells, off):
    """Hidden cells that can have one value only, with it."""
    hidden = [key for key, value in cells.items() if value is None]
    if not hidden:
        return {}
    column = {key: at for at, key in enumerate(hidden)}
    rows, right, slack = [], [], []
    for whole, parts in sums(cells):
        line, known = defaultdict(float), 0.0
        for key, sign in [(whole, -1.0)] + [(part, 1.0) for part in parts]:
            if cells[key] is None:
                line[column[key]] += sign
            else:
                known += sign * cells[key]
        if line:
            rows.append(line)
            right.append(-known)
            slack.append(off * (1 + len(parts) - len(line)))
    at = [(row, c, value) for row, line in enumerate(rows) for c, value in line.items()]
    limits = {}
    if at:
        r, c, v = zip(*at)
        matrix = csr_matrix((v, (r, c)), shape=(len(rows), len(hidden)))
        right, slack = np.array(right), np.array(slack)
        limits = {"A_ub": vstack([matrix, -matrix]), "b_ub": np.concatenate([right + slack, slack - right])}
    found = {}
    for key, place in column.items():
        goal = np.zeros(len(hidden))
        goal[place] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            answer = linprog(sign * goal, bounds=(0, None), method="highs", **limits)
            if answer.status == 2:
                raise SystemExit(f"the margins of the table contradict each other near {key}")
            ends.append(sign * answer.fun if answer.status == 0 else sign * -np.inf)
        low, high = ends
        if high - low <= max(1e-6, 0.01 * abs(high)):
            found[key] = low
    return found


def with_primary_only(cells):
    """The same table as if every secondary cell were printed: hidden cells but the smallest printed one stay out of it."""
    shown = {key: value for key, value in cells.items() if value is not None}
    inner = [key for key in shown if shown[key] > 0 and (TOTAL not in key[3] or not key[3])]
    inner = [key for key in inner if key[2] != "WALES"] or [key for key in shown if key[2] != "WALES" and shown[key] > 0]
    if not inner:
        return None
    shown[min(inner, key=lambda key: (shown[key], key))] = None
    return shown


def main():
    tables, off = read(sys.argv[1])
    primary = "--primary" in sys.argv[2:]
    hidden = total = 0
    for name, cells in sorted(tables.items()):
        attacked = with_primary_only(cells) if primary else cells
        if attacked is None:
            continue
        found = recovered(attacked, off[name])
        hidden += sum(value is None for value in attacked.values())
        total += len(found)
        for key in sorted(found):
            print(f"recovered: {' '.join(name)} {key[2]} {key[0]} {key[1] // 4}-Q{key[1] % 4 + 1} {' '.join(key[3])}")
    print(f"{total} of {hidden} hidden cells recovered")
    if not hidden:
        raise SystemExit("nothing is hidden, so nothing was tried")
    raise SystemExit((total == 0) if primary else (total > 0))


main()
