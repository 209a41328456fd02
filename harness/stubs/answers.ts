import { packTar, type TarMember } from '../tree/tar.js';
import type { Answer, Stub } from './stub.js';

/** What a stub needs inside the sandbox before it can be called. */
export interface CompiledStub {
  /** Name as declared: bare, or an absolute path. */
  readonly name: string;
  readonly stub: Stub;
  /** The answers file, see `answer.sh`. */
  readonly answers: Buffer;
  /** The archive of files that a static answer writes, if it writes any. */
  readonly files: Buffer | undefined;
}

/** Turns file specs into archive members, with the sandbox's names of owners: given by the tree's owner. */
export type Members = (files: Answer['files']) => TarMember[];

/** The name of a stub's answers file: `/` cannot be in it. */
export function answersFile(name: string): string {
  return name.replaceAll('/', '%');
}

/**
 * Compiles a declared stub: an answer that never varies is given by the stub's own process; any other asks the host.
 * @param filesPath where the stub will find its archive, when it writes files.
 * @param program sandbox path of the real program, for spies on commands.
 */
export function compileStub(name: string, stub: Stub, members: Members, filesPath: string, program: string | undefined): CompiledStub {
  const { answer, rules, handler, supervisor, next, recordsStdin } = stub.parts;
  const dynamic = rules.length > 0 || handler !== undefined || supervisor !== undefined || next !== undefined;
  const files = Object.keys(answer.files).length > 0 && !dynamic ? packTar(members(answer.files), 'unpacked') : undefined;
  const text = encodeAnswer(answer, { ask: dynamic, stdin: recordsStdin, filesPath: files ? filesPath : '', program });
  return { name, stub, answers: text, files };
}

/** An answers file: assignments in bash syntax, values single-quoted. */
export function encodeAnswer(
  answer: Answer,
  { ask = false, stdin = false, filesPath = '', program = '' }: { ask?: boolean; stdin?: boolean; filesPath?: string; program?: string | undefined },
): Buffer {
  const parts: (string | Uint8Array)[] = [];
  const assign = (name: string, value: string | Uint8Array) => parts.push(`answer_${name}=`, quote(value), '\n');
  assign('mode', ask ? 'ask' : answer.mode);
  assign('exit', String(answer.exitCode));
  assign('out', answer.stdout);
  assign('err', answer.stderr);
  assign('takes', answer.seconds > 0 ? String(answer.seconds) : '');
  assign('files', filesPath);
  assign('real', program ?? '');
  assign('text', answer.text);
  assign('stdin', stdin ? '1' : '');
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

/**
 * A value as one bash word, bytes kept.
 * @throws Error for a NUL byte, which no bash word can hold.
 */
function quote(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  if (bytes.includes(0)) throw new Error('a stub cannot print a NUL byte: write a file and let `bash("cat file")` print it');
  return Buffer.from(`'${bytes.toString('latin1').replaceAll("'", `'\\''`)}'`, 'latin1');
}
