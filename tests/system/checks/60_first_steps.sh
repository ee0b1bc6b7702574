# What a stranger types first: a new project is sound, an empty one has nothing to do, and mistakes end with code 2.
check() {
  local project=$SCRATCH/project
  new_project "$project"
  expect_code 0 in_project "$project" check
  expect_code 0 in_project "$project" ingest
  expect_code 0 in_project "$project" schedule next --count 3
  [ "$(in_project "$project" sql --format csv -c 'select 1 as one')" = $'one\n1' ] || fail '`select 1` is not 1'
  expect_code 2 in_project "$project" sql -c 'selekt 1'
  expect_code 2 in_project "$project" sql -c 'create table t as select 1'
  expect_code 2 in_project "$project" sql -c "copy (select 1) to '$SCRATCH/leak.csv'"
  [ ! -e "$SCRATCH/leak.csv" ] || fail 'an analyst could write a file'
  expect_code 2 in_project "$project" run no-such-job --period "$main_period"
  expect_code 2 in_project "$project" run "$main_job" --period 2020-21-Q5
  expect_code 2 in_project "$project" ingest no_such_dataset
  expect_code 2 in_project "$SCRATCH/nowhere" check

  # A file of unknown name is refused whole, the others go on.
  printf 'a,b\n1,2\n' >"$project/inbox/notes.csv"
  cp "$ROOT"/examples/inbox/component_lookup__* "$project/inbox/"
  expect_code 1 in_project "$project" ingest
  [ "$(in_project "$project" sql --format csv -c 'select count(*) as n from component_lookup')" = $'n\n21' ] ||
    fail 'the good file beside the bad one was not taken'

  # Personal columns are absent.
  cp "$ROOT"/examples/inbox/recipients__* "$project/inbox/"
  in_project "$project" ingest >/dev/null || true
  expect_code 2 in_project "$project" sql -c 'select email from recipients'

  # All problems of a broken settings file at once.
  printf '[mail]\ndelivery = "pigeon"\n[limits]\nmemory = "much"\n' >"$project/mesur.toml"
  local code=0
  in_project "$project" check 2>"$SCRATCH/broken.txt" || code=$?
  cat "$SCRATCH/broken.txt"
  [ "$code" = 2 ] || fail "a broken mesur.toml ended with $code instead of 2"
  grep -q 'mail.delivery' "$SCRATCH/broken.txt" || fail 'the first problem of mesur.toml is not named'
  grep -q 'limits.memory' "$SCRATCH/broken.txt" || fail 'the second problem of mesur.toml is not named'
}
