import { rest, type Allowances } from 'shellrig';

/** Calls that only ask: what matters is what a script makes of the answer, and that its specs look at. */
export const QUESTIONS = {
  unasserted: {
    calls: [
      'uname', 'lsb_release', 'fuser',
      ['apt', 'list', rest], ['dnf', 'list', rest], ['tdnf', 'list', rest], ['oras', 'repo', 'tags', rest], ['ctr', 'version'],
    ],
  },
} satisfies Allowances;
