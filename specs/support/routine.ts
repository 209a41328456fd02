import { rest, type Allowances } from 'shellrig';

const ONLY_MICROSOFT = ['-o', 'Dir::Etc::sourcelist=/etc/apt/sources.list.d/microsoft-prod.list', '-o', 'Dir::Etc::sourceparts=-', '-o', 'APT::Get::List-Cleanup=0'];

/** What the programs that open packages say of bad ones, beside what the scripts say: not each line of it is worth one. */
export const OPENERS_COMPLAIN = { unasserted: { stderr: [/^(dpkg-deb|cpio|tar)\b/, 'argument is not an RPM package'] } } satisfies Allowances;

/**
 * What not every spec of an install has to look at: questions, since what a script makes of the answers is looked at;
 * what precedes every use of apt, for which there are specs of its own; and what stubs of repositories complain of.
 */
export const ROUTINE = {
  unasserted: {
    calls: [
      'uname', 'lsb_release', 'fuser', ['ctr', 'version'],
      ['apt', 'list', rest], ['dnf', 'list', rest], ['tdnf', 'list', rest], ['oras', 'repo', 'tags', rest], ['apt-get', '--print-uris', rest],
      ['dpkg', '--configure', rest], ['apt-get', ...ONLY_MICROSOFT, 'update'],
    ],
    stderr: ['Error: No matching Packages to list', /^E: Version '.*' for '.*' was not found$/],
  },
} satisfies Allowances;
