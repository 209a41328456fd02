// Stands in for npm: notes its arguments, and installs what the lock says unless FAILURES of them are still to come.
// As npm does, it leaves out what is for another platform, here by its name.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

appendFileSync('calls', `${process.argv.slice(2).join(' ')}\n`);
const failures = Number(process.env.FAILURES ?? 0);
if (readFileSync('calls', 'utf8').trimEnd().split('\n').length <= failures) {
  console.error('npm error code E503\nnpm error 503 Service Unavailable');
  process.exit(1);
}
const locked = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages);
const packages = Object.fromEntries(locked.filter(([path]) => path !== '' && !path.includes('win32')));
for (const path of Object.keys(packages)) mkdirSync(path, { recursive: true });
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
