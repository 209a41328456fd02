/** Where a sandbox holds the scripts of the node, to be read as files. */
export const SCRIPTS = '/run/shellrig/scripts/node';
