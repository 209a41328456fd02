#!/usr/bin/env bash
# Every construct whose end is easy to get wrong, one function each.
# shellcheck disable=SC1010,SC1083,SC2005,SC2006,SC2034,SC2046,SC2086,SC2116,SC2155
shopt -s extglob

one_line() { echo "}"; }

function with_keyword {
  echo '{' # }
}

function with_both() {
  cat <<EOF
here_document() {
  not a function
}
EOF
}

brace_in_words() {
  local text="} $(echo "}" | tr '}' '{') ${1:-"}"}"
  echo "$text" # $(
}

heredoc_in_substitution() {
  local text
  text=$(
    cat <<-'END'
		it's } not ) closed
	END
  )
  echo "$text"
}

heredoc_behind_the_brace() { cat <<EOF; }
in here: }
EOF

redirected() {
  echo out
} >"${LOG:-/dev/null}" 2>&1

in_a_subshell() (
  cd /tmp || exit 1
)

arithmetic() {
  (( x = ($1 << 2) > 3 )) && echo $(( $1 << 3 ))
}

patterns() {
  [[ $1 =~ ^(a|b\)|})+$ && $2 != @(x|y|\})* ]]
}

loop() {
  for word in "$@"; do
    echo "$word"
  done
}

cases() {
  case $1 in
    a) echo a ;;
    (b | c) echo "b)" ;;
    +([0-9])) echo number ;&
    *)
      echo esac
      ;;
  esac
}

arrays() {
  local -A map=(["a}"]=1 [b]="$(echo 2)")
  local list=(
    one   # }
    "t w o"
  )
  echo "${map["a}"]}" "${#list[@]}" "${list[@]/%/\}}"
}

nested() {
  inner() {
    echo inner
  }
  (
    in_subshell() { echo "$((1 << 2))"; }
    in_subshell
  )
  inner
}

if [[ -n ${NEVER-} ]]; then
  conditional() { echo first; }
else
  conditional() {
    echo "\
second"
  }
fi

comments() { # a comment with } and 'quote
  : # another "
}

backquotes() {
  echo `echo \`echo \$HOME \"}\"\``
}

dash-and.dot:colon() { :; }
