import { lines, type Behaviour } from '../behaviour.fixture.js';

/** What systemctl does. */
export const VERBS: readonly Behaviour[] = [
  {
    of: 'systemctl(1)', says: 'Note that unit glob patterns expand to names of units currently in memory',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; systemctl is-active "agen*"; systemctl stop "agen*"; systemctl is-active agent',
    prints: lines(
      'active',
      'inactive',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Do not synchronously wait for the requested operation to finish. If this is not specified, the job will be verified, enqueued and systemctl will wait until the unit\'s start-up is completed.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/sh -c "sleep 0.5; exit 1"\n',
    },
    does: 'systemctl --no-block start agent; echo $?; systemctl is-active agent; echo $?; sleep 0.8; systemctl is-active agent; echo $?; systemctl start --no-block gone; echo $?',
    prints: lines(
      '0',
      'activating',
      '3',
      'failed',
      '3',
      'Failed to start gone.service: Unit gone.service not found.',
      '5',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Returns an exit code 0 if at least one is active, or non-zero otherwise.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl is-active agent gone; echo $?; systemctl start agent; systemctl is-active gone agent; echo $?; systemctl is-active -q agent; echo $?',
    prints: lines(
      'inactive',
      'inactive',
      '3',
      'inactive',
      'active',
      '0',
      '0',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Returns an exit code 0 if at least one has failed, non-zero otherwise.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/false\n',
    },
    does: 'systemctl is-failed agent; echo $?; systemctl start agent 2>/dev/null; systemctl is-failed agent; echo $?; systemctl reset-failed agent; systemctl is-failed agent; echo $?',
    prints: lines(
      'inactive',
      '1',
      'failed',
      '0',
      'inactive',
      '1',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Stop and then start one or more units specified on the command line if the units are running. This does nothing if units are not running.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl try-restart agent; echo $?; systemctl is-active agent; systemctl start agent; p=$(systemctl show -p MainPID --value agent); systemctl try-restart agent; test $p != $(systemctl show -p MainPID --value agent) && echo restarted',
    prints: lines(
      '0',
      'inactive',
      'restarted',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Stop and then start one or more units specified on the command line. If the units are not running yet, they will be started.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\nExecStop=/bin/echo stop\n',
    },
    does: 'systemctl restart agent; s agent; systemctl restart agent; s agent; j agent',
    prints: lines(
      'success active running',
      'success active running',
      'Started agent.service.',
      'Stopping agent.service...',
      'stop',
      'agent.service: Deactivated successfully.',
      'Stopped agent.service.',
      'Started agent.service.',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Reload one or more units if they support it. If not, stop and then start them instead. If the units are not running yet, they will be started.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\nExecReload=/bin/echo reload\n',
      '/etc/systemd/system/other.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl reload-or-restart agent other; systemctl is-active agent other; systemctl reload-or-restart agent other; j agent; j other',
    prints: lines(
      'active',
      'active',
      'Started agent.service.',
      'Reloading agent.service...',
      'reload',
      'Reloaded agent.service.',
      'Started other.service.',
      'Stopping other.service...',
      'other.service: Deactivated successfully.',
      'Stopped other.service.',
      'Started other.service.',
    ),
  },
  {
    of: 'systemctl(1)', says: 'This will create a set of symlinks, as encoded in the [Install] sections of the indicated unit files. After the symlinks have been created, the system manager configuration is reloaded',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\nAlias=helper.service\n',
    },
    does: 'systemctl enable agent; echo $?; readlink /etc/systemd/system/multi-user.target.wants/agent.service; systemctl is-enabled agent; echo $?; systemctl start helper; systemctl is-active agent',
    prints: lines(
      'Created symlink /etc/systemd/system/helper.service → /etc/systemd/system/agent.service.',
      'Created symlink /etc/systemd/system/multi-user.target.wants/agent.service → /etc/systemd/system/agent.service.',
      '0',
      '/etc/systemd/system/agent.service',
      'enabled',
      '0',
      'active',
    ),
  },
  {
    of: 'systemctl(1)', says: 'This removes all symlinks to the unit files backing the specified units from the unit configuration directory',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\nRequiredBy=basic.target\n',
    },
    does: 'systemctl -q enable agent; systemctl disable agent; echo $?; ls /etc/systemd/system/multi-user.target.wants | grep -c agent; systemctl is-enabled agent; echo $?; systemctl disable gone; echo $?',
    prints: lines(
      'Removed "/etc/systemd/system/basic.target.requires/agent.service".',
      'Removed "/etc/systemd/system/multi-user.target.wants/agent.service".',
      '0',
      '0',
      'disabled',
      '1',
      'Failed to disable unit: Unit file gone.service does not exist.',
      '1',
    ),
  },
  {
    of: 'systemctl(1)', says: 'When used with enable, the units will also be started. When used with disable or mask, the units will also be stopped.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n',
    },
    does: 'systemctl enable --now agent; s agent; systemctl disable --now agent; s agent',
    prints: lines(
      'Created symlink /etc/systemd/system/multi-user.target.wants/agent.service → /etc/systemd/system/agent.service.',
      'success active running',
      'Removed "/etc/systemd/system/multi-user.target.wants/agent.service".',
      'success inactive dead',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Mask one or more units, as specified on the command line. This will link these unit files to /dev/null, making it impossible to start them.',
    does: 'systemctl mask agent.service; echo $?; systemctl start agent; echo $?; systemctl is-enabled agent; echo $?; systemctl unmask agent; systemctl start agent; echo $?',
    prints: lines(
      'Unit agent.service does not exist, proceeding anyway.',
      'Created symlink /etc/systemd/system/agent.service → /dev/null.',
      '0',
      'Failed to start agent.service: Unit agent.service is masked.',
      '1',
      'masked',
      '1',
      'Removed "/etc/systemd/system/agent.service".',
      'Failed to start agent.service: Unit agent.service not found.',
      '5',
    ),
  },
];
