import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DEFAULT_LIMITS } from '../sandbox/limits.js';
import { namespaces } from '../sandbox/namespaces.js';
import { fileSpecs } from '../tree/volume.js';
import { Example } from './example.js';
import { givenOptions, runWords, shellOptions } from './option-shapes.js';
import type { Given, ShellOptions } from './options.js';
import { withoutPlaceholders } from './placeholders.js';
import type { Run } from './run.js';
import { SessionPool } from './session-pool.js';
import { specFile } from './test-watch.js';

/** Scripts sourced in a sandbox, ready to be called into; made by {@link defineShell}. */
export interface Shell {
  /** Adds what exists for one run only: files, stubs, variables. A given cannot change what sourcing saw. */
  given(given: Given): ShellCalls;
  /** Calls a function (or command) in a fork of the sourced shell. */
  call(name: string, ...args: string[]): Promise<Run>;
  /** Runs a script as a process of its own: `$$`, `exit`, traps and process group are its own. */
  exec(script: string, ...args: string[]): Promise<Run>;
  /** Sources a script in a fork of the sourced shell. */
  source(script: string, ...args: string[]): Promise<Run>;
  /** A shell with a session of its own, in which these options replace (files, stubs, env, invariants: extend) this one's. */
  with(options: ShellOptions): Shell;
}

/** The three ways to run something in a shell, with what was given. */
export type ShellCalls = Pick<Shell, 'call' | 'exec' | 'source' | 'given'>;

/**
 * Defines a shell: scripts and the world that they are sourced in. Nothing starts until the first run.
 * @throws Error for an option that does not exist or has a value that it cannot have; at the first run for scripts and tools that do not exist.
 */
export function defineShell(options: ShellOptions = {}): Shell {
  shellOptions('defineShell', options);
  return new DefinedShell(options, specFile());
}

class DefinedShell implements Shell {
  private readonly options: ShellOptions;
  private readonly spec: string | undefined;
  private pool: SessionPool | undefined;

  constructor(options: ShellOptions, spec: string | undefined) {
    this.options = options.source ? { ...options, source: options.source.map((path) => besideSpec(path, spec)) } : options;
    this.spec = spec;
    // What all sessions of the process begin from is made while the spec file is still being loaded. The first run tells
    // of a machine that forbids it.
    namespaces().catch(() => {});
  }

  given(given: Given): ShellCalls {
    givenOptions('given', given);
    return this.withGiven([given]);
  }

  call(name: string, ...args: string[]): Promise<Run> {
    return this.withGiven([]).call(name, ...args);
  }

  exec(script: string, ...args: string[]): Promise<Run> {
    return this.withGiven([]).exec(script, ...args);
  }

  source(script: string, ...args: string[]): Promise<Run> {
    return this.withGiven([]).source(script, ...args);
  }

  with(options: ShellOptions): Shell {
    shellOptions('with', options);
    const { files, stubs, env, limits, allow, invariants = [] } = this.options;
    return new DefinedShell({
      ...this.options,
      ...options,
      files: { ...fileSpecs(files), ...fileSpecs(options.files) },
      stubs: { ...stubs, ...options.stubs },
      env: { ...env, ...options.env },
      limits: { ...limits, ...options.limits },
      allow: { ...allow, ...options.allow },
      invariants: [...invariants, ...(options.invariants ?? [])],
    }, specFile() ?? this.spec);
  }

  private withGiven(givens: readonly Given[]): ShellCalls {
    return {
      given: (more) => {
        givenOptions('given', more);
        return this.withGiven([...givens, more]);
      },
      call: (name, ...args) => this.start('call', givens, name, args),
      exec: (script, ...args) => this.start('exec', givens, script, args),
      source: (script, ...args) => this.start('source', givens, script, args),
    };
  }

  private start(verb: 'call' | 'exec' | 'source', givens: readonly Given[], first: string, args: readonly string[]): Promise<Run> {
    runWords(verb, [first, ...args]);
    return this.example(givens).start(verb, [verb === 'call' ? first : besideSpec(first, specFile()), ...args]);
  }

  private example(givens: readonly Given[]): Example {
    const { options, places } = withoutPlaceholders({ ...this.options, files: fileSpecs(this.options.files) });
    this.pool ??= new SessionPool({
      ...options,
      placeholders: places,
      limits: { ...DEFAULT_LIMITS, ...this.options.limits },
      base: this.spec ? dirname(this.spec) : process.cwd(),
    });
    return new Example(this.pool, givens);
  }
}

/**
 * A relative path of a script counts from the spec that writes it, whatever file defined the shell: files may share one.
 * Where nothing lies there, the path stays as it is, for a message that names it.
 */
function besideSpec(path: string, spec: string | undefined): string {
  const beside = spec === undefined ? path : resolve(dirname(spec), path);
  return existsSync(beside) ? beside : path;
}
