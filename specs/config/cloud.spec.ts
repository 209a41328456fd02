import { describe, expect, it } from 'vitest';
import { bash, exits, file, handle, type Given } from 'shellrig';
import { configuring, METADATA } from '../support/configuring.js';
import { metadata } from '../support/configuration.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const SECRET = 'swordfish "quoted" \\ behind';

describe('what Kubernetes knows of the cloud', () => {
  const CLOUD_FILE = '/etc/kubernetes/azure.json';
  const vars = {
    TARGET_CLOUD: 'AzureChinaCloud', TENANT_ID: 'tenant', SUBSCRIPTION_ID: 'subscription', SERVICE_PRINCIPAL_CLIENT_ID: 'client', SERVICE_PRINCIPAL_FILE_CONTENT: base64(SECRET),
    RESOURCE_GROUP: 'nodes', LOCATION: 'chinaeast2', VM_TYPE: 'vmss', SUBNET: 'subnet', NETWORK_SECURITY_GROUP: 'rules', VIRTUAL_NETWORK: 'network', VIRTUAL_NETWORK_RESOURCE_GROUP: 'networks',
    ROUTE_TABLE: 'routes', PRIMARY_AVAILABILITY_SET: '', PRIMARY_SCALE_SET: 'scale', USER_ASSIGNED_IDENTITY_ID: 'identity', LOAD_BALANCER_SKU: 'Standard',
    USE_MANAGED_IDENTITY_EXTENSION: 'true', USE_INSTANCE_METADATA: 'false',
  };

  it('is for root alone to read, with its secret', async () => {
    const run = await configuring.given({ vars }).call('configureAzureJson');

    expect(run).toSucceed();
    expect(JSON.parse(run.file(CLOUD_FILE).text)).toEqual({
      cloud: 'AzureChinaCloud', tenantId: 'tenant', subscriptionId: 'subscription', aadClientId: 'client', aadClientSecret: SECRET, resourceGroup: 'nodes', location: 'chinaeast2', vmType: 'vmss',
      subnetName: 'subnet', securityGroupName: 'rules', vnetName: 'network', vnetResourceGroup: 'networks', routeTableName: 'routes', primaryAvailabilitySetName: '', primaryScaleSetName: 'scale',
      userAssignedIdentityID: 'identity', loadBalancerSku: 'Standard', useManagedIdentityExtension: true, useInstanceMetadata: false,
    });
    expect(run).toHaveChangedOnly({ [CLOUD_FILE]: file(expect.anything(), { mode: 0o600 }) });
  });

  it('is of the public cloud where nobody says another, and holds nothing that nobody said', async () => {
    const run = await configuring.call('configureAzureJson');

    expect(run).toSucceed();
    expect(JSON.parse(run.file(CLOUD_FILE).text)).toMatchObject({ cloud: 'AzurePublicCloud', tenantId: '', aadClientSecret: '', useInstanceMetadata: false });
    expect(run).toHaveFile(CLOUD_FILE, file(expect.anything(), { mode: 0o600 }));
  });

  it('stays as it was where its secret cannot be read', async () => {
    const run = await configuring.given({ vars: { ...vars, SERVICE_PRINCIPAL_FILE_CONTENT: '-' }, files: { [CLOUD_FILE]: '{}' } }).call('configureAzureJson');

    expect(run).toExit(1);
    expect(run.stderr).toMatch(/invalid input/);
    expect(run).not.toHaveChanged();
  });

  it('has a file of its own for a cloud of one\'s own', async () => {
    const run = await configuring.with({ env: { TARGET_ENVIRONMENT: 'AzureStackCloud' } }).given({ vars: { CUSTOM_ENV_JSON: base64('{"name":"own"}') } }).call('configureAzureJson');

    expect(run).toSucceed();
    expect(run).toHaveFile('/etc/kubernetes/AzureStackCloud.json', file('{"name":"own"}', { mode: 0o600 }));
    expect(run).toHaveFile(CLOUD_FILE, file(expect.anything(), { mode: 0o600 }));
  });
});

describe('the machine\'s metadata', () => {
  const service = (text: string) => handle(async ({ args, write }) => {
    await write({ [args[args.indexOf('-o') + 1] ?? '']: text });
    return 0;
  });
  const QUESTION = ['-fsS', '--noproxy', '*', '-H', 'Metadata:true', '-o', `${METADATA}.draft`, 'http://169.254.169.254/metadata/instance?api-version=2021-02-01'];
  const unknown = configuring.given({ files: { [METADATA]: '' } });

  it('is asked for once, past any proxy, and cached', async () => {
    const run = await unknown.given({ stubs: { curl: service(metadata()) } }).call('eval', 'fetch_and_cache_imds_instance_metadata && fetch_and_cache_imds_instance_metadata');

    expect(run).toSucceed();
    expect(run.calls('curl').map(({ args }) => args)).toEqual([QUESTION]);
    expect(run).toHaveChangedOnly({ [METADATA]: file(metadata()) });
    expect(run).toPrint(`the machine's metadata is cached in ${METADATA}\n`, { on: 'stdout' });
  });

  it('is asked for twenty times, and then the boot ends, with nothing cached', async () => {
    const run = await unknown.given({ stubs: { curl: exits(28) } }).call('fetch_and_cache_imds_instance_metadata');

    expect(run).toExit(234);
    expect(run).toHaveCalledTimes('curl', 20);
    expect(run).toHaveSleptTimes('1s', 19);
    expect(run).toPrint('Failed to get the machine\'s metadata from http://169.254.169.254/metadata\n', { on: 'stderr' });
    expect(run).toPrint('20 times; giving up (last exit status: 28).\n', { on: 'stderr' });
    expect(run).not.toHaveChanged();
  });

  it('is not taken from somebody else, who answers at that address', async () => {
    const run = await unknown.given({ stubs: { curl: service('<html>sign in</html>') } }).call('fetch_and_cache_imds_instance_metadata');

    expect(run).toExit(234);
    expect(run).toHaveCalledTimes('curl', 1);
    expect(run).toPrint('Failed to get the machine\'s metadata', { on: 'stderr' });
    expect(run).not.toHaveChanged();
  });
});

describe('the host of packages', () => {
  const HEALTH = ['-fsSI', '-o', '/dev/null', 'https://packages.aks.azure.com/acs-mirror/healthz'];

  it.each<[string, Given, string, number]>([
    ['the usual one', { stubs: { curl: exits(0) } }, 'packages.aks.azure.com', 1],
    ['another, where that cannot be reached', { stubs: { curl: exits(7) } }, 'acs-mirror.azureedge.net', 5],
    ['the one that was said', { vars: { PACKAGE_DOWNLOAD_BASE_URL: 'packages.example' } }, 'packages.example', 0],
  ])('is %s', async (_, given, host, asked) => {
    const run = await configuring.given(given).call('resolve_packages_source_url');

    expect(run).toSucceed();
    expect(run.variable('PACKAGE_DOWNLOAD_BASE_URL')).toBe(host);
    expect(run.calls('curl').map(({ args }) => args)).toEqual(Array.from({ length: asked }, () => HEALTH));
  });
});

describe('the registry of the cluster', () => {
  const login = (...identity: [string, string]) => ['oras_login_with_kubelet_identity', 'registry.example', ...identity] as const;
  /** A cloud and a registry that each give a token for what the other's users show. */
  const curl = bash(`case "$*" in
    *169.254.169.254*client_id=identity*) echo '{"access_token":"access"}' ;;
    *oauth2/exchange*) grep -q 'service=registry.example&tenant=tenant&access_token=access' "\${3#@}" && echo '{"refresh_token":"refresh"}' ;;
    *) exit 1 ;;
  esac`);

  it('lets the node in by the identity of its kubelet', async () => {
    const run = await configuring.given({ stubs: { curl, oras: bash('cat >/run/shown') } }).call(...login('identity', 'tenant'));

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/run/shown': file('refresh\n') });
    expect(run).toHaveCalledTimes('oras', 1, 'login', 'registry.example', '--identity-token-stdin', '--registry-config', '/etc/oras/config.yaml');
    expect(run.calls('curl').flatMap(({ args }) => args).join(' ')).not.toMatch(/refresh\b|access\b/);
  });

  it.each([['', 'tenant'], ['identity', '']] as const)('is asked as nobody, where there is no identity (%j, %j)', async (identity, tenant) => {
    const run = await configuring.call(...login(identity, tenant));

    expect(run).toSucceed();
    expect(run.stdout).toBe('no identity is given for registry.example, it is asked as nobody\n');
    expect(run).not.toHaveCalled('oras');
  });

  it.each<[string, Given, number, string]>([
    ['the cloud gives no token', { stubs: { curl: exits(28) } }, 210, 'Failed to get a token of the identity identity\n'],
    ['the cloud gives something else', { stubs: { curl: bash('echo "{}"') } }, 210, 'Failed to get a token of the identity identity\n'],
    ['the registry takes no token of the cloud', { stubs: { curl: bash('case "$*" in *exchange*) exit 22 ;; *) echo \'{"access_token":"access"}\' ;; esac') } }, 212, 'Failed to log in to registry.example as the identity identity\n'],
    ['the registry lets nobody in', { stubs: { curl, oras: exits(1) }, allow: { unasserted: { calls: ['oras'] } } }, 212, 'Failed to log in to registry.example as the identity identity\n'],
  ])('lets the node not in where %s', async (_, given, code, said) => {
    const run = await configuring.given(given).given({ allow: { unasserted: { calls: ['curl'] } } }).call(...login('identity', 'tenant'));

    expect(run).toExit(code);
    expect(run).toPrint(said, { on: 'stderr' });
    expect(run).not.toHaveChanged();
  });
});
