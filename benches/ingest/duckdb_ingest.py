"""The same job in DuckDB: every check, uniqueness, refused rows with their reasons, accepted rows as zstd Parquet.

duckdb_ingest.py EXTRACT COMPONENTS FOLDER [--types text|native] [--order kept|free] [--threads N]

`--types text` reads every column as text and casts what must be cast, so that each row shows all its findings.
`--types native` lets the CSV reader cast dates, booleans and levels while it parses, and takes its rejects table for what
cannot be cast: a row with such a cell shows that finding alone. `--order kept` gives each row its number and lets the first
of several rows with one key stand, as mesur does; `--order free` gives up both. compare.py quotes the fastest of the four.

zstd has the level that mesur uses. Nothing is hashed, copied, committed to a table format or made durable.

Written for DuckDB's strengths: one scan of the file into a typed table, checks as bits that are computed only for rows in
which one of them fails, duplicates found by grouping 64-bit hashes and settled exactly among the few rows that share one.
"""

import argparse
import json
import pathlib

import duckdb

COLUMNS = (
    "diagnostic_id component_code applicable current_level target_level importance priority_rank recommended_action "
    "action_completed_on note"
).split()
# Levels keep spare decimals: a cast to decimal(2, 1) would round 2.55 instead of refusing it.
CASTS = {
    "applicable": "boolean", "current_level": "decimal(9, 6)", "target_level": "decimal(9, 6)", "importance": "tinyint",
    "priority_rank": "tinyint", "recommended_action": "boolean", "action_completed_on": "date",
}
# What the reader may cast by itself. Not whole numbers: it takes `3.0` for one.
NATIVE = ("applicable", "current_level", "target_level", "recommended_action", "action_completed_on")
AS_OF = "date '2020-12-31'"

# Rule and column, and when a row fails. `raw_` columns are as delivered, the others repaired and typed.
REFUSING = [
    ("V012 diagnostic_id", "diagnostic_id is null"),
    ("V021 diagnostic_id", "not regexp_full_match(diagnostic_id, 'D-[0-9]{6,9}')"),
    ("V026 diagnostic_id", "length(diagnostic_id) > 11"),
    ("V012 component_code", "raw_component_code is null"),
    ("V022 component_code", "raw_component_code is not null and component_code is null"),
    ("V012 applicable", "raw_applicable is null"),
    ("V020 applicable", "raw_applicable is not null and applicable is null"),
    ("V014 current_level", "raw_current_level is not null and current_level is null"),
    ("V014 target_level", "raw_target_level is not null and target_level is null"),
    ("V015 current_level", "current_level * 10 % 1 <> 0"),
    ("V015 target_level", "target_level * 10 % 1 <> 0"),
    ("V023 current_level", "current_level < 0"),
    ("V024 current_level", "current_level > 5"),
    ("V023 target_level", "target_level < 0"),
    ("V024 target_level", "target_level > 5"),
    ("V013 importance", "raw_importance is not null and (importance is null or contains(raw_importance, '.'))"),
    ("V023 importance", "importance < 1"),
    ("V024 importance", "importance > 5"),
    ("V013 priority_rank", "raw_priority_rank is not null and (priority_rank is null or contains(raw_priority_rank, '.'))"),
    ("V023 priority_rank", "priority_rank < 1"),
    ("V024 priority_rank", "priority_rank > 21"),
    ("V020 recommended_action", "raw_recommended_action is not null and recommended_action is null"),
    ("V017 action_completed_on", "raw_action_completed_on is not null and action_completed_on is null"),
    ("V026 note", "length(note) > 500"),
    ("X301 applicable", "not applicable and (current_level is not null or target_level is not null or importance is not null or priority_rank is not null)"),
    ("X302 applicable", "applicable and (current_level is null or target_level is null or importance is null)"),
    ("X303 current_level", "current_level * 10 % 1 = 0 and current_level * 2 % 1 <> 0"),
    ("X304 target_level", "target_level * 10 % 1 = 0 and target_level * 2 % 1 <> 0"),
    ("X306 action_completed_on", "action_completed_on is not null and not coalesce(recommended_action, false)"),
    ("X307 action_completed_on", f"action_completed_on > {AS_OF}"),
]
# A mended key is noticed by one comparison; which mending it was is asked only of the rows where there was one.
NOTED = [
    ("V040 diagnostic_id", "diagnostic_id <> raw_diagnostic_id and trim(raw_diagnostic_id) <> raw_diagnostic_id"),
    ("V041 diagnostic_id", "diagnostic_id <> raw_diagnostic_id and trim(raw_diagnostic_id) <> diagnostic_id"),
    ("V040 component_code", "component_code::varchar <> raw_component_code and trim(raw_component_code) <> raw_component_code"),
    ("V041 component_code", "component_code::varchar <> raw_component_code and trim(raw_component_code) <> component_code::varchar"),
    ("X305 target_level", "target_level < current_level"),
]
RULES = REFUSING + NOTED
REFUSED_BITS = (1 << len(REFUSING)) - 1
REPAIR_BITS = sum(1 << n for n, (rule, _) in enumerate(RULES) if rule.startswith("V04"))
CAST_RULES = {"boolean": "V020", "decimal(9, 6)": "V014", "date": "V017"}


def read_rows(extract, types, native):
    """The scan: one row a record, cells as delivered and as repaired and cast."""
    kinds = {name: (types[name] if name in native else "varchar") for name in COLUMNS}
    reader = (
        f"read_csv('{extract}', header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
        f"columns = {kinds!r}, store_rejects = true)"
    )
    cells = [
        "upper(trim(diagnostic_id)) as diagnostic_id",
        "try_cast(upper(trim(component_code)) as component) as component_code",
        "note",
    ]
    for name, kind in types.items():
        cells += [f"{name} as raw_{name}", f"{name}" if name in native else f"try_cast({name} as {kind}) as {name}"]
    raw = ["diagnostic_id as raw_diagnostic_id", "component_code as raw_component_code"]
    return f"select {', '.join(cells + raw)} from {reader}"


def check_rows(native):
    """The typed rows with their failed checks as bits, and what was delivered where something is remarkable."""
    tests = [
        f"case when {test} then {1 << bit} else 0 end"
        for bit, (rule, test) in enumerate(RULES)
        if not (rule[:4] in CAST_RULES.values() and rule.split()[1] in native)
    ]
    delivered = ", ".join(f"{name if name == 'note' else 'raw_' + name}::varchar" for name in COLUMNS)
    levels = ("current_level", "target_level")
    typed = [f"{name}::decimal(4, 1) as {name}" if name in levels else name for name in COLUMNS]
    return (
        f"select {', '.join(typed)}, failed, case when failed <> 0 then to_json([{delivered}]) end as delivered "
        f"from (select *, {' + '.join(tests)} as failed from rows)"
    )


def ingest(extract, components, folder, native, order, threads):
    db = duckdb.connect()
    db.execute(f"set threads = {threads}")
    db.execute(f"set preserve_insertion_order = {order == 'kept'}")
    # An enum is the cheapest test of both the allowed codes and the foreign key, and a smaller key to group by. A join would
    # also lose the order of the rows.
    db.execute(f"create type component as enum (select component_code from read_csv('{components}'))")
    db.execute(f"create temp table checked as with rows as ({read_rows(extract, CASTS, native)}) {check_rows(native)}")
    # `rowid` is the row's place in the table: its place in the file when the order is kept.
    db.execute(f"""
        create temp table doubles as
        with good as (select rowid as row, diagnostic_id, component_code, hash(diagnostic_id, component_code) as mark
                      from checked where failed & {REFUSED_BITS} = 0),
        shared as (select mark from good group by mark having count(*) > 1)
        select row from (select row, row_number() over (partition by diagnostic_id, component_code order by row) as nth
                         from good where mark in (select mark from shared)) where nth > 1
    """)
    lineage = "rowid as _row, " if order == "kept" else ""
    db.execute(f"""
        copy (select {lineage}{', '.join(COLUMNS)} from checked
              where failed & {REFUSED_BITS} = 0 and rowid not in (select row from doubles))
        to '{folder}/accepted.parquet' (format parquet, compression zstd, compression_level 1)
    """)
    names = [rule for rule, _ in RULES]
    db.execute(f"""
        copy (
            select rowid as row, [rule for rule, n in {names!r} if failed & (1::bigint << (n - 1)) <> 0] as rules,
                   delivered::varchar as cells from checked where failed & {REFUSED_BITS} <> 0
            union all by name
            select rowid as row, ['V030 diagnostic_id'] as rules, coalesce(delivered::varchar, concat_ws(',', diagnostic_id, component_code)) as cells
            from checked where rowid in (select row from doubles)
            union all by name
            select line - 2 as row, [error_type::varchar || ' ' || coalesce(column_name, '')] as rules, csv_line as cells from reject_errors
        ) to '{folder}/refused.ndjson' (format json)
    """)
    return totals(db)


def totals(db):
    """What the comparison reads: rows accepted and refused, and how often each rule failed."""
    tests = ", ".join(f"count(*) filter (failed & {1 << n} <> 0)" for n in range(len(RULES)))
    repaired = (
        f"count(*) filter (failed & {REPAIR_BITS} <> 0 and failed & {REFUSED_BITS} = 0 "
        "and rowid not in (select row from doubles))"
    )
    found = db.execute(f"select {repaired}, {tests} from checked where failed <> 0").fetchone()
    rules = {rule: count for (rule, _), count in zip(RULES, found[1:]) if count}
    parsed, bad = db.execute(
        f"select count(*), count(*) filter (failed & {REFUSED_BITS} <> 0) from checked"
    ).fetchone()
    rules["V030 diagnostic_id"] = doubles = db.execute("select count(*) from doubles").fetchone()[0]
    rejected = db.execute("select count(distinct line) from reject_errors").fetchone()[0]
    for column, rows in db.execute(
        "select case when error_type = 'CAST' then column_name end as cast_to, count(distinct line) from reject_errors group by all"
    ).fetchall():
        rules[f"{CAST_RULES[CASTS[column]]} {column}" if column else "V010"] = rows
    refused = bad + doubles + rejected
    return {
        "rows": parsed + rejected, "accepted": parsed - bad - doubles, "refused": refused, "repaired": found[0],
        "rules": dict(sorted(rules.items())),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extract")
    parser.add_argument("components")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--types", choices=["text", "native"], default="native")
    parser.add_argument("--order", choices=["kept", "free"], default="free")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    native = NATIVE if chosen.types == "native" else ()
    print(json.dumps(ingest(chosen.extract, chosen.components, chosen.folder, native, chosen.order, chosen.threads)))
