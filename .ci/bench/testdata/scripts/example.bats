setup() {
  export __SOURCED__=1
  source "$BENCH/scripts/source-all.sh"
  set +u
}

@test "greets" {
  run greet world
  [ "$status" -eq 0 ]
  [ "$output" = "hello world" ]
}
