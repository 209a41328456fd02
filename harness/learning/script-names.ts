import { basename, dirname, relative } from 'node:path';
import type { SpecPlace } from './place.js';
import { stringLiteral } from './literals.js';

/** Names that a written spec has already. */
const TAKEN = ['any', 'bash', 'defineShell', 'describe', 'directory', 'exits', 'expect', 'file', 'fileFrom', 'it', 'noArguments', 'removed', 'returns', 'run', 'shell', 'symlink'];

/** What no variable may be called (ECMAScript, "Reserved Words", modules). */
const RESERVED = [
  'arguments', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'eval', 'export',
  'extends', 'false', 'finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'package',
  'private', 'protected', 'public', 'return', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield',
];

/** How a spec names scripts: imported where their names end as scripts' do, else by their path from the spec. */
export class ScriptNames {
  private readonly identifiers = new Map<string, string>();

  constructor(private readonly place: Pick<SpecPlace, 'spec' | 'sets'>) {}

  /** The script in an expression. @param path absolute, on the host. */
  expression(path: string): string {
    if (!/\.(?:sh|bash)$/.test(path)) return stringLiteral(this.fromSpec(path));
    const known = this.identifiers.get(path);
    if (known !== undefined) return known;
    const taken = new Set([...TAKEN, ...RESERVED, ...this.identifiers.values()]);
    const words = basename(path).replace(/\.\w+$/, '').split(/[^A-Za-z0-9]+/).filter(Boolean);
    const bare = words.map((word, index) => (index === 0 ? word[0]!.toLowerCase() : word[0]!.toUpperCase()) + word.slice(1)).join('');
    let name = /^[A-Za-z]/.test(bare) ? bare : `script${bare}`;
    if (taken.has(name)) name += 'Script';
    for (let count = 2; taken.has(name); count += 1) name = `${name.replace(/\d+$/, '')}${count}`;
    this.identifiers.set(path, name);
    return name;
  }

  /** The import of every script that was named so. */
  get imports(): string[] {
    return [...this.identifiers].map(([path, name]) => `import ${name} from ${stringLiteral(this.specifier(path))};`);
  }

  /** For a heading. */
  title(path: string): string {
    return basename(path);
  }

  private specifier(path: string): string {
    const set = Object.entries(this.place.sets).find(([, folder]) => path.startsWith(`${folder}/`));
    return set ? `#${set[0]}/${relative(set[1], path)}` : this.fromSpec(path);
  }

  private fromSpec(path: string): string {
    const way = relative(dirname(this.place.spec), path);
    return way.startsWith('.') ? way : `./${way}`;
  }
}
