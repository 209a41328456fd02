import { describe } from 'vitest';
import { file, handle, type Given } from 'shellrig';
import { tarball } from '../../fixtures/served/index.js';
import { credentialProviderArchive } from '../install/credential-provider-archive.js';
import { OLDER, PROVIDER, sweepInstall, sweepLongInstall } from '../support/sweep-install.js';
import { bothCarried, curlFrom } from '../support/tarballs.js';
import { ubuntu } from '../support/ubuntu.js';

const URL = 'https://packages.example/node.tar.gz';

describe('from a URL', () => {
  const from = (given: Given) => () => ubuntu.given({ files: OLDER, vars: { KUBERNETES_VERSION: '1.34.1', KUBE_BINARY_URL: URL } }).given(given).call('installKubeletKubectlFromURL');
  const archive = credentialProviderArchive('1.34.1');

  sweepInstall('kubelet and kubectl that the image carries', from({ files: { ...bothCarried('1.34.1'), ...bothCarried('1.34.10') } }), '/opt/bin/kubelet', '/opt/bin/kubectl');
  sweepLongInstall('kubelet and kubectl', from({ stubs: { curl: curlFrom({ [URL]: tarball('1.34.1') }) } }), '/opt/bin/kubelet', '/opt/bin/kubectl');
  sweepInstall('the credential provider', () => ubuntu
    .given({
      files: OLDER, vars: { CREDENTIAL_PROVIDER_DOWNLOAD_URL: 'https://packages.example/v1.34.1/provider.tar.gz' },
      stubs: { curl: handle(async ({ args, write }) => { await write({ [args.at(-1) ?? '']: file(await archive) }); }) },
    })
    .call('installCredentialProviderFromUrl'), PROVIDER);
});
