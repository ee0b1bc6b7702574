# Every schema loads in the public `frictionless` tool. Every row of examples/inbox that it refuses, we quarantine too
# (or mend by a repair that the field declares). On files with one planted fault a constraint both refuse the same rows.
check() {
  local python project=$SCRATCH/project code=0
  python=$(python_with 'frictionless==5.21.*')
  example_project "$project"
  in_project "$project" ingest || code=$?
  case "$code" in 0 | 1) ;; *) fail "ingest ended with $code" ;; esac
  in_project "$project" quarantine list --format csv >"$SCRATCH/quarantine.csv"
  "$python" "$SYSTEM/frictionless_check.py" "$ROOT/schemas" "$ROOT/examples/inbox" "$SCRATCH/quarantine.csv"

  local dirty=$SCRATCH/dirty
  "$python" "$SYSTEM/frictionless_dirt.py" "$ROOT/schemas" "$ROOT/examples/inbox" "$SCRATCH/faults"
  new_project "$dirty"
  cp "$SCRATCH/faults/"*__*.csv "$dirty/inbox/"
  cp "$SCRATCH/faults/schemas/"*.json "$dirty/schemas/"
  code=0
  in_project "$dirty" ingest || code=$?
  case "$code" in 0 | 1) ;; *) fail "ingest of the dirty files ended with $code" ;; esac
  in_project "$dirty" quarantine list --format csv >"$SCRATCH/dirty.csv"
  "$python" "$SYSTEM/frictionless_check.py" "$ROOT/schemas" "$SCRATCH/faults" "$SCRATCH/dirty.csv"
}
