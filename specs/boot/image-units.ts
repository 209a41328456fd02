import { symlink, type FileSpecs } from 'shellrig';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { containerd, daemon, type Pace } from './programs.js';

const SYSTEM = '/usr/lib/systemd/system';

/** Services that a machine starts before it is provisioned, and for how long they have run when that begins. */
export const STARTED = { 'cloud-init-local': '16s', 'systemd-networkd': '14s', 'cloud-init': '12s', 'walinuxagent': '8s', 'cloud-final': '6s' } as const;

/**
 * containerd as its package brings it: unit and program. The unit is that of the project
 * (https://github.com/containerd/containerd/blob/release/1.7/containerd.service).
 */
export function containerdFiles(pace: Pace): FileSpecs {
  return {
    [`${SYSTEM}/containerd.service`]: [
      '[Unit]', 'Description=containerd container runtime', 'After=network.target local-fs.target',
      '[Service]', 'ExecStartPre=-/sbin/modprobe overlay', 'ExecStart=/usr/bin/containerd', 'Type=notify', 'Delegate=yes', 'KillMode=process',
      'Restart=always', 'RestartSec=5', 'LimitNPROC=infinity', 'LimitCORE=infinity', 'TasksMax=infinity', 'OOMScoreAdjust=-999',
      '[Install]', 'WantedBy=multi-user.target', '',
    ].join('\n'),
    '/usr/bin/containerd': containerd(pace),
  };
}

/** The units that an image has of its own, with the programs that they start, as far as anything of them is seen. */
export function imageUnits({ image: { os, variant, golden }, gpu }: NodeConfiguration, pace: Pace): FileSpecs {
  return {
    ...running('systemd-networkd', 'walinuxagent'),
    ...done('cloud-init-local', 'cloud-init', 'cloud-final'),
    ...(golden ? { ...containerdFiles(pace), ...running('node-exporter'), ...exporterIsRestarted, '/etc/node-exporter.d/skip_vhd_node_exporter': '' } : {}),
    ...(os === 'ubuntu' ? { ...hourly('snapshot-update', 'apt-daily', 'apt-daily-upgrade'), ...masked('apt-daily', 'apt-daily-upgrade') } : {}),
    ...(os === 'mariner' || (os === 'azurelinux' && !variant) ? hourly('snapshot-update', 'dnf-automatic-install', 'dnf-automatic-notifyonly') : {}),
    ...(gpu ? { ...running('nvidia-device-plugin', 'nvidia-dcgm', 'nvidia-dcgm-exporter', 'nvidia-fabricmanager', 'node-problem-detector'), ...done('nvidia-modprobe', 'mig-partition') } : {}),
  };
}

/** Services that run. */
function running(...names: readonly string[]): FileSpecs {
  return files(names, (name) => ({
    [`${SYSTEM}/${name}.service`]: unit(name, `[Service]\nExecStart=/usr/sbin/${name}\nRestart=always\n[Install]\nWantedBy=multi-user.target\n`),
    [`/usr/sbin/${name}`]: daemon,
  }));
}

/** Services that do something and have ended. */
function done(...names: readonly string[]): FileSpecs {
  return files(names, (name) => ({ [`${SYSTEM}/${name}.service`]: unit(name, '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n') }));
}

/** Timers with their services. */
function hourly(...names: readonly string[]): FileSpecs {
  return files(names, (name) => ({
    [`${SYSTEM}/${name}.timer`]: unit(name, '[Timer]\nOnBootSec=1h\nOnUnitActiveSec=1h\n[Install]\nWantedBy=timers.target\n'),
    [`${SYSTEM}/${name}.service`]: unit(name, '[Service]\nType=oneshot\nExecStart=/bin/true\n'),
  }));
}

/** Services of which the image says that they are not to be started. */
function masked(...names: readonly string[]): FileSpecs {
  return files(names, (name) => ({ [`/etc/systemd/system/${name}.service`]: symlink('/dev/null') }));
}

const exporterIsRestarted: FileSpecs = {
  [`${SYSTEM}/node-exporter-restart.path`]: unit('node-exporter-restart', '[Path]\nPathChanged=/etc/node-exporter.d/web-config.yml\n[Install]\nWantedBy=multi-user.target\n'),
  [`${SYSTEM}/node-exporter-restart.service`]: unit('node-exporter-restart', '[Service]\nType=oneshot\nExecStart=/bin/true\n'),
};

function unit(name: string, text: string): string {
  return `[Unit]\nDescription=${name}\n${text}`;
}

function files(names: readonly string[], of: (name: string) => FileSpecs): FileSpecs {
  return Object.assign({}, ...names.map(of)) as FileSpecs;
}
