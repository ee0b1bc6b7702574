# needs: data
# Every published file that a shipped layout reads, as published: rows, values, sums and status cells of the lake equal
# what a separate program counts in the files, the check values of the data's README are there in both vintages, and no row
# is quarantined.
check() {
  local python part query
  python=$(python_with 'openpyxl==3.1.*')
  for part in industry other; do
    new_project "$SCRATCH/$part"
    "$python" "$SYSTEM/published_files.py" deliver "$DATA" "$SCRATCH/$part/inbox" "$TIER" "$part"
    expect_code 0 in_project "$SCRATCH/$part" ingest
    [ "$(in_project "$SCRATCH/$part" quarantine list --format csv | wc -l)" -le 1 ] || fail 'rows of published files are in quarantine'
  done
  for query in ref_gva_productivity ref_industry ref_deflators ref_areas sic_list check_values; do
    part=other
    [ "$query" = ref_industry ] && part=industry
    "$python" "$SYSTEM/published_files.py" query "$query" >"$SCRATCH/$query.sql"
    in_project "$SCRATCH/$part" sql --format csv -f "$SCRATCH/$query.sql" >"$SCRATCH/$query.csv"
  done
  "$python" "$SYSTEM/published_files.py" compare "$DATA" "$SCRATCH" "$TIER"
}
