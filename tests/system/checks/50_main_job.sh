# The README's main job on examples/inbox: within its time and memory; a second run sends nothing, commits nothing, says so.
check() {
  local project=$SCRATCH/project code=0 seconds=30
  # The promise is 10 s on two idle cores; the quick tier leaves room for a machine that does something else as well.
  [ "$TIER" = full ] && seconds=10
  example_project "$project"
  local began=$SECONDS
  python3 "$SYSTEM/peak.py" 1024 'main job' "$MESUR" --project "$project" run "$main_job" --period "$main_period" || code=$?
  case "$code" in 0 | 1) ;; *) fail "the job ended with $code" ;; esac
  [ $((SECONDS - began)) -le "$seconds" ] || fail "the job took longer than $seconds s"
  python3 "$SYSTEM/state.py" "$project" >"$SCRATCH/first.json"
  listing "$project" >"$SCRATCH/first.txt"

  local again=0
  in_project "$project" run "$main_job" --period "$main_period" >"$SCRATCH/again.log" 2>&1 || again=$?
  cat "$SCRATCH/again.log"
  case "$again" in 0 | 1) ;; *) fail "the second run ended with $again" ;; esac
  python3 "$SYSTEM/state.py" "$project" >"$SCRATCH/second.json"
  cmp "$SCRATCH/first.json" "$SCRATCH/second.json" || fail 'the second run changed the state'
  listing "$project" >"$SCRATCH/second.txt"
  diff "$SCRATCH/first.txt" "$SCRATCH/second.txt" || fail 'the second run changed a file of the lake, the outbox or an edition'

  # What other tools may read holds nothing that they must not: the restricted parts are closed to other users.
  local part
  for part in raw restricted lake ledger; do
    [ "$(stat -c %a "$project/var/$part")" = 700 ] || fail "var/$part is open to others"
  done
  find "$project/inbox" -type f -newer "$SCRATCH/first.json" | grep . && fail 'the inbox was changed' || true
}

# Every file of the lake, the outbox and the editions, with its hash.
listing() {
  (cd "$1/var" && find lake outbox editions -type f -print0 | sort -z | xargs -0 sha256sum)
}
