#!/bin/bash
# Stands in for gpg: what it "encrypts" stays readable, below a line that says for whom it is.

key_of() { printf %s "$1" | od -An -tx1 | tr -d ' \n' | tr a-f A-F; }

work='' output='' input=/dev/stdin names=() recipients=()
while (($# > 0)); do
  case $1 in
    -e | -d | --list-keys | --list-config | --list-only) work=$1 ;;
    -r) recipients+=("$2") && shift ;;
    -o) output=$2 && shift ;;
    --keyid-format) shift ;;
    -*) ;;
    *) names+=("$1") && input=$1 ;;
  esac
  shift
done
[[ $output != - ]] || output=/dev/stdout

case $work in
  -e)
    text=$(cat "$input") || exit 2
    printf 'for %s\n%s\n' "${recipients[*]}" "$text" >"$output"
    ;;
  -d)
    [[ -f $input ]] || exit 2
    tail -n +2 "$input" >"${output:-/dev/stdout}"
    ;;
  --list-keys)
    for name in "${names[@]}"; do echo "sub:u:255:18:$(key_of "$name"):1:2:3:4:5:6:e:"; done
    ;;
  --list-only)
    read -r _ line <"$input"
    for name in $line; do echo "gpg: public key is $(key_of "$name")" >&2; done
    ;;
esac
