import { bash, defineShell, exits, file, handle, returns, when, rest, type FileSpecs, type Given, type Shell, type ShellOptions, type Stub } from 'shellrig';
import { definedExitCodes, noLeftovers, noSecrets } from 'shellrig/invariants';
import { systemd } from 'shellrig/systemd';
import { environmentOf } from '../../artifacts/config/environment.js';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { imageFiles, metadata } from '../support/configuration.js';
import { ctrWhere, imageNames } from '../support/containerd.js';
import { ERROR_CODES } from '../support/error-codes.js';
import { events, eventsDirectory } from '../support/events.js';
import { refreshesSysexts } from '../support/sysexts.js';
import { answerOf, valueOf, type Cluster } from './cluster.js';
import { containerdFiles, imageUnits, STARTED } from './image-units.js';
import { carriedExtensions, carriedPrograms, daemon, PACE, servedTarball, type Pace } from './programs.js';

/** Where nodes without packages get Kubernetes. */
export const TARBALL_URL = 'https://packages.example/kubernetes-node.tar.gz';

/** What says that the first of two stages was done when the image was made. */
export const BASE_IS_PREPARED: FileSpecs = { '/opt/azure/containers/base_prep.complete': '' };

/** What there is around a node. */
export interface Surroundings {
  readonly cluster?: Cluster;
  readonly pace?: Partial<Pace>;
  /** From when on the node's own name server answers, in milliseconds of the run. Default: always. */
  readonly nameServerFrom?: number;
  /** Tags of the machine, as the cloud tells them. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where containerd listens. */
const SOCKET = '/run/containerd/containerd.sock';

/** The cloud's metadata service, the cluster's API server, and servers that have what nodes download of them. */
function curl(apiServer: string, { cluster = {}, tags = {}, nameServerFrom = 0 }: Surroundings, pace: Pace): Stub {
  return handle(async (call) => {
    const { args, write } = call;
    const url = args.find((word) => /^https?:/.test(word)) ?? '';
    const target = valueOf(args, '-o') ?? '';
    if (url.startsWith(`https://${apiServer}`)) return answerOf(cluster, call);
    if (url.startsWith('http://169.254.169.254/metadata/instance')) {
      await write({ [target]: metadata(tags) });
      return exits(0).takes('12ms');
    }
    if (url === TARBALL_URL) {
      await write({ [target]: file(servedTarball(pace)) });
      return exits(0).takes('1700ms');
    }
    if (url.startsWith('http://169.254.10.10:')) return exits(call.start < nameServerFrom ? 7 : 0);
    return exits(0).takes('30ms');
  });
}

/** Programs that do what they are told, on whatever machine: which of them are called is seen in what a boot did. */
const PROGRAMS: Readonly<Record<string, Stub>> = {
  ...systemd({ active: STARTED, up: '20s' }),
  '/bin/mount': exits(0),
  '/sbin/ebtables': exits(0),
  // No rule is there yet, whatever was added.
  '/sbin/iptables': bash('case " $* " in *" -C "*) exit 1 ;; esac'),
  '/sbin/modprobe': exits(0).takes('40ms'),
  'apt-mark': exits(0),
  'chage': exits(0),
  'ctr': ctrWhere(`[ -S ${SOCKET} ]`),
  'ip': bash('[ "$1 $2" != "link show" ]'),
  'ldconfig': exits(0),
  'mandb': exits(0),
  'networkctl': when(['--no-pager', rest]).returns('Network File: /run/systemd/network/10-netplan-eth0.network\n').otherwise(exits(0)),
  'nslookup': returns('Name: cluster.example\nAddress: 10.224.0.10\n').takes('15ms'),
  'nvidia-modprobe': exits(0).takes('300ms'),
  'nvidia-smi': exits(0).takes('900ms'),
  'openssl': bash('for word; do case $previous in -keyout | -out) echo made >"$word" ;; esac; previous=$word; done'),
  'sysctl': exits(0).takes('10ms'),
  'systemd-sysext': refreshesSysexts,
};

/** What a system has of its own. */
function ofSystem({ image: { os, version, golden } }: NodeConfiguration, pace: Pace): { files?: FileSpecs; stubs?: Readonly<Record<string, Stub>> } {
  switch (os) {
    case 'ubuntu': return {
      stubs: {
        lsb_release: returns(`${version}\n`),
        ...(golden ? {} : { 'apt-get': aptGet(pace), 'dpkg': exits(0), 'dpkg-query': exits(1), 'fuser': exits(1) }),
      },
    };
    case 'flatcar':
    case 'acl': return { files: carriedExtensions(pace) };
    default: return {};
  }
}

/** apt-get, by which containerd comes to a node. */
function aptGet(pace: Pace): Stub {
  return handle(async ({ args, write }) => {
    if (!args.some((word) => word.startsWith('moby-containerd='))) return exits(0).takes('2s');
    await write(containerdFiles(pace));
    return exits(0).takes('4s');
  });
}

/** A machine that a node is to be made of: what lies on it, and what its programs answer. */
export function machineOf(configuration: NodeConfiguration, surroundings: Surroundings = {}): Pick<Given, 'env' | 'stubs'> & { readonly files: FileSpecs } {
  const pace = { ...PACE, ...surroundings.pace };
  const { image, localDns, apiServer } = configuration;
  const { files = {}, stubs = {} } = ofSystem(configuration, pace);
  return {
    files: {
      ...eventsDirectory, ...imageFiles(configuration), ...imageUnits(configuration, pace), ...(image.golden ? carriedPrograms(pace) : {}), ...files, ...imageNames(),
      '/run/systemd/resolve/resolv.conf': 'nameserver 168.63.129.16\n',
      ...(localDns ? { '/opt/azure/containers/localdns/binary/coredns': daemon } : {}),
    },
    env: { HOSTTYPE: image.arch === 'arm64' ? 'aarch64' : 'x86_64' },
    stubs: { curl: curl(apiServer.name, surroundings, pace), ...stubs },
  };
}

/** What is the same for all of them. */
export const MACHINE = {
  tools: ['inotifywait', 'jq'],
  stubs: PROGRAMS,
  events,
  limits: { time: '120s' },
  invariants: [definedExitCodes(ERROR_CODES), noLeftovers({ in: ['/tmp', '/var/tmp'] }), noSecrets()],
} satisfies ShellOptions;

/**
 * A node on which its provisioning is to be run by itself: `nodeOf(configuration).exec(main)`. To its services and its
 * cluster {@link boot} starts it too.
 */
export function nodeOf(configuration: NodeConfiguration): Shell {
  const { files, env, stubs } = machineOf(configuration);
  return defineShell({
    ...MACHINE, files,
    env: { ...environmentOf(configuration), ...env },
    stubs: { ...PROGRAMS, ...stubs },
    // All that the script executes is traced there: it is looked at in what comes of it.
    allow: { unasserted: { stderr: true, calls: ['lsb_release', ['systemctl', 'daemon-reload'], ['systemctl', 'show', rest]] } },
  });
}
