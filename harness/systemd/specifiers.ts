import { problem } from './problem.js';

/** The parts of a unit's name: systemd.unit(5), "foo@bar.service". */
export interface NameParts {
  readonly name: string;
  /** `service`. */
  readonly type: string;
  /** Before the `@`, or before the type. */
  readonly prefix: string;
  /** Between `@` and the type; undefined without `@`, empty for a template. */
  readonly instance: string | undefined;
  /** The template of an instance. */
  readonly template: string | undefined;
}

/** Takes a unit's name apart. */
export function partsOf(name: string): NameParts {
  const dot = name.lastIndexOf('.');
  const stem = name.slice(0, dot);
  const at = stem.indexOf('@');
  const instance = at === -1 ? undefined : stem.slice(at + 1);
  return {
    name, type: name.slice(dot + 1), prefix: at === -1 ? stem : stem.slice(0, at), instance,
    template: instance === undefined || instance === '' ? undefined : `${stem.slice(0, at)}@${name.slice(dot)}`,
  };
}

/** Undoes the escaping of systemd.unit(5), "String Escaping for Inclusion in Unit Names". */
function unescapeName(text: string): string {
  return text.replaceAll('-', '/').replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * Replaces the specifiers of systemd.unit(5), "Specifiers".
 * @throws StrictError for those that do not exist, and for those of facts that a sandbox does not have.
 */
export function withSpecifiers(text: string, { name, prefix, instance }: NameParts, place: string): string {
  return text.replace(/%(.?)/gs, (all, letter: string) => {
    switch (letter) {
      case '%': return '%';
      case 'n': return name;
      case 'N': return name.slice(0, name.lastIndexOf('.'));
      case 'p': return prefix;
      case 'P': return unescapeName(prefix);
      case 'i': return instance ?? '';
      case 'I': return unescapeName(instance ?? '');
      case 'f': return `/${unescapeName(instance ?? prefix).replace(/^\//, '')}`;
      case 'j': return prefix.slice(prefix.lastIndexOf('-') + 1);
      case 't': return '/run';
      case 'S': return '/var/lib';
      case 'C': return '/var/cache';
      case 'L': return '/var/log';
      case 'E': return '/etc';
      case 'T': return '/tmp';
      case 'V': return '/var/tmp';
      case 'h': return '/root';
      case 'u': case 'g': return 'root';
      case 'U': case 'G': return '0';
      case 's': return '/bin/bash';
      case 'H': case 'l': case 'q': return 'sandbox';
      default: throw problem(place, `the stand-in knows no specifier ${all}: ${text}`);
    }
  });
}
