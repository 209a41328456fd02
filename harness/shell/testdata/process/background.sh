#!/bin/bash
# Work in the background: waited for, late, left behind.
# shellcheck disable=SC2034
job() {
  sleep "$1"
  touch "/srv/by-$2"
  echo "job $2"
  return "$2"
}
waited_for() {
  job 0.05 3 &
  (sleep 0.02; exit 4) &
  backend &
  wait
  echo "waited"
}
not_waited_for() {
  job 0.15 5 &
  echo "gone"
}
nested() {
  (
    job 0.1 6 &
    echo "inner"
  )
  backend late &
  disown
}
leaves_behind() {
  sleep 60 &
  (
    trap '' TERM
    exec -a daemon sleep 61
  ) &
  setsid --fork sleep 62
  nohup sleep 63 >/dev/null 2>&1 &
  echo "left"
}
killed() {
  job 30 7 &
  sleep 0.05
  kill -9 $!
  wait $!
  echo "$?"
}
exits_meanwhile() {
  job 0.1 8 &
  exit 2
}
asks_late() {
  (
    sleep 0.1
    ask one
    ask two
  ) &
}

# Last, since lines above are asserted by number.
beside_each_other() {
  local unit
  for unit in a b c d; do
    backend start "$unit" &
  done
  wait
  backend read | backend write
  { backend one; backend two; } &
  { backend three; backend four; } &
  wait
}
