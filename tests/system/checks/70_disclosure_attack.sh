# A separate program (Python, scipy) that reads only the published CSV of the example pack recovers no hidden cell; where
# the smallest cell of a table alone is hidden, as without complementary suppression, the same program does recover it.
check() {
  local project=$SCRATCH/project code=0 python pack
  python=$(python_with 'scipy==1.17.*')
  example_project "$project"
  in_project "$project" run "$main_job" --period "$main_period" >"$SCRATCH/run.log" 2>&1 || code=$?
  case "$code" in 0 | 1) ;; *) cat "$SCRATCH/run.log"; fail "the job ended with $code" ;; esac
  pack=$(find "$project/var/editions" -name '*.csv')
  [ -n "$pack" ] || fail 'the edition holds no CSV'
  "$python" "$SYSTEM/attack/attack.py" "$pack" --primary >"$SCRATCH/primary.txt" ||
    fail 'the attack recovers nothing from primary suppression alone, so it proves nothing'
  tail -1 "$SCRATCH/primary.txt"
  "$python" "$SYSTEM/attack/attack.py" "$pack" || fail 'hidden cells of the example pack were recovered'
}
