import { readFileSync } from 'node:fs';

/** How long everything takes that a node does until it is ready, and how that is known. All times are milliseconds. */
export interface Costs {
  readonly published: Published;
  readonly free: Free;
  readonly measured: Measured;
  /** Commands that take no time here although they do on a machine, and why. */
  readonly leftOut: readonly LeftOut[];
  /** What else takes time on a machine and none here. */
  readonly unseen: readonly string[];
}

/** What was published of one node, in each order, since its provisioning began. */
interface Published {
  readonly source: string;
  readonly before: Readonly<Partial<Record<Milestone, number>>>;
  readonly deferred: Readonly<Partial<Record<Milestone, number>>>;
}

/** What a node comes by, in this order. */
export const MILESTONES = ['ensureKubelet done', 'kubelet started', 'node registered', 'NodeReady'] as const;
export type Milestone = (typeof MILESTONES)[number];

/** The numbers that nobody measured: they are what makes the order before the deferral come out as published. */
const FREE = ['pace', 'registering', 'becomingReady'] as const;
type Free = Readonly<Record<(typeof FREE)[number], {
  readonly value: number;
  /** What it stands for. */
  readonly of: string;
}>>;

/** What was measured on one machine. */
interface Measured {
  readonly where: string;
  readonly commands: readonly (Measurement & {
    /** How the command lines begin that take so long. Of several that fit, the longest counts. */
    readonly of: string;
  })[];
  /** What each start of a small program takes, whatever it does. */
  readonly programs: readonly (Measurement & { readonly names: readonly string[] })[];
  /** What containerd takes from its start until it serves. */
  readonly containerd: Measurement;
}

interface Measurement {
  readonly how: string;
  readonly times: number;
  /** The median. */
  readonly milliseconds: number;
}

interface LeftOut {
  /** How their command lines begin. */
  readonly of: string;
  readonly why: string;
}

/** A file of costs that is not as it should be; the message names the member and the rule. */
export class CostsError extends Error {
  override readonly name = 'CostsError';
}

/** Where the costs are kept. */
export const COSTS_FILE = new URL('costs.json', import.meta.url);

/** The costs as they are kept. @throws CostsError, see {@link parseCosts}. */
export function readCosts(): Costs {
  return parseCosts(readFileSync(COSTS_FILE, 'utf8'));
}

/** Reads costs from JSON. @throws CostsError for a member that is missing, unknown or not what it must be. */
export function parseCosts(json: string): Costs {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new CostsError(`the costs are no JSON: ${(error as Error).message}`);
  }
  const { published, free, measured, leftOut, unseen } = members(value, 'costs', ['published', 'free', 'measured', 'leftOut', 'unseen']);
  return {
    published: publishedIn(published), free: freeIn(free), measured: measuredIn(measured),
    leftOut: items(leftOut, 'leftOut', (item, where) => {
      const { of, why } = members(item, where, ['of', 'why']);
      return { of: text(of, `${where}.of`), why: text(why, `${where}.why`) };
    }),
    unseen: items(unseen, 'unseen', text),
  };
}

function publishedIn(value: unknown): Published {
  const { source, before, deferred } = members(value, 'published', ['source', 'before', 'deferred']);
  const times = (order: unknown, where: string) => Object.fromEntries(Object.entries(members(order, where, [], MILESTONES)).map(([name, time]) => [name, number(time, `${where}.${name}`)]));
  return { source: text(source, 'published.source'), before: times(before, 'published.before'), deferred: times(deferred, 'published.deferred') };
}

function freeIn(value: unknown): Free {
  return Object.fromEntries(Object.entries(members(value, 'free', FREE)).map(([name, member]) => {
    const { value: free, of } = members(member, `free.${name}`, ['value', 'of']);
    return [name, { value: number(free, `free.${name}.value`), of: text(of, `free.${name}.of`) }];
  })) as Free;
}

function measuredIn(value: unknown): Measured {
  const { where, commands, programs, containerd } = members(value, 'measured', ['where', 'commands', 'programs', 'containerd']);
  return {
    where: text(where, 'measured.where'),
    commands: items(commands, 'measured.commands', (item, place) => {
      const { of, ...measurement } = members(item, place, ['of', ...MEASUREMENT]);
      return { of: text(of, `${place}.of`), ...measurementIn(measurement, place) };
    }),
    programs: items(programs, 'measured.programs', (item, place) => {
      const { names, ...measurement } = members(item, place, ['names', ...MEASUREMENT]);
      return { names: items(names, `${place}.names`, text), ...measurementIn(measurement, place) };
    }),
    containerd: measurementIn(containerd, 'measured.containerd'),
  };
}

const MEASUREMENT = ['how', 'times', 'milliseconds'] as const;

function measurementIn(value: unknown, where: string): Measurement {
  const { how, times, milliseconds } = members(value, where, MEASUREMENT);
  return { how: text(how, `${where}.how`), times: number(times, `${where}.times`), milliseconds: number(milliseconds, `${where}.milliseconds`) };
}

/** The members of an object that has these, maybe some of the others, and nothing else. */
function members<Name extends string>(value: unknown, where: string, names: readonly Name[], others: readonly string[] = []): Record<Name, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CostsError(`\`${where}\` is an object`);
  const unknown = Object.keys(value).find((name) => !(names as readonly string[]).includes(name) && !others.includes(name));
  if (unknown !== undefined) throw new CostsError(`\`${where}\` has no member \`${unknown}\`: there are ${[...names, ...others].join(', ')}`);
  const missing = names.find((name) => !(name in value));
  if (missing !== undefined) throw new CostsError(`\`${where}.${missing}\` is missing`);
  return value as Record<Name, unknown>;
}

function items<Item>(value: unknown, where: string, of: (item: unknown, where: string) => Item): Item[] {
  if (!Array.isArray(value) || value.length === 0) throw new CostsError(`\`${where}\` is a list that is not empty`);
  return value.map((item: unknown, index) => of(item, `${where}[${index}]`));
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw new CostsError(`\`${where}\` is a text that is not empty`);
  return value;
}

function number(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new CostsError(`\`${where}\` is a number from 0`);
  return value;
}
