setup() {
  source "$BENCH/stub/lib.sh"
  mkdir "$BATS_TEST_TMPDIR/bin"
  cp "$BENCH/stub/systemctl.sh" "$BATS_TEST_TMPDIR/bin/systemctl"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  export STATE_DIRECTORY=$BATS_TEST_TMPDIR
}

@test "releases" {
  run release 2.1
  [ "$status" -eq 0 ]
  [ "$(<"$STATE_DIRECTORY/calls")" = "restart app" ]
  [ "$(<"$STATE_DIRECTORY/version")" = 2.1 ]
}
