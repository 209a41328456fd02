import { describe, expect, it } from 'vitest';
import { at, defineShell, file, handle, returns, takes } from 'shellrig';
import { noSecrets } from 'shellrig/invariants';
import validate from '#node/validate-kubelet-credentials.sh';
import { eventFiles, events, EVENTS_DIRECTORY, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { instant, NOW } from '../support/time.js';

const TOKEN = 'abcdef.0123456789abcdef';
const URL = 'https://api.cluster.example:443';
const CA = '/etc/kubernetes/certs/ca.crt';
const BOOTSTRAP_KUBECONFIG = '/var/lib/kubelet/bootstrap-kubeconfig';
const users = (token: string) => `apiVersion: v1\nkind: Config\nusers:\n- name: kubelet-bootstrap\n  user:\n    ${token}\n`;
const PROCEEDING = 'proceeding to start kubelet...\n';
const ASKING = `validating the bootstrap token with ${URL}/version, for up to 60s...\n`;

const bare = {
  files: { [BOOTSTRAP_KUBECONFIG]: users(`token: "${TOKEN}"`) },
  env: { CREDENTIAL_VALIDATION_APISERVER_URL: URL, CREDENTIAL_VALIDATION_KUBE_CA_FILE: CA },
  events,
  invariants: [noSecrets({ values: [TOKEN], except: [BOOTSTRAP_KUBECONFIG] })],
};
/** A node whose API server answers: `node.given({ stubs: { curl: answers(...) } })`. */
const node = defineShell({ ...bare, stubs: { curl: returns('200') } });

/** An API server that answers with these HTTP status codes, each after so many seconds. */
const answers = (seconds: number, ...codes: readonly number[]) =>
  handle(({ previousCalls }) => returns(String(codes[Math.min(previousCalls, codes.length - 1)])).takes(`${seconds}s`)).readsStdin();

describe('the bootstrap token', () => {
  it('is shown to the API server, and to nobody else', async () => {
    const run = await node.given({ stubs: { curl: answers(0, 200) } }).exec(validate);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 1, '-sS', '--cacert', CA, '--max-time', '5', '-o', '/dev/null', '-w', '%{http_code}', '-H', '@-', `${URL}/version`);
    expect(run.calls('curl')[0]?.stdin).toBe(`Authorization: Bearer ${TOKEN}\n`);
    expect(run.output).toBe(`${ASKING}the API server takes the bootstrap token\n${PROCEEDING}`);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it.each([
    ['bare', `token: ${TOKEN}`],
    ['in single quotes', `token: '${TOKEN}'`],
    ['with blanks around it', `  token:   "${TOKEN}"  `],
  ])('is found where it is written %s', async (_, token) => {
    const run = await node.given({ files: { [BOOTSTRAP_KUBECONFIG]: users(token) }, stubs: { curl: answers(0, 200) } }).exec(validate);

    expect(run).toSucceed();
    expect(run.calls('curl')[0]?.stdin).toBe(`Authorization: Bearer ${TOKEN}\n`);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('is shown again until it is taken', async () => {
    const run = await node.given({ stubs: { curl: answers(1, 401, 401, 200) } }).exec(validate);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 3);
    expect(run).toHaveSleptTimes('2s', 2);
    expect(run.duration).toBe(7000);
    expect(run).toPrint(`the API server takes the bootstrap token\n${PROCEEDING}`);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });
});

describe('an API server that does not take it', () => {
  it('is not asked again when kubelet has its kubeconfig meanwhile', async () => {
    const run = await node.given({ stubs: { curl: answers(0, 401) }, actors: [at('2.5s', (world) => world.write({ '/var/lib/kubelet/kubeconfig': '' }))] }).exec(validate);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 2);
    expect(run).toHaveSleptTimes('2s', 2);
    expect(run.duration).toBe(4000);
    expect(run.output).toBe(`${ASKING}kubeconfig now exists at: /var/lib/kubelet/kubeconfig, the bootstrap token is not needed any more\n${PROCEEDING}`);
    expect(run).toHaveChangedOnly({ ...eventFiles(run), '/var/lib/kubelet/kubeconfig': file('') });
  });

  it('holds up kubelet for a minute, and then that is said', async () => {
    const run = await node.given({ stubs: { curl: answers(0, 401) } }).exec(validate);

    expect(run).toSucceed();
    expect(run.output).toBe(`${ASKING}the bootstrap token was not validated with ${URL}/version in 30 tries and 58s: the API server last answered with HTTP status 401\n${PROCEEDING}`);
    expect(run).toHaveCalledTimes('curl', 30);
    expect(run).toHaveSleptTimes('2s', 29);
    expect(run.duration).toBe(58_000);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('holds it up for no longer where each answer takes as long as it may', async () => {
    const curl = handle(({ args }) => takes(`${args[args.indexOf('--max-time') + 1]}s`).exits(28));
    const run = await node.given({ stubs: { curl } }).exec(validate);

    expect(run).toSucceed();
    expect(run.duration).toBe(60_000);
    expect(run.calls('curl').map(({ args }) => args[args.indexOf('--max-time') + 1])).toEqual(['5', '5', '5', '5', '5', '5', '5', '5', '4']);
    expect(run).toHaveSleptTimes('2s', 8);
    expect(run).toPrint(`in 9 tries and 60s: the API server last could not be asked (exit status of curl: 28)\n${PROCEEDING}`);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('is asked as often, and is given as long, as the unit says', async () => {
    const env = { CREDENTIAL_VALIDATION_MAX_RETRIES: '2', CREDENTIAL_VALIDATION_RETRY_DELAY_SECONDS: '7', CREDENTIAL_VALIDATION_RETRY_TIMEOUT_SECONDS: '3' };
    const run = await node.given({ env, stubs: { curl: answers(0, 503) } }).exec(validate);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 2);
    expect(run).toHaveCalled('curl', '-sS', '--cacert', CA, '--max-time', '3', '-o', '/dev/null', '-w', '%{http_code}', '-H', '@-', `${URL}/version`);
    expect(run).toHaveSleptTimes('7s', 1);
    expect(run).toPrint('in 2 tries and 7s: the API server last answered with HTTP status 503\n');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });
});

describe('an API server that is asked without a pause', () => {
  it('has a limit to answer too', async () => {
    const run = await node.given({ env: { CREDENTIAL_VALIDATION_RETRY_DELAY_SECONDS: '0' }, stubs: { curl: answers(1, 401) } }).exec(validate);

    expect(run).toSucceed();
    expect(run.calls('curl').map(({ args }) => args[args.indexOf('--max-time') + 1])).toEqual(['1']);
    expect(run).toPrint('in 1 tries and 1s: the API server last answered with HTTP status 401\n');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });
});

describe('kubelet is started at once', () => {
  const UNSET = 'CREDENTIAL_VALIDATION_APISERVER_URL and CREDENTIAL_VALIDATION_KUBE_CA_FILE are not both set, unable to validate credentials\n';
  const NO_TOKEN = `there is no bootstrap token in ${BOOTSTRAP_KUBECONFIG}, unable to validate credentials\n`;

  it.each([
    ['that has its kubeconfig', { files: { '/var/lib/kubelet/kubeconfig': '' } }, 'kubeconfig already exists at: /var/lib/kubelet/kubeconfig, the bootstrap token is not needed\n'],
    ['where nobody said whom to ask', { env: { CREDENTIAL_VALIDATION_APISERVER_URL: '' } }, UNSET],
    ['where nobody said who vouches for it', { env: { CREDENTIAL_VALIDATION_KUBE_CA_FILE: '' } }, UNSET],
    ['without a bootstrap kubeconfig', { env: { BOOTSTRAP_KUBECONFIG_PATH: '/var/lib/kubelet/none' } }, NO_TOKEN.replace('bootstrap-kubeconfig', 'none')],
    ['whose bootstrap kubeconfig has another credential', { files: { [BOOTSTRAP_KUBECONFIG]: users('exec: {}') } }, NO_TOKEN],
  ])('%s, and that is said', async (_, given, said) => {
    const run = await node.given(given).exec(validate);

    expect(run).toSucceed();
    expect(run.output).toBe(said + PROCEEDING);
    expect(run).not.toHaveCalled('curl');
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('on a machine without curl, and that is said', async () => {
    const run = await defineShell(bare).exec(validate);

    expect(run).toSucceed();
    expect(run.output).toBe(`curl is not available, unable to validate credentials\n${PROCEEDING}`);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });
});

describe('the event', () => {
  it('tells when it began and ended, in a directory that is made where it is missing', lesson('C18'), async () => {
    const run = await node.given({ stubs: { curl: answers(1, 401, 200) } }).exec(validate);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 2);
    expect(run).toHaveSleptTimes('2s', 1);
    expect(eventsOf(run)).toEqual([{
      Timestamp: instant(0), OperationId: instant(4), Version: '1.23', TaskName: 'AKS.Runtime.validateKubeletCredentials',
      EventLevel: 'Informational', Message: 'Completed: validateKubeletCredentials', EventPid: '0', EventTid: '0',
    }]);
    expect(run).toHaveChangedOnly(eventFiles(run));
  });

  it('does not take the place of one that another script wrote in the same millisecond', lesson('C19'), async () => {
    const run = await node.given({ files: { [`${EVENTS_DIRECTORY}/${NOW}000.json`]: '{"TaskName":"another"}' } }).exec(validate);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 1);
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['another', 'AKS.Runtime.validateKubeletCredentials']);
    expect(run).toHaveChangedOnly({ [`${EVENTS_DIRECTORY}/${NOW}0000.json`]: file() });
  });

  it('is lost when its directory cannot be made, and kubelet is started all the same', async () => {
    const run = await node.given({ files: { '/var/log/azure': 'a file in the way' } }).exec(validate);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run).toPrint(PROCEEDING);
    expect(run).toPrint('cannot create directory', { on: 'stderr' });
    expect(run).toPrint('Not a directory', { on: 'stderr' });
    expect(run).not.toHaveChanged();
  });
});
