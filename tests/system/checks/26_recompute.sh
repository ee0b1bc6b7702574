# Fourteen indicators of 2,000 invented firms, recomputed in DuckDB straight from the extracts: equal at the published decimals.
check() {
  local python project=$SCRATCH/project file id
  python=$(python_with 'duckdb==2.0.*')
  new_project "$project"
  "$MESUR" sample --firms 2000 --out "$project/inbox" >/dev/null
  # Only what is compared, and what it depends on.
  for file in "$project"/queries/indicators/*.sql; do
    id=$(basename "$file" .sql)
    case ${id%%_*} in
      d01 | d02 | d03 | d05 | d06 | d09 | d13 | d14 | m01 | m02 | m03 | m04 | o01 | o03 | o04 | o05 | o07 | b01 | b02) ;;
      *) rm -f "$file" "$project/queries/tests/$id.toml" ;;
    esac
  done
  # A build computes what is marked on-request only when it is named, and stores nothing then.
  sed -i -E '/^tags = /s/, "on-request"//' "$project"/queries/indicators/*.sql
  expect_code 0 in_project "$project" ingest
  expect_code 0 in_project "$project" build --period 2020-21-Q3
  in_project "$project" sql --format csv \
    -c 'select id, measure, time_kind, time, area, members, value, status from indicators' >"$SCRATCH/figures.csv"
  "$python" "$SYSTEM/recompute.py" "$project/inbox" "$SCRATCH/figures.csv"
}
