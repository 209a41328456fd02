/** Marks the placeholder: vitest loads modules anew for each spec file, so a class would not do. */
export const PLACEHOLDER: unique symbol = Symbol.for('shellrig.placeholder') as never;

/** Whether a value is the placeholder `_`, which stands where a person has yet to say something. */
export function isPlaceholder(value: unknown): boolean {
  return typeof value === 'object' && value !== null && PLACEHOLDER in value;
}
