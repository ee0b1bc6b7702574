# The main job, killed with SIGKILL at random instants and started again: each extract is committed once, each recipient
# gets one mail at most, packs are whole, and the second start ends like an undisturbed one.
check() {
  local rounds=5 seed=${KILL_SEED:-$(date +%s)} python=python3
  [ "$TIER" = full ] && rounds=100
  RANDOM=$((seed % 32768))
  note "$rounds rounds, KILL_SEED=$seed"

  local reference=$SCRATCH/reference code=0 began ended
  example_project "$reference"
  began=$(date +%s%N)
  main_job "$reference" || code=$?
  ended=$(date +%s%N)
  case "$code" in 0 | 1) ;; *) fail "the undisturbed job ended with $code" ;; esac
  local length=$(((ended - began) / 1000000))
  "$python" "$SYSTEM/state.py" "$reference" >"$SCRATCH/want.json"
  note "undisturbed: $length ms, exit code $code"

  local round killed=0 unknown=0
  for ((round = 1; round <= rounds; round++)); do
    local project=$SCRATCH/round again=0 pid wait_ms
    rm -rf "$project"
    example_project "$project"
    wait_ms=$((RANDOM * (length + length / 10) / 32768))
    echo "round $round: SIGKILL after $wait_ms ms"
    "$MESUR" --project "$project" run "$main_job" --period "$main_period" >"$SCRATCH/first.log" 2>&1 &
    pid=$!
    sleep "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))"
    if kill -9 "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
    wait "$pid" 2>/dev/null || true

    main_job "$project" || again=$?
    "$python" "$SYSTEM/state.py" "$project" >"$SCRATCH/have.json" || fail "round $round after $wait_ms ms left a broken state"
    "$python" "$SYSTEM/state.py" --compare "$SCRATCH/want.json" "$SCRATCH/have.json" || fail "round $round, killed after $wait_ms ms"
    if [ "$again" = 4 ] && grep -q '"unknown": [1-9]' "$SCRATCH/have.json"; then
      unknown=$((unknown + 1))
    elif [ "$again" != "$code" ]; then
      fail "round $round, killed after $wait_ms ms: the second start ended with $again instead of $code"
    fi
  done
  [ "$killed" -gt 0 ] || fail 'no round was killed before it ended: nothing was shown'
  note "$killed of $rounds were killed while they ran; $unknown left a mail whose outcome is unknown, held for a person"
}

main_job() {
  "$MESUR" --project "$1" run "$main_job" --period "$main_period"
}
