import { exits, type Call, type HandledCall, type Stub } from 'shellrig';
import { TOKEN } from '../support/configuration.js';

/** A cluster, as its nodes find it. */
export interface Cluster {
  /** From when on its API server can be reached, in milliseconds of the run; Infinity: never. Default: always. */
  readonly reachableFrom?: number;
  /** The tokens that it takes for a bootstrapping. Default: that of the configurations. */
  readonly tokens?: readonly string[];
}

/** How long its API server takes to answer; to sign a certificate it waits for who approves it. */
const TAKES = { answering: '20ms', signing: '450ms', registering: '80ms' } as const;

/**
 * The API server's answer to a call of curl, whatever its name is: nodes ask it for its version, bootstrap with a token,
 * register themselves, and tell their state. It keeps nothing: what it was asked is in the calls.
 */
export function answerOf({ reachableFrom = 0, tokens = [TOKEN] }: Cluster, { args, start }: HandledCall): Stub {
  const url = new URL(args.find((word) => word.startsWith('https://')) ?? '');
  if (start < reachableFrom) return exits(7).complains(`curl: (7) Failed to connect to ${url.hostname} port 443 after 0 ms: Couldn't connect to server\n`);
  const body = valueOf(args, '-d') ?? '';
  switch (`${valueOf(args, '-X') ?? 'GET'} ${url.pathname}`) {
    case 'GET /': return exits(0).takes(TAKES.answering);
    case 'GET /version': return exits(0).returns('200').takes(TAKES.answering);
    case 'POST /apis/certificates.k8s.io/v1/certificatesigningrequests': {
      const { spec } = JSON.parse(body) as { readonly spec: { readonly username: string } };
      const isTaken = tokens.some((token) => spec.username === `system:bootstrap:${token.split('.')[0]}`);
      return isTaken ? exits(0).returns('a certificate of the cluster\n').takes(TAKES.signing) : exits(22).complains('curl: (22) The requested URL returned error: 401\n').takes(TAKES.answering);
    }
    case 'POST /api/v1/nodes': return exits(0).returns(body).takes(TAKES.registering);
    default: return /^PATCH \/api\/v1\/nodes\/[^/]+\/status$/.test(`${valueOf(args, '-X') ?? ''} ${url.pathname}`)
      ? exits(0).takes(TAKES.answering)
      : exits(22).complains('curl: (22) The requested URL returned error: 404\n');
  }
}

/** The word behind an option. */
export function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

/** Whether a call told the API server that a node is ready, and it took it. */
export function isReadiness({ name, args, exitCode }: Call): boolean {
  return name === 'curl' && exitCode === 0 && valueOf(args, '-X') === 'PATCH' && args.some((word) => /\/api\/v1\/nodes\/[^/]+\/status$/.test(word));
}
