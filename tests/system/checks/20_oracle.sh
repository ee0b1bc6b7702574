# needs: data
# The published ONS files, as published: our GVA per hour equals the unsmoothed figure that ONS printed, within one penny,
# for every region and year that the files share; so do the four areas of indicator G03.
check() {
  local python project=$SCRATCH/project
  python=$(python_with 'openpyxl==3.1.*')
  local gva=$DATA/ons_gva workbook=$DATA/ons_productivity/itlproductivity.xlsx
  new_project "$project"
  cp "$gva/table_2c_itl2_current_apr2023.csv" "$project/inbox/ref_gva_productivity__ons_gva_itl2__20230425__001.csv"
  cp "$gva/table_1c_itl1_current_apr2023.csv" "$project/inbox/ref_gva_productivity__ons_gva_itl1__20230425__001.csv"
  cp "$workbook" "$project/inbox/ref_gva_productivity__ons_prod__20230621__001.xlsx"
  chmod u+w "$project"/inbox/*
  expect_code 0 in_project "$project" ingest
  in_project "$project" sql --format csv \
    -c 'select area_code, year, gva_per_hour from gva_per_hour_all order by area_code, year' >"$SCRATCH/computed.csv"
  in_project "$project" sql --format csv -f "$(ls "$ROOT"/queries/indicators/g03_*.sql)" >"$SCRATCH/g03.csv"
  "$python" "$SYSTEM/oracle.py" "$workbook" "$SCRATCH/computed.csv" "$SCRATCH/g03.csv" \
    "$gva/table_2c_itl2_current_apr2023.csv" "$gva/table_1c_itl1_current_apr2023.csv"

  # The same files again: nothing to do.
  expect_code 0 in_project "$project" ingest
  in_project "$project" sql --format csv \
    -c 'select area_code, year, gva_per_hour from gva_per_hour_all order by area_code, year' >"$SCRATCH/again.csv"
  cmp "$SCRATCH/computed.csv" "$SCRATCH/again.csv" || fail 'a second ingest of the same files changed the figures'
}
