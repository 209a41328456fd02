import { describe, expect, it } from 'vitest';
import { readsOf, writesOf } from './variables.js';

describe('readsOf', () => {
  const names = (source: string) => readsOf(source).map(({ name }) => name);

  it('finds what is expanded without a default, wherever that stands', () => {
    expect(names('echo $A "${B}" "x ${C%.*} $(cat "$D")" ${E[0]} ${#F}; [[ -n $G ]]; for x in $H; do :; done; cat <<< "$I"')).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I']);
    expect(names('f() { echo "${A?}" "${B:?unset}"; }')).toEqual(['A', 'B']);
  });

  it('leaves out defaults, parameters, and what is quoted', () => {
    expect(names("echo ${A:-x} ${B-} ${C:+x} ${D=x} $1 $@ $? ${!E} '$F' \\$G # $H")).toEqual([]);
  });

  it('tells the line of the expansion and that of its command', () => {
    expect(readsOf('true\necho a \\\n  "$A"\n')).toEqual([{ name: 'A', line: 3, commandLine: 2 }]);
  });
});

describe('writesOf', () => {
  it('finds assignments, loops, defaults, arithmetic, and what builtins are told to set', () => {
    expect([...writesOf('A=1; B+=2 C=3 env; for D in x; do read -r E F; done; : ${G:=x}; local H=1 I; printf -v J x; export K=1; M[2]=x; ((L = 1))')].sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M']);
  });
});
