# needs: data
# Five files of beneficiaries, in five dialects, through schemas and layouts of their own (tests/system/beneficiaries): every
# cell of the lake equals what a separate program reads in the file, the amounts of the text agree with the workbook row by
# row, and all 2,580 offers are there.
check() {
  local python project=$SCRATCH/project
  python=$(python_with 'openpyxl==3.1.*')
  new_project "$project"
  # Only the definitions of this project: no indicator, no job and no dataset of the programme.
  rm -rf "$project"/schemas "$project"/queries "$project"/jobs
  cp -r "$SYSTEM/beneficiaries/schemas" "$project/schemas"
  mkdir -p "$project"/queries/staging "$project"/queries/indicators "$project"/queries/checks "$project"/jobs
  "$python" "$SYSTEM/beneficiaries.py" deliver "$DATA" "$project/inbox"
  expect_code 0 in_project "$project" check
  expect_code 0 in_project "$project" ingest
  [ "$(in_project "$project" quarantine list --format csv | wc -l)" -le 1 ] || fail 'rows of these files are in quarantine'

  local dataset
  for dataset in projects_2014_text projects_2014_workbook operations_raw projects_2007 offers_2007; do
    "$python" "$SYSTEM/beneficiaries.py" query "$dataset" >"$SCRATCH/$dataset.sql"
    in_project "$project" sql --format csv -f "$SCRATCH/$dataset.sql" >"$SCRATCH/$dataset.csv"
  done
  "$python" "$SYSTEM/beneficiaries.py" compare "$DATA" "$SCRATCH"
}
