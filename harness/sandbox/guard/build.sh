#!/usr/bin/env bash
# Builds the guard, or another library of this kind, for every architecture (or
# those named: x64 arm64) into a folder, by default that of its source:
#   build.sh [-c SOURCE.c] [-o DIR] [ARCH]...
#
# The result depends on nothing but the source, its headers and the compiler: the
# committed files come from Debian 12 (gcc 12.2.0, binutils 2.40), packages
# gcc, libc6-dev, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross.
set -eu

source=$(dirname -- "${BASH_SOURCE[0]}")/guard.c
if [[ ${1-} == -c ]]; then
  source=${2:?build.sh: -c needs a file}
  shift 2
fi
here=$(cd -- "$(dirname -- "$source")" && pwd)
name=$(basename -- "$source" .c)
out=$here
if [[ ${1-} == -o ]]; then
  out=${2:?build.sh: -o needs a folder}
  shift 2
fi
(( $# )) || set -- x64 arm64

flags=(
  -std=gnu11 -Os -Wall -Wextra -Werror
  -shared -fPIC -fvisibility=hidden
  # No code but ours: no start files (whose content is the distribution's), no
  # stack protector (its symbol), no unwind tables, no name of the compiler.
  -nostartfiles -fno-stack-protector -fno-unwind-tables -fno-asynchronous-unwind-tables -fno-ident
  # Symbols are bound before main: a lazy lookup is not safe after vfork.
  -Xlinker -z -Xlinker now -Xlinker -z -Xlinker norelro -Xlinker -z -Xlinker noseparate-code
  -Xlinker --build-id=none -Xlinker --hash-style=gnu -Xlinker "-soname=$name.so" -s
)

for arch in "$@"; do
  # The last flag switches off what some distributions switch on.
  case $arch in
    x64) machine=x86_64-linux-gnu own=-fcf-protection=none ;;
    arm64) machine=aarch64-linux-gnu own=-mno-outline-atomics ;;
    *) echo "build.sh: unknown architecture '$arch' (known: x64 arm64)" >&2; exit 2 ;;
  esac
  (cd -- "$here" && "$machine-gcc" "${flags[@]}" "$own" -U_FORTIFY_SOURCE -o "$out/$name-$arch.so" "$name.c")
  "$machine-strip" --remove-section=.comment "$out/$name-$arch.so"
  chmod 644 "$out/$name-$arch.so"
done
