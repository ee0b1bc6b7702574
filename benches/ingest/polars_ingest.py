"""The same job in Polars: every check, uniqueness, refused rows with their reasons, accepted rows as zstd Parquet.

polars_ingest.py EXTRACT COMPONENTS FOLDER [--scans one|two]

`--scans one` keeps the typed rows in memory between finding duplicates and writing; `--scans two` reads the file twice and
streams both times. compare.py quotes the faster. POLARS_MAX_THREADS sets the threads.

zstd has the level that mesur uses. Nothing is hashed, copied, committed to a table format or made durable.

The reader fills short rows up and cannot say so: a line cut off shows as its missing cells. Cells beyond the header land in
a column of their own.
"""

import argparse
import datetime
import json
import pathlib

import polars as pl
from polars import col

COLUMNS = (
    "diagnostic_id component_code applicable current_level target_level importance priority_rank recommended_action "
    "action_completed_on note"
).split()
RAW = [f"raw_{name}" for name in COLUMNS]
AS_OF = datetime.date(2020, 12, 31)
BOOLEAN = {"true": True, "True": True, "TRUE": True, "1": True, "false": False, "False": False, "FALSE": False, "0": False}


def unreadable(name):
    return col(name).is_null() & col(f"raw_{name}").is_not_null()


def outside(name, least, most):
    return [(f"V023 {name}", col(name) < least), (f"V024 {name}", col(name) > most)]


def refusing(components):
    """Rule and column, and when a row fails; null passes."""
    level, target, applicable = col("current_level"), col("target_level"), col("applicable")
    levels = [col(name) for name in ("current_level", "target_level", "importance", "priority_rank")]
    completed = col("action_completed_on")
    return [
        ("V010", col("more").is_not_null()),
        ("V012 diagnostic_id", col("diagnostic_id").is_null()),
        ("V021 diagnostic_id", ~col("diagnostic_id").str.contains("^D-[0-9]{6,9}$")),
        ("V026 diagnostic_id", col("diagnostic_id").str.len_bytes() > 11),
        ("V012 component_code", col("component_code").is_null()),
        ("V022 component_code", ~col("component_code").is_in(components.implode())),
        ("V012 applicable", col("raw_applicable").is_null()),
        ("V020 applicable", unreadable("applicable")),
        ("V014 current_level", unreadable("current_level")),
        ("V014 target_level", unreadable("target_level")),
        ("V015 current_level", (level * 10) % 1 != 0),
        ("V015 target_level", (target * 10) % 1 != 0),
        *outside("current_level", 0, 5),
        *outside("target_level", 0, 5),
        ("V013 importance", unreadable("importance")),
        *outside("importance", 1, 5),
        ("V013 priority_rank", unreadable("priority_rank")),
        *outside("priority_rank", 1, 21),
        ("V020 recommended_action", unreadable("recommended_action")),
        ("V017 action_completed_on", unreadable("action_completed_on")),
        ("V026 note", col("note").str.len_chars() > 500),
        ("X301 applicable", ~applicable & pl.any_horizontal(value.is_not_null() for value in levels)),
        ("X302 applicable", applicable & pl.any_horizontal(value.is_null() for value in levels[:3])),
        ("X303 current_level", ((level * 10) % 1 == 0) & ((level * 2) % 1 != 0)),
        ("X304 target_level", ((target * 10) % 1 == 0) & ((target * 2) % 1 != 0)),
        ("X306 action_completed_on", completed.is_not_null() & ~col("recommended_action").fill_null(False)),
        ("X307 action_completed_on", completed > AS_OF),
    ]


NOTED = [
    ("V040 diagnostic_id", col("raw_diagnostic_id").str.strip_chars() != col("raw_diagnostic_id")),
    ("V041 diagnostic_id", col("raw_diagnostic_id").str.strip_chars() != col("diagnostic_id")),
    ("V040 component_code", col("raw_component_code").str.strip_chars() != col("raw_component_code")),
    ("V041 component_code", col("raw_component_code").str.strip_chars() != col("component_code")),
    ("X305 target_level", col("target_level") < col("current_level")),
]


def read_rows(extract):
    """One row a record: cells as delivered under `raw_` names, repaired and typed under their own."""
    rows = pl.scan_csv(
        extract, schema=dict.fromkeys([*COLUMNS, "more"], pl.String), missing_columns="insert", row_index_name="row"
    )
    whole = [col(name).cast(pl.Int8, strict=False) for name in ("importance", "priority_rank")]
    # A level times ten is whole, so binary numbers hold what the checks ask for; the lake gets decimals.
    levels = [col(name).cast(pl.Float64, strict=False) for name in ("current_level", "target_level")]
    truths = [
        col(name).replace_strict(BOOLEAN, default=None, return_dtype=pl.Boolean)
        for name in ("applicable", "recommended_action")
    ]
    keys = [col(name).str.strip_chars().str.to_uppercase() for name in ("diagnostic_id", "component_code")]
    date = col("action_completed_on").str.to_date("%Y-%m-%d", strict=False)
    raw = [col(name).alias(f"raw_{name}") for name in COLUMNS if name != "note"]
    return rows.with_columns(*raw, *whole, *levels, *truths, *keys, date)


def ingest(extract, components, folder, scans):
    allowed = pl.read_csv(components)["component_code"]
    rules = refusing(allowed)
    checked = read_rows(extract).with_columns(
        pl.any_horizontal(test.fill_null(False) for _, test in rules).alias("bad"),
        pl.any_horizontal(test.fill_null(False) for _, test in NOTED).alias("noted"),
    )
    if scans == "one":
        checked = checked.collect(engine="streaming").lazy()
    good = checked.filter(~col("bad"))
    shared = (
        good.select("row", "diagnostic_id", "component_code")
        .filter(pl.len().over("diagnostic_id", "component_code") > 1)
        if scans == "one"
        else good.select("row", "diagnostic_id", "component_code").join(
            good.group_by("diagnostic_id", "component_code").len().filter(col("len") > 1),
            on=["diagnostic_id", "component_code"], how="semi",
        )
    )
    doubles = (
        shared.sort("row").filter(pl.int_range(pl.len()).over("diagnostic_id", "component_code") > 0)
        .select("row").collect(engine="streaming")
    )
    accepted = good.join(doubles.lazy(), on="row", how="anti")
    lake = accepted.select(
        "row", *(col(name).cast(pl.Decimal(4, 1)) if "level" in name else col(name) for name in COLUMNS)
    )
    reasons = [pl.when(test.fill_null(False)).then(pl.lit(rule)) for rule, test in rules + NOTED]
    delivered = [col("note") if name == "raw_note" else col(name) for name in RAW]
    is_double = col("row").is_in(doubles["row"].implode())
    refused = checked.filter(col("bad") | col("noted") | is_double).select(
        "row", "bad", is_double.alias("double"), pl.concat_list(reasons).list.drop_nulls().alias("rules"), *delivered
    )
    wrote, remarkable, total = pl.collect_all(
        [
            lake.sink_parquet(folder / "accepted.parquet", compression="zstd", compression_level=1, lazy=True),
            refused,
            checked.select(pl.len()),
        ],
        engine="streaming",
    )
    return totals(remarkable, total.item(), folder)


def totals(remarkable, rows, folder):
    """Writes the refused rows; tells rows accepted and refused, and how often each rule failed."""
    refused = remarkable.filter(col("bad") | col("double"))
    refused.with_columns(
        pl.when("double").then(col("rules").list.concat(pl.lit(["V030 diagnostic_id"]))).otherwise("rules")
    ).drop("bad", "double").write_ndjson(folder / "refused.ndjson")
    counts = dict(remarkable["rules"].explode().value_counts().iter_rows())
    counts["V030 diagnostic_id"] = remarkable["double"].sum()
    repairs = [rule for rule, _ in NOTED if rule.startswith("V04")]
    repaired = remarkable.filter(~col("bad") & ~col("double") & col("rules").list.eval(pl.element().is_in(repairs)).list.any())
    return {
        "rows": rows, "accepted": rows - refused.height, "refused": refused.height, "repaired": repaired.height,
        "rules": dict(sorted(counts.items())),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extract")
    parser.add_argument("components")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--scans", choices=["one", "two"], default="one")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    print(json.dumps(ingest(chosen.extract, chosen.components, chosen.folder, chosen.scans)))
