import { execaSync } from 'execa';
import { exits, handle, type Stub } from 'shellrig';

/** Where the certificate authority's answers begin: its directory lists what else it offers. */
export const DIRECTORY = 'https://ca.example/directory';

/** What one request is answered; default 200. */
export interface Answer {
  readonly status?: number;
  readonly body: string;
}

/** A request that the authority was sent. */
export interface Request {
  /** Path of its URL. */
  readonly path: string;
  /** What was posted: the signed parts as the client encoded them (RFC 7515). */
  readonly posted?: { readonly protected: string; readonly payload: string; readonly signature: string };
}

/** A certificate authority's side of ACME (RFC 8555), as a stub of curl: one order with one authorization by HTTP. */
export class Authority {
  /** In the order in which they came. */
  readonly requests: Request[] = [];
  private readonly answers: ReadonlyMap<string, readonly Answer[]>;

  /** @param answers by path, in place of those that lead to a certificate: the last one serves all further requests, and where there is none, nobody answers. */
  constructor(certificate: string, answers: Readonly<Record<string, readonly Answer[]>> = {}) {
    this.answers = new Map(Object.entries({ ...willing(certificate), ...answers }));
  }

  /** curl, as the client calls it: writes body and headers into files and prints the status. */
  get curl(): Stub {
    return handle(async ({ args, write }) => {
      if (args.includes('-V')) return 'curl 8.0.0\n';
      const url = new URL(args.find((word) => word.startsWith('https://')) ?? '');
      const after = (option: string) => args[args.indexOf(option) + 1] ?? '';
      const earlier = this.requests.filter(({ path }) => path === url.pathname).length;
      this.requests.push({ path: url.pathname, ...(args.includes('-d') ? { posted: JSON.parse(after('-d')) as NonNullable<Request['posted']> } : {}) });
      const answers = this.answers.get(url.pathname);
      // curl's own code for a host that does not answer.
      if (answers === undefined || answers.length === 0) return exits(7);
      const { status = 200, body } = answers[Math.min(earlier, answers.length - 1)] as Answer;
      const headers = `HTTP/2 ${status}\r\nReplay-Nonce: nonce-${this.requests.length}\r\nLocation: https://ca.example${url.pathname === '/new-order' ? '/order/1' : '/acct/1'}\r\n`;
      await write({ [after('-o')]: args.includes('-I') ? headers : body });
      if (args.includes('-D')) await write({ [after('-D')]: headers });
      return String(status);
    });
  }
}

/** A private key and certificates for `name`, made by this machine's openssl; `days` from now the certificate ends. */
export function certified(name: string, days: number): { readonly key: string; readonly certificate: string } {
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-keyout', '-', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', String(days)];
  const { stdout } = execaSync('openssl', words, { stripFinalNewline: false });
  const end = stdout.indexOf('-----BEGIN CERTIFICATE');
  return { key: stdout.slice(0, end), certificate: stdout.slice(end) };
}

/** The authority's answers on the way to a certificate. */
function willing(certificate: string): Record<string, Answer[]> {
  const url = (path: string) => `https://ca.example${path}`;
  const answer = (value: object): Answer[] => [{ body: JSON.stringify(value) }];
  return {
    '/directory': answer({ newNonce: url('/nonce'), newAccount: url('/new-acct'), newOrder: url('/new-order'), revokeCert: url('/revoke'), meta: { termsOfService: url('/terms') } }),
    '/nonce': [{ body: '' }],
    '/new-acct': answer({ status: 'valid' }),
    '/new-order': [{ status: 201, body: '{}' }],
    '/order/1': answer({ status: 'ready', authorizations: [url('/authz/1')], finalize: url('/finalize') }),
    '/authz/1': answer({ status: 'pending', identifier: { type: 'dns', value: 'example.org' }, challenges: [{ type: 'http-01', url: url('/challenge/1'), token: 'token' }] }),
    '/challenge/1': answer({ status: 'valid' }),
    '/finalize': answer({ status: 'valid', certificate: url('/certificate') }),
    '/certificate': [{ body: certificate }],
  };
}
