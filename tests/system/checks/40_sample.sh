# Synthetic extracts: the same seed gives the same bytes, another seed others, and memory does not grow with the firms.
check() {
  local small=1000 large=10000
  [ "$TIER" = full ] && large=100000
  "$MESUR" sample --firms 300 --seed 7 --out "$SCRATCH/one" >/dev/null
  "$MESUR" sample --firms 300 --seed 7 --out "$SCRATCH/two" >/dev/null
  "$MESUR" sample --firms 300 --seed 8 --out "$SCRATCH/other" >/dev/null
  [ -n "$(ls -A "$SCRATCH/one")" ] || fail 'sample wrote nothing'
  diff -r "$SCRATCH/one" "$SCRATCH/two" || fail 'the same seed gave other bytes'
  local file
  for file in "$SCRATCH"/one/businesses__*; do
    cmp -s "$file" "$SCRATCH/other/$(basename "$file")" && fail "another seed gave the same $(basename "$file")"
  done
  for file in "$SCRATCH"/one/*.csv; do
    [ "$(wc -l <"$file")" -gt 1 ] || fail "$(basename "$file") has no rows"
  done

  python3 "$SYSTEM/peak.py" 256 "$small firms" "$MESUR" sample --firms "$small" --seed 1 --out "$SCRATCH/small"
  python3 "$SYSTEM/peak.py" 256 "$large firms" "$MESUR" sample --firms "$large" --seed 1 --out "$SCRATCH/large"
  # A census of them by another program: the register holds exactly the firms that were asked for.
  local firms
  firms=$(cat "$SCRATCH"/large/businesses__*.csv | grep -c '^"\{0,1\}WB-')
  [ "$firms" = "$large" ] || fail "the register holds $firms firms instead of $large"
}
