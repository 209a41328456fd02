/** A fault of the configuration or the command line: its message is all there is to tell, so it has no stack. */
export class PluginError extends Error {
  override readonly name = 'shellrig';

  constructor(message: string) {
    super(message);
    this.stack = `${this.name}: ${message}`;
  }
}
