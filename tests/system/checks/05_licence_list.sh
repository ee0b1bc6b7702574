# The licence check refuses what is not on its list, reads compound expressions, and passes on the project itself.
check() {
  refused() { printf '%s\n' "$1" | "$ROOT/.ci/licences" - && fail "accepted: $1" || true; }
  accepted() { printf '%s\n' "$1" | "$ROOT/.ci/licences" - || fail "refused: $1"; }
  refused 'a v1|GPL-3.0-only'
  refused 'a v1|MIT AND GPL-3.0-only'
  refused 'a v1|'
  refused 'a v1|(MIT OR Apache-2.0) AND SSPL-1.0'
  accepted 'a v1|MIT AND (GPL-3.0-only OR Apache-2.0)'
  accepted 'a v1|Apache-2.0 WITH LLVM-exception'
  accepted 'a v1|GPL-2.0/MIT'
  "$ROOT/.ci/licences"
}
