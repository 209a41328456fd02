import { expectedPlaceholder } from '../diagnostics/placeholder-messages.js';
import { PLACEHOLDER } from './placeholder-mark.js';
import { Stub } from './stub.js';

/**
 * Stands where a person has yet to say something: what a stub answers (`stubs: { systemctl: _ }`, `returns(_)`,
 * `exits(_)`), what a variable or a file holds (`vars: { VERSION: _ }`), what is expected (`toExit(_)`). It fits every
 * type. A run that needs one goes on with nothing in its place, and then fails with a StrictError `placeholder` that
 * names all of them. `shellrig record` writes it.
 */
export const _: never = new (class extends Stub {
  readonly [PLACEHOLDER] = true;

  constructor() {
    super({ answer: { mode: 'placeholder', stdout: '', stderr: '', exitCode: 0, files: {}, seconds: 0, text: '' } });
  }

  /** As the expected value of a matcher. */
  asymmetricMatch(): boolean {
    throw expectedPlaceholder();
  }

  /** As the expected file of a matcher. */
  get spec(): never {
    throw expectedPlaceholder();
  }

  override toString(): string {
    return '_';
  }

  toAsymmetricMatcher(): string {
    return '_';
  }
})() as never;
