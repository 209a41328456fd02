import { bash } from 'shellrig';

/** The machine for which the packages of the fixtures are, whatever machine the specs run on. */
export const AMD64 = {
  /** What bash says of its machine; it takes a value from the environment over its own. */
  env: { HOSTTYPE: 'x86_64' },
  /** What the kernel says of it: the same. */
  stubs: { uname: bash('echo "$HOSTTYPE"') },
} as const;
