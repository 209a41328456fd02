/** The environment variable through which the command line tells the runner of `--known-defects`; JSON list of ids. */
export const KNOWN_DEFECTS_VARIABLE = 'SHELLRIG_KNOWN_DEFECTS';
