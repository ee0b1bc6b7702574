# One ingest of 200,000 rows, killed with SIGKILL at random instants and started again: each accepted row is in the lake
# exactly once, and nothing staged, held or half written is left behind.
check() {
  local rounds=10 seed=${KILL_SEED:-$(date +%s)} python=python3
  [ "$TIER" = full ] && rounds=200
  RANDOM=$((seed % 32768))
  note "$rounds rounds, KILL_SEED=$seed"

  local inbox=$SCRATCH/inbox
  mkdir -p "$inbox"
  "$python" - "$ROOT/examples/inbox" "$inbox" <<'PYTHON'
import csv, pathlib, sys

source, inbox = map(pathlib.Path, sys.argv[1:])
name = "ref_gva_productivity__ons__20230621__001.csv"
with open(source / name, encoding="utf-8", newline="") as file:
    header, *rows = list(csv.reader(file))
vintage = header.index("vintage")
with open(inbox / name, "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(header)
    # One vintage after the other; every thousandth row comes twice.
    written = 0
    for repeat in range(200_000 // len(rows)):
        for row in rows:
            for _ in range(2 if written % 1000 == 999 else 1):
                writer.writerow(row[:vintage] + [f"{1980 + repeat // 12}-{repeat % 12 + 1:02}"] + row[vintage + 1 :])
            written += 1
PYTHON

  local reference=$SCRATCH/reference began length code=0
  new_project "$reference"
  cp "$inbox"/* "$reference/inbox/"
  began=$(date +%s%N)
  in_project "$reference" ingest >"$SCRATCH/reference.log" || code=$?
  case "$code" in 0 | 1) ;; *) fail "the undisturbed ingest ended with $code" ;; esac
  length=$((($(date +%s%N) - began) / 1000000))
  lake_state "$reference" >"$SCRATCH/want.txt"
  note "undisturbed: $length ms, exit code $code, $(cat "$SCRATCH/want.txt")"

  local round killed=0
  for ((round = 1; round <= rounds; round++)); do
    local project=$SCRATCH/round again=0 pid wait_ms
    rm -rf "$project"
    new_project "$project"
    cp "$inbox"/* "$project/inbox/"
    wait_ms=$((RANDOM * (length + length / 10) / 32768))
    "$MESUR" --project "$project" ingest >"$SCRATCH/first.log" 2>&1 &
    pid=$!
    sleep "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))"
    if kill -9 "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
    wait "$pid" 2>/dev/null || true
    in_project "$project" ingest >"$SCRATCH/again.log" 2>&1 || again=$?
    case "$again" in 0 | "$code") ;; *) fail "round $round after $wait_ms ms: the second start ended with $again" ;; esac
    lake_state "$project" >"$SCRATCH/have.txt" || fail "round $round after $wait_ms ms left something behind"
    cmp -s "$SCRATCH/want.txt" "$SCRATCH/have.txt" ||
      fail "round $round after $wait_ms ms: $(cat "$SCRATCH/have.txt") instead of $(cat "$SCRATCH/want.txt")"
  done
  [ "$killed" -gt 0 ] || fail 'no round was killed before it ended: nothing was shown'
  note "$killed of $rounds were killed while they ran"
}

# Rows in the lake, different rows of the file among them, and nothing left behind.
lake_state() {
  local left
  left=$(find "$1/var" \( -name '.incoming.*' -o -path '*/spill/ingest-*' \) | head -n 3)
  [ -z "$left" ] || fail "left behind: $left"
  local table staged named
  for table in "$1"/var/lake/*/; do
    staged=$(find "$table" -maxdepth 1 -name 'extract-*.parquet' | wc -l)
    named=$(cat "$table"_delta_log/*.json | grep -c '"add":' || true)
    [ "$staged" = "$named" ] || fail "$table: $staged files, $named of them named by a commit"
  done
  in_project "$1" sql --format csv -c 'select count(*) as held, count(distinct _row) as different from ref_gva_productivity' | tail -n 1
}
