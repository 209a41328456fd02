// Imported scripts, for TypeScript: the vitest plugin gives their path.

declare module '*.sh' {
  /** Absolute path of the script on this machine. */
  const path: string;
  export default path;
}

declare module '*.bash' {
  /** Absolute path of the script on this machine. */
  const path: string;
  export default path;
}
