/**
 * A value that all copies of a module share: vitest loads modules anew for each spec file, and its runner before that.
 * @param name what the value is. @param make called once a process.
 */
export function processWide<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`shellrig.${name}`);
  const store = globalThis as { [key]?: Value };
  store[key] ??= make();
  return store[key];
}
