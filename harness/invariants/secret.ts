import type { RunRecord } from '../shell/run.js';

/** One secret of a run. */
export interface Secret {
  /** What messages call it. */
  readonly called: string;
  /** @returns how a text holds it: `''` as it is, or `in base64` and the like; undefined where it does not. */
  in(text: Searched): string | undefined;
  /** A text with `***` in its place. */
  hide(text: string): string;
}

/** A text, and what is left of it without blanks and line ends, in which what was broken into lines is whole. */
export interface Searched {
  readonly text: string;
  readonly squeezed: string;
}

/** A shorter value shows by chance, and so does an encoded piece that is shorter than {@link SHORTEST_PIECE}. */
const SHORTEST = 4;
const SHORTEST_PIECE = 8;

/** A value as long as this is looked for across the ends of lines too, and so is each of its lines. */
const LONG = 16;

/** A text that is larger, in characters, is looked through as it is. */
const MOST_SQUEEZED = 1 << 20;

/** Names of secrets, in capitals with `_` between words (`authToken` is `AUTH_TOKEN`). */
const TELLING = [
  /(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIAL)S?$/,
  /(?:^|_)(?:CREDS?|PASS|AUTH|AUTHORIZATION|BEARER|COOKIE|SESSION|SESSION_ID)$/,
  /_(?:PWD|PAT)$/,
  /API_?KEYS?$/,
  /(?<!(?:^|_)(?:PUBLIC|PUB|PRIMARY|FOREIGN|SORT|CACHE|HASH|MAP|LOOKUP|PARTITION))_KEYS?$/,
];

/** What such a variable may hold that is no secret: a word of one case, a number of few digits. */
const COMMON = /^(?:[a-z]{1,8}|[A-Z]?[a-z]{1,7}|[A-Z]{1,8}|[-+]?\d{1,7}(?:\.\d+)?)$/;
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^@?#]*$/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * The secrets of a run: variables that were declared, that its programs were given, and that its shell held at the end.
 * @param named which of them; by default those with telling names and no common value, and private keys.
 */
export function secretsOf({ context, variables, executed = [], before, after }: RunRecord, named: RegExp | readonly string[] | undefined, values: readonly (string | RegExp)[]): Secret[] {
  const isPath = (value: string) => /^\/.*[^/]$/.test(value) && [before, after].some((tree) => tree.has(value) || tree.has(value.slice(0, value.lastIndexOf('/')) || '/'));
  const isSecret = (name: string, value: string) => {
    if (value.length < SHORTEST) return false;
    if (named instanceof RegExp) return new RegExp(named.source, named.flags.replace(/[gy]/g, '')).test(name);
    if (named) return named.includes(name);
    if (PRIVATE_KEY.test(value)) return true;
    const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
    return TELLING.some((pattern) => pattern.test(words)) && !COMMON.test(value) && !ADDRESS.test(value) && !isPath(value);
  };
  const byValue = new Map<string, string>();
  for (const [name, value] of [...context.declared, ...executed.flatMap(({ environment }) => environment), ...variables]) {
    if (!byValue.has(value) && isSecret(name, value)) byValue.set(value, name);
  }
  return [...[...byValue].map(([value, name]) => secretText(value, name)), ...values.map((value) => (value instanceof RegExp ? secretPattern(value) : secretText(value, 'a listed value')))];
}

/** A text to look for secrets in. */
export function searched(text: string): Searched {
  return { text, squeezed: text.length > MOST_SQUEEZED ? '' : text.replace(/\s+/g, '') };
}

function secretText(value: string, called: string): Secret {
  const forms = formsOf(value);
  return {
    called,
    in: ({ text, squeezed }) => forms.find((form) => text.includes(form.text) || (form.isLong && squeezed.includes(form.text)))?.as,
    hide: (text) => forms.reduce((hidden, form) => hidden.replaceAll(form.text, '***'), text),
  };
}

function secretPattern(value: RegExp): Secret {
  const pattern = new RegExp(value.source, value.flags.includes('g') ? value.flags : `${value.flags}g`);
  return { called: String(value), in: ({ text }) => (text.search(pattern) === -1 ? undefined : ''), hide: (text) => text.replace(pattern, '***') };
}

interface Form {
  readonly as: string;
  readonly text: string;
  readonly isLong: boolean;
}

/** A value as it is, and as scripts write it for others: quoted, in a URL, in JSON, in base64 or hexadecimal, or a line of it. */
function formsOf(value: string): Form[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const url = encodeURIComponent(value);
  const base64 = [0, 1, 2].map((offset) => base64Within(bytes, offset));
  const lines = value.includes('\n') ? value.split('\n').filter((line) => line.length >= LONG && !line.startsWith('-----')) : [];
  const quoted = [value.replaceAll("'", "'\\''"), value.replace(/[^\w@%+=:,./-]/g, '\\$&')];
  const written: readonly (readonly [as: string, text: string, least: number])[] = [
    ['', value, SHORTEST],
    ...lines.map((line) => ['in a line of it', line, LONG] as const),
    ...quoted.map((text) => ['quoted', text, SHORTEST] as const),
    ['in JSON', JSON.stringify(value).slice(1, -1), SHORTEST],
    ...[url, url.replace(/%../g, (code) => code.toLowerCase()), url.replaceAll('%20', '+')].map((text) => ['in a URL', text, SHORTEST] as const),
    ...[...base64, ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))].map((text) => ['in base64', text, SHORTEST_PIECE] as const),
    ...[hex, hex.toUpperCase()].map((text) => ['in hexadecimal', text, SHORTEST_PIECE] as const),
  ];
  const forms = new Map<string, Form>();
  for (const [as, text, least] of written) {
    if (text.length >= least && !forms.has(text)) forms.set(text, { as, text, isLong: text.length >= LONG || as === 'in base64' || as === 'in hexadecimal' });
  }
  return [...forms.values()];
}

/** What base64 makes of some bytes wherever they lie in what is encoded: without the characters that their neighbours share. */
function base64Within(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
