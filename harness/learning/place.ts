/** Where a spec will lie, and how its project names scripts. */
export interface SpecPlace {
  /** Absolute path of the spec. */
  readonly spec: string;
  /** Folders that package.json gives a name: `node` to the folder. */
  readonly sets: Readonly<Record<string, string>>;
  /** The command line that recorded it, for its first line. */
  readonly commandLine: string;
  /** Commands that are functions of scripts which are not sourced: name to the script's absolute path. */
  readonly known: ReadonlyMap<string, string>;
}
