"""Recomputes indicators in DuckDB from the extracts and compares them with what `mesur build` stored.

recompute.py INBOX FIGURES_CSV

Written from the definitions, not from our SQL: one query an indicator, straight from the files. FIGURES_CSV is
`select id, measure, time_kind, time, area, members, value, status from indicators`. Compared are the figures from 2019-01-01 to
2020-12-31 of the three regions without a breakdown; a confidential cell has no figure to compare. Set logic must agree at the
published decimals.
"""

import csv
import sys
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import duckdb

START, END = "date '2019-01-01'", "date '2020-12-31'"
LEAST_COMPARED = 25

# Successors one link deep are followed as far as `sample` makes them; the register says which firm is which.
SETUP = """
create macro day(t) as try_cast(t as date);
create macro num(t) as try_cast(t as decimal(18, 6));
create table firm as
  with recursive chain as (
    select business_id as origin, business_id as now, 0 as n from businesses
    union all
    select c.origin, b.successor_business_id, c.n + 1 from chain c join businesses b on b.business_id = c.now
    where b.successor_business_id is not null and c.n < 20)
  select c.origin as business_id, arg_max(c.now, c.n) as resolved from chain c group by 1;
create table place as select lad_code, objective1_area as side from geography_lookup;
create table visit as
  select d.*, f.resolved, b.sme_class, p.side,
    row_number() over (partition by f.resolved, wave order by day(reported_on), diagnostic_id) as nth
  from diagnostics d join firm f using (business_id) join businesses b using (business_id)
  join place p on p.lad_code = d.site_lad_code
  where d.status in ('REPORTED', 'PLAN_ISSUED') and d.reported_on is not null;
create table counted as select * from visit where nth = 1;
create table voucher as
  select v.*, f.resolved, p.side, num(x.rate) as pounds_a_euro
  from vouchers v join firm f using (business_id) join businesses b using (business_id) join place p on p.lad_code = b.lad_code
  left join ref_fx x on x.currency = 'GBP' and x.source = 'INFOREURO' and x.month = substr(v.accepted_on, 1, 7)
  where v.decision = 'APPROVED';
create table accepted as select * from voucher where accepted_on is not null and day(accepted_on) between {start} and {end};
create table pair as
  select a.resolved, a.side, s1.component_code, num(s0.current_level) as before, num(s1.current_level) as after, num(s0.target_level) as target
  from counted a join counted z on z.resolved = a.resolved and z.wave = '0'
    and split_part(z.method_version, '.', 1) = split_part(a.method_version, '.', 1)
  join diagnostic_scores s1 on s1.diagnostic_id = a.diagnostic_id and s1.applicable = 'true' and s1.current_level is not null
  join diagnostic_scores s0 on s0.diagnostic_id = z.diagnostic_id and s0.component_code = s1.component_code and s0.applicable = 'true'
    and s0.current_level is not null
  where a.wave = '1' and day(a.reported_on) between {start} and {end};
create table first_voucher as
  select resolved, arg_min(side, accepted_on || voucher_id) as side from accepted group by 1;
"""

# Each yields side, numerator, denominator (null for sums), by (indicator, measure): decimals, factor, query.
QUERIES = {
    ("D01", "value"): (0, 1, """select side, 1, null from counted where wave = '0' and sme_class <> 'LARGE'
        and day(reported_on) between {start} and {end}"""),
    ("D03", "value"): (0, 1, """select side, num(fee_gross) / case fee_currency when 'EUR' then 1 else num(x.rate) end, 0 from visit
        left join ref_fx x on x.currency = fee_currency and x.source = 'INFOREURO' and x.month = substr(reported_on, 1, 7)
        where day(reported_on) between {start} and {end} and fee_gross is not null
        union all select side, 0, 1 from counted where wave = '0' and sme_class <> 'LARGE' and day(reported_on) between {start} and {end}"""),
    ("D05", "value"): (1, 100, """select side, (side = 'WWV')::int, 1 from counted where wave = '0' and sme_class <> 'LARGE'
        and day(reported_on) between {start} and {end}"""),
    ("D09", "value"): (1, 1, """select side, trl_end_actual::int - trl_start::int, 1 from voucher where accepted_on is not null
        and status in ('COMPLETED', 'CLOSED_OUT') and trl_start is not null and trl_end_actual is not null
        and day(ended_on) between {start} and {end}"""),
    ("D13", "value"): (1, 100, """select side, (collaborative = 'true')::int, 1 from voucher where accepted_on is not null
        and status in ('LIVE', 'COMPLETED', 'CLOSED_OUT') and day(started_on) between {start} and {end}"""),
    ("D14", "value"): (1, 100, """select side, (resolved in (select resolved from accepted where rto_code is not null))::int, 1 from first_voucher"""),
    ("M02", "value"): (1, 100, "select side, after - before, target - before from pair where target > before"),
    ("M03", "value"): (1, 100, "select side, (after >= target)::int, 1 from pair where target is not null"),
    ("M04", "value"): (2, 1, "select side, after - before, 1 from pair"),
    ("O04", "value"): (0, 1, """select arg_min(p.side, o.observed_on || o.outcome_id), 1, null from rd_outcomes o join firm f using (business_id)
        join businesses b using (business_id) join place p on p.lad_code = b.lad_code
        where o.outcome_type = 'NEW_TO_FIRM_PRODUCT' and o.evidence_status in ('EVIDENCED', 'VERIFIED') and coalesce(num(quantity), 1) > 0
        and day(o.observed_on) between {start} and {end} group by f.resolved"""),
    ("O05", "matched"): (0, 1, "select side, num(private_match_gbp), null from accepted where private_match_gbp is not null"),
    ("O07", "value"): (2, 1, """select side, num(private_match_gbp), num(grant_offered_gbp) + num(other_public_gbp) from accepted
        where private_match_gbp is not null and grant_offered_gbp is not null and other_public_gbp is not null"""),
    ("B01", "value"): (0, 1, """select f.side, num(a.eligible_cost_gbp) / a.pounds_a_euro, 0 from accepted a join first_voucher f using (resolved)
        union all select side, 0, 1 from first_voucher"""),
    ("B02", "value"): (1, 100, "select side, num(grant_offered_gbp), num(eligible_cost_gbp) from accepted where eligible_cost_gbp is not null"),
}


def load(connection, inbox):
    """Every dataset of the inbox as a table of texts; empty cells are null."""
    names = connection.execute("select distinct split_part(parse_filename(file), '__', 1) from glob(?) order by 1", [f"{inbox}/*.csv"]).fetchall()
    for (name,) in names:
        connection.execute(
            f"create table {name} as select * from read_csv('{inbox}/{name}__*.csv', all_varchar=true, header=true, nullstr='', union_by_name=true)"
        )


def read_figures(path):
    """{(id, measure, area): (value, status)} of figures to date without a breakdown."""
    with open(path, encoding="utf-8", newline="") as lines:
        return {
            (row["id"], row["measure"], row["area"]): (row["value"], row["status"])
            for row in csv.DictReader(lines)
            if row["time_kind"] == "to_date" and row["time"] == "2020-21-Q3"
            and all(member == "" or member.endswith("=_T") for member in row["members"].replace(";", ",").split(","))
        }


def recompute(connection, query, factor):
    """{area: value}; an area whose denominator is zero has none."""
    text = query.format(start=START, end=END)
    sums = connection.execute(
        f"""with part (side, n, d) as ({text}), area (code) as (values ('WALES'), ('WWV'), ('EW'))
        select code, coalesce(sum(n::decimal(38, 10)), 0), sum(d::decimal(28, 6)) from area left join part on code = 'WALES' or side = code group by 1"""
    ).fetchall()
    return {area: (n if d is None else factor * n / d) for area, n, d in sums if d is None or d != 0}


def main(inbox, figures_path):
    connection = duckdb.connect()
    load(connection, inbox)
    connection.execute(SETUP.format(start=START, end=END))
    figures = read_figures(figures_path)
    compared, hidden, wrong = 0, 0, 0
    for (indicator, measure), (decimals, factor, query) in QUERIES.items():
        for area, theirs in sorted(recompute(connection, query, factor).items()):
            value, status = figures.get((indicator, measure, area), ("", "absent"))
            if value == "" and "[c]" in status:
                hidden += 1
                continue
            unit = Decimal(1).scaleb(-decimals)
            # A figure that lies on the edge of two roundings may fall to either side.
            rounded = {Decimal(theirs).quantize(unit, rule) for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
            compared += 1
            if value == "" or Decimal(value).quantize(unit, ROUND_HALF_UP) not in rounded:
                wrong += 1
                print(f"{indicator} {measure} {area}: DuckDB {theirs}, ours {value or status}")
    indicators = len({indicator for indicator, _ in QUERIES})
    print(f"note: {indicators} indicators, {compared} figures compared, {hidden} confidential, {wrong} differ")
    return 1 if wrong or compared < LEAST_COMPARED else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
