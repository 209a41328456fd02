/**
 * Tags a test with the rows of the lessons that it proves: `it('...', lesson('C3'), async () => { ... })`. On another
 * checkout of such scripts, where a row's defect may still be there, `--known-defects FILE` names these ids.
 *
 * @param ids rows, for instance `'C3'`
 */
export function lesson(...ids: readonly [string, ...string[]]): { meta: { lessons: string[] } } {
  return { meta: { lessons: [...ids] } };
}
