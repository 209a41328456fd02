import { bash } from 'shellrig';

/** An iptables that keeps its rules in files, one a table: `/run/rules.TABLE`. */
export const iptables = bash(`
  table=$4 command=$5 rule="\${*:6}" file=/run/rules.$4
  touch "$file"
  case $command in
    -C) grep -Fxq -- "$rule" "$file" ;;
    -D) grep -Fxvn -- "$rule" "$file" >/dev/null; sed -i "0,/./{//d}" "$file" ;;
    -I) rule="$6 \${*:8}"; printf '%s\\n' "$rule" >>"$file" ;;
  esac
`);
