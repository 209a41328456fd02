import { type Given } from 'shellrig';
import type { ImageName } from '../../artifacts/config/images.js';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { componentsFile } from '../support/components.js';
import { imageNames } from '../support/containerd.js';
import { TARBALL_URL, type Surroundings } from './node.js';

/** A node that is booted. */
export interface Boot {
  readonly image: ImageName;
  readonly node?: Partial<NodeConfiguration>;
  readonly surroundings?: Surroundings;
  /** The image is made of a machine on which the first of two stages was run. */
  readonly isPrepared?: true;
  /** What the machine has beside what its image carries. */
  readonly given?: Given;
}

/**
 * Every kind of node that there is: each differs from the others in what the scripts do. A spec file boots those of one
 * column, as files are what runs on several cores at once.
 */
export const BOOTS: Readonly<Record<'ubuntu' | 'others', Readonly<Record<string, Boot>>>> = {
  ubuntu: {
    'ubuntu 22.04': {
      image: 'ubuntu2204gen2',
      node: {
        localDns: { corefile: '.:53 {\n}\n', memoryLimit: '128M', cpuLimit: '200.0%' }, promiscuousBridge: true, containerdLimits: { LimitNOFILE: '1048576' }, unattendedUpgrades: true,
      },
      surroundings: { nameServerFrom: 3000 },
    },
    'ubuntu 24.04': { image: 'ubuntu2404gen2', surroundings: { pace: { containerd: 0.04 } } },
    'a gpu node': { image: 'ubuntu2204gen2', node: { gpu: { driver: 'cuda', driverVersion: '570.1', imageTag: '20260101' } } },
    'a custom image without a cache': {
      image: 'ubuntu2204custom',
      node: { kubernetesSource: { customUrl: TARBALL_URL } },
      given: { files: componentsFile({ containerd: { ubuntu: { r2204: [{ latestVersion: '2.0.0-ubuntu22.04u1' }] } } }) },
    },
    'two stages': { image: 'ubuntu2404gen2', isPrepared: true },
    'the china cloud': { image: 'ubuntu2204gen2', node: { cloud: 'AzureChinaCloud' }, given: { files: imageNames('mcr.microsoft.com/oss/v2/kubernetes/pause:3.6') } },
  },
  others: {
    'azure linux 3': { image: 'azurelinuxv3gen2', node: { unattendedUpgrades: true } },
    'azure linux 3 on arm64': { image: 'azurelinuxv3gen2arm64' },
    'mariner 2 with kata': { image: 'marinerv2katagen2' },
    'os guard': { image: 'azurelinuxv3osguard' },
    'flatcar': { image: 'flatcargen2' },
    'acl': { image: 'aclgen2' },
  },
};
