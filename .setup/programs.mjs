/**
 * @typedef {object} Program
 * @property {string} program what is looked for in PATH
 * @property {string} why what it is for
 * @property {string} package the Debian or Ubuntu package that has it
 * @property {'specs' | 'test'} for which command needs it; rows for `specs` are needed by both
 */

/**
 * The one table of programs that come from the system: for the sandbox itself, and as the real tools of the specs.
 *
 * @type {readonly Program[]}
 */
export const PROGRAMS = [
  { program: 'bash', why: 'runs the scripts', package: 'bash', for: 'specs' },
  { program: 'bwrap', why: 'makes the sandbox', package: 'bubblewrap', for: 'specs' },
  { program: 'newuidmap', why: 'real file owners for an ordinary user', package: 'uidmap', for: 'specs' },
  { program: 'setpriv', why: 'drops rights before a sandbox starts', package: 'util-linux', for: 'specs' },
  { program: 'unshare', why: 'makes user namespaces', package: 'util-linux', for: 'specs' },
  { program: 'flock', why: 'locks taken by scripts', package: 'util-linux', for: 'specs' },
  { program: 'gawk', why: 'text tool of the scripts', package: 'gawk', for: 'specs' },
  { program: 'jq', why: 'JSON tool of the scripts', package: 'jq', for: 'specs' },
  { program: 'tar', why: 'unpacks archives', package: 'tar', for: 'specs' },
  { program: 'cpio', why: 'unpacks .rpm payloads', package: 'cpio', for: 'specs' },
  { program: 'rpm2cpio', why: 'opens .rpm packages', package: 'rpm2cpio', for: 'specs' },
  { program: 'dpkg-deb', why: 'opens and builds .deb packages', package: 'dpkg', for: 'specs' },
  { program: 'curl', why: 'downloads in scripts', package: 'curl', for: 'specs' },
  { program: 'busybox', why: 'serves files on the loopback of a sandbox', package: 'busybox', for: 'specs' },
  { program: 'inotifywait', why: 'watches files in scripts', package: 'inotify-tools', for: 'specs' },
  { program: 'ps', why: 'lists processes', package: 'procps', for: 'specs' },
  { program: 'git', why: 'applies regression patches', package: 'git', for: 'specs' },
  { program: 'rpmbuild', why: 'builds .rpm packages', package: 'rpm', for: 'test' },
  { program: 'openssl', why: 'keys and certificates of a script in harness/world', package: 'openssl', for: 'test' },
  { program: 'shellcheck', why: 'lints every .sh', package: 'shellcheck', for: 'test' },
];
