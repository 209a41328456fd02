#!/bin/bash
# Stands in for make on a kernel module: of the C files in the directory M=... it makes modules with their text.

for word in "$@"; do
  case $word in
    M=*) tree=${word#M=} ;;
    clean) clean=1 ;;
  esac
done
for source in "${tree:?}"/*.c; do
  if [[ ${clean-} ]]; then
    rm -f "${source%.c}.ko"
  else
    cp "$source" "${source%.c}.ko" && echo "  LD [M]  ${source%.c}.ko"
  fi
done
