import type { Call, Run } from 'shellrig';
import { unitsOf } from 'shellrig/systemd';
import { isReadiness, valueOf } from './cluster.js';

/** A node as its cluster knows it when a run has ended. Times are milliseconds since the run began. */
export interface NodeOfCluster {
  readonly name: string | undefined;
  /** When kubelet was started, the first time; undefined where it never was. */
  readonly kubeletStarted: number | undefined;
  /** When kubelet had its certificate; undefined where it got none by a token. */
  readonly bootstrapped: number | undefined;
  /** When the cluster knew it; undefined where it does not. */
  readonly registered: number | undefined;
  /** When the cluster knew that it was ready; undefined where it does not. */
  readonly ready: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** The flags of the kubelet that was started last, by name, as it says itself. */
  readonly flags: Readonly<Record<string, string>>;
}

/** What became of the node in a run of {@link boot}. */
export function nodeIn(run: Run): NodeOfCluster {
  const asked = run.record.calls.filter(({ name, exitCode }) => name === 'curl' && exitCode === 0);
  const first = (method: string, path: RegExp): Call | undefined => asked.find(({ args }) => valueOf(args, '-X') === method && args.some((word) => path.test(word)));
  const registering = first('POST', /\/api\/v1\/nodes$/);
  const { metadata } = registering ? JSON.parse(valueOf(registering.args, '-d') ?? '') as { readonly metadata: { readonly name: string; readonly labels: Record<string, string> } } : {};
  const units = unitsOf(run);
  return {
    name: metadata?.name,
    kubeletStarted: units.transitions('kubelet').find(({ to }) => to === 'active')?.time,
    bootstrapped: first('POST', /\/certificatesigningrequests$/)?.end,
    registered: registering?.end,
    ready: run.record.calls.find(isReadiness)?.end,
    labels: metadata?.labels ?? {},
    flags: Object.fromEntries([...units.journal('kubelet').matchAll(/FLAG: (--[\w-]+)="(.*)"$/gm)].map(([, flag = '', value = '']) => [flag, value])),
  };
}
