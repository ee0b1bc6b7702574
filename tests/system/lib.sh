# What the checks share. Sourced by tests/system/run before each check; it starts nothing.
# Known here: ROOT, SYSTEM, CACHE, MESUR (the binary), TIER (quick or full), DATA (may be empty), SCRATCH (empty folder).

main_job=iacw-quarterly
main_period=2020-21-Q3

# Ends the check with a reason.
fail() {
  echo "failed: $*" >&2
  exit 1
}

# A line that is shown although the check passes: a figure that was measured.
note() {
  echo "note: $*"
}

# expect_code CODE COMMAND...: runs it, and fails on any other exit code.
expect_code() {
  local want=$1 code=0
  shift
  "$@" || code=$?
  [ "$code" = "$want" ] || fail "exit code $code instead of $want from: $*"
}

# python_with NAME==VERSION...: prints the path of a python that has these packages, made once a machine.
python_with() {
  local key home
  key=$(printf '%s\n' "$@" | sort | sha256sum | cut -c1-12)
  home=$CACHE/python-$key
  if [ ! -e "$home/ready" ]; then
    rm -rf "$home"
    if ! python3 -m venv "$home" >&2; then
      [ "$(id -u)" = 0 ] || fail "python3 with its module venv is missing"
      apt-get update -qq >&2
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >&2
      rm -rf "$home"
      python3 -m venv "$home" >&2
    fi
    "$home/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
    touch "$home/ready"
  fi
  echo "$home/bin/python"
}

# new_project DIR: a project with empty inbox and no data yet.
new_project() {
  "$MESUR" init "$1" >/dev/null || fail "init did not make a project"
  rm -rf "$1/inbox" "$1/var"
  mkdir -p "$1/inbox"
  export MESUR_INBOX__DIR=inbox
}

# example_project DIR: a project with the extracts of examples/inbox.
example_project() {
  new_project "$1"
  cp -r "$ROOT/examples/inbox/." "$1/inbox/"
}

# in_project DIR ARGUMENTS...
in_project() {
  local project=$1
  shift
  "$MESUR" --project "$project" "$@"
}
