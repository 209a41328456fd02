setup() {
  source "$BENCH/trivial/lib.sh"
}

@test "greets" {
  run greet world
  [ "$status" -eq 0 ]
  [ "$output" = "hello world" ]
}
