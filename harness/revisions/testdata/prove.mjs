// node prove.mjs DIST: proves the project in the working directory, and prints a line a mutant.

const [, , dist] = process.argv;
const { prove } = await import(`${dist}/revisions/prove.js`);
const { findScriptSets } = await import(`${dist}/vitest/find-script-sets.js`);

try {
  const proofs = await prove({ root: process.cwd(), plugins: [] }, findScriptSets(process.cwd()));
  for (const { mutant, verdict, by } of proofs) console.log([mutant.id, verdict, ...(by ? [`by ${by.test.name}: ${by.message}`] : [])].join(' '));
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
