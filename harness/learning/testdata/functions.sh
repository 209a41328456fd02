#!/bin/bash
# Functions of every kind that a recording has to cope with.
# shellcheck disable=SC2034,SC2016

uses_a_tool() { printf '{"name":"agent"}' | jq -r .name; }

restarts() {
  timeout 5 systemctl restart "$1"
  systemctl is-active "$1" >/dev/null || return 4
}

writes() {
  mkdir -p /opt/app/bin
  install -m 0750 /dev/null /opt/app/bin/run
  printf 'one\ntwo\nthree\n' >/etc/app.conf
  ln -s app.conf /etc/app.link
  mkdir -m 0700 /var/lib/app
  head -c 9 /dev/zero >/var/lib/app/zeros
}

removes() { rm -r /etc/old.d /etc/old; }

logs() { log_line "it's done" && command -v log_line >/dev/null; }

leaves() { exit 7; }

reads() { while read -r line; do echo "> $line"; done; }

stays() { sleep 60 >/dev/null 2>&1 & }

fetches() { curl -fsS "https://example.com/$1" >"/tmp/$1"; }

differs() {
  local place
  place=$(mktemp -du) && mkdir -m 700 "$place" # -u: a name of chance
  date '+%Y-%m-%d %H:%M:%S' >"$place/at"
  echo "$$ in $place" | tee /run/place
  date +%s >/run/now
  notify --at "$(date +%s)" "$place"
}

sets() {
  STATE=ready
  OPT_A=1
  YY=hello
  PARTS=(one 'two "2"')
  declare -gA SIZES=([small]=1)
  i=9
  unset GONE
}
GONE=here

prints() { printf 'first `line`\n\n  third ${x} \\\n'; echo "it's wrong" >&2; }

prints_much() { seq 100; }

calls_often() { for n in {1..40}; do notify "$n"; done; }

needs_an_argument() { (set -u; echo "$1 $2"); }

waits() { until backend ready; do sleep 0.1; done; }

waits_for_ever() { until backend ready | grep -q yes; do sleep 0.1; done; }

asks_for_rights() { sudo -u app -n KEY=1 restorecon /srv && sudo systemctl restart app; }

probes() {
  command -v podman >/dev/null || [ -x /usr/sbin/daemonize ] || type -P ls sed >/dev/null
}

runs_its_own() { ./configure || true; }

unpacks_much() { mkdir /srv/all && touch /srv/all/{1..70}; }

says_much() { head -c 5000 /dev/zero | tr '\0' x; }

starts_at_once() {
  local name
  for name in one two three; do (sleep "0.0$((RANDOM % 5))"; notify "$name") & done
  wait
}

starts_one_job() { (notify first; notify second) & wait; }

pipes() { producer | consumer; }

pipes_into_a_loop() { seq 2 | while read -r n; do notify "$n"; release "$n"; done; }

copies_a_program() {
  local real
  real=$(readlink -f /usr/bin/sort)
  mkdir -p /srv/image/usr/bin "/srv/image${real%/*}"
  cp "$real" "/srv/image$real"
  ln -s "../..$real" /srv/image/usr/bin/sort
  notify "$real"
  echo "copied $real from ${BASH_SOURCE[0]}"
}

asks_yq() { yq .b /etc/app.yaml; }

fills_a_folder() { mkdir /srv/target/bin; }

reads_of_the_machine() {
  echo "-j$(nproc)" >/etc/jobs
  awk '/^MemTotal/ { print int($2 / 1024) "MiB" }' /proc/meminfo
  cat /proc/version
  df -k / | tail -n 1
  read -r arch _ < <(uname -m)
  echo "for $arch"
}

tells_the_moment() {
  local up
  read -r up _ </proc/uptime
  up=${up%.*}
  echo "$((up / 3600 % 24)) hours, $((up / 60 % 60)) mins, load $(cut -d ' ' -f 1-3 /proc/loadavg)"
  date +%Y >/etc/year
  printf '%(%B %Y)T\n' -1
  date --date=tomorrow +%d.%m.
}
