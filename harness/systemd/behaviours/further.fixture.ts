import { lines, type Behaviour } from '../behaviour.fixture.js';

/** Further behaviours. */
export const FURTHER: readonly Behaviour[] = [
  {
    of: 'systemd.service(5)', says: 'only service updates sent from the main process of the service are accepted',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=notify\nTimeoutStartSec=1\nExecStart=/bin/sh -c "(systemd-notify --ready; true) & exec sleep 1000"\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent | sed "s/PID [0-9]*/PID N/g" | grep -v "signal SIGKILL"',
    prints: lines(
      'Job for agent.service failed because a timeout was exceeded.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      '1',
      'timeout failed failed',
      'Starting agent.service...',
      'agent.service: Got notification message from PID N, but reception only permitted for main PID N',
      'agent.service: start operation timed out. Terminating.',
      'agent.service: Failed with result \'timeout\'.',
      'Failed to start agent.service.',
    ),
  },
  {
    of: 'systemd.target(5)', says: 'Target units will automatically complement all configured dependencies of type Wants= or Requires= with dependencies of type After=',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/sh -c "sleep 0.4; echo agent >>/tmp/log"\n',
      '/etc/systemd/system/shot.target': '[Unit]\nDescription=All of it\nWants=agent.service\n',
    },
    does: 'systemctl start shot.target; cat /tmp/log; j shot.target; systemctl stop shot.target; systemctl is-active shot.target',
    prints: lines(
      'agent',
      'Reached target shot.target - All of it.',
      'inactive',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'if the units listed here are not started already, they will not be started and the starting of this unit will fail immediately',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nRequisite=disk.service\nAfter=disk.service\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/disk.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; systemctl is-active agent disk; systemctl start disk; systemctl start agent; echo $?; j agent',
    prints: lines(
      'A dependency job for agent.service failed. See \'journalctl -xe\' for details.',
      '1',
      'inactive',
      'inactive',
      '0',
      'Dependency failed for agent.service.',
      'agent.service: Job agent.service/start failed with result \'dependency\'.',
      'Started agent.service.',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'A space-separated list of one or more units that are activated when this unit enters the "inactive" state.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nOnSuccess=other.service\n[Service]\nType=oneshot\nExecStart=/bin/true\n',
      '/etc/systemd/system/other.service': '[Service]\nType=oneshot\nExecStart=/bin/echo after\n',
    },
    does: 'systemctl start agent; sleep 0.4; o other; j agent',
    prints: lines(
      'after',
      'Starting agent.service...',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
      'agent.service: Triggering OnSuccess= dependencies.',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'A space-separated list of one or more units to which reload requests from this unit shall be propagated to',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nPropagatesReloadTo=other.service\n[Service]\nExecStart=/bin/sleep 1000\nExecReload=/bin/echo agent\n',
      '/etc/systemd/system/other.service': '[Service]\nExecStart=/bin/sleep 1000\nExecReload=/bin/echo other\n',
    },
    does: 'systemctl start agent other; systemctl reload agent; sleep 0.3; o agent; o other',
    prints: lines(
      'agent',
      'other',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'If any of those commands (not prefixed with "-") fail, the rest are not executed and the unit is considered failed.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRestart=on-failure\nRestartSec=300ms\nExecStartPre=/bin/sh -c "test -e /tmp/second || { touch /tmp/second; exit 1; }"\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; systemctl is-active agent; sleep 0.8; systemctl is-active agent; systemctl show -p NRestarts agent',
    prints: lines(
      'Job for agent.service failed because the control process exited with error code.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      '1',
      'activating',
      'active',
      'NRestarts=1',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Stop (deactivate) one or more units specified on the command line.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStartPre=/bin/sleep 1000\nExecStart=/bin/sleep 2000\nExecStop=/bin/echo stop\nExecStopPost=/bin/echo post\n',
    },
    does: 'systemctl start --no-block agent; sleep 0.3; systemctl stop agent; echo $?; s agent; j agent',
    prints: lines(
      '0',
      'signal failed failed',
      'Starting agent.service...',
      'agent.service: Control process exited, code=killed, status=15/TERM',
      'post',
      'agent.service: Failed with result \'signal\'.',
      'Stopped agent.service.',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Do not synchronously wait for the requested operation to finish.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sh -c "echo run; exec sleep 1000"\nExecStop=/bin/sleep 0.5\n',
    },
    does: 'systemctl start agent; systemctl restart --no-block agent; systemctl restart --no-block agent; systemctl is-active agent; systemctl start agent; echo $?; s agent; sleep 0.2; o agent',
    prints: lines(
      'deactivating',
      '0',
      'success active running',
      'run',
      'run',
    ),
  },
  {
    of: 'systemd.service(5)', says: '$MAINPID will be unset if systemd knows that the main process exited by the time the stop commands are called',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/sh -c "echo main is $$MAINPID."\n',
    },
    does: 'systemctl start agent; sleep 0.3; s agent; systemctl stop agent; o agent',
    prints: lines(
      'success active exited',
      'main is .',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'the commands specified in ExecStop= are only executed when the service started successfully first',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sh -c "sleep 0.3; exit 0"\nExecStop=/bin/echo stop\n',
    },
    does: 'systemctl start agent; sleep 0.6; s agent; o agent',
    prints: lines(
      'success inactive dead',
      'stop',
    ),
  },
  {
    of: 'systemd.kill(5)', says: 'If set to mixed, the SIGTERM signal (see below) is sent to the main process while the subsequent SIGKILL signal (see below) is sent to all remaining processes of the unit\'s control group.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nKillMode=mixed\nExecStart=/bin/sh -c "sh -c \'trap \\"echo child told\\" TERM; while :; do sleep 0.1; done\' & trap \'echo main told; exit 0\' TERM; while :; do sleep 0.1; done"\n',
    },
    does: 'systemctl start agent; sleep 0.4; systemctl stop agent; s agent; o agent',
    prints: lines(
      'success inactive dead',
      'main told',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Show runtime status information',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nDescription=An agent\n[Service]\nType=oneshot\nExecStartPre=-/bin/sh -c "exit 4"\nExecStart=/bin/sh -c "exit 1"\n',
      '/etc/systemd/system/agent.service.d/x.conf': '[Service]\nEnvironment=A=1\n',
    },
    does: 'systemctl start agent 2>/dev/null; systemctl status agent --no-pager -n 0 | sed "s/since .*/since/; s/: [0-9][0-9]* /: PID /"; systemctl status gone; echo $?',
    prints: lines(
      '× agent.service - An agent',
      '     Loaded: loaded (/etc/systemd/system/agent.service; static)',
      '    Drop-In: /etc/systemd/system/agent.service.d',
      '             └─x.conf',
      '     Active: failed (Result: exit-code) since',
      '    Process: PID ExecStartPre=/bin/sh -c exit 4 (code=exited, status=4)',
      '    Process: PID ExecStart=/bin/sh -c exit 1 (code=exited, status=1/FAILURE)',
      '   Main PID: PID (code=exited, status=1/FAILURE)',
      'Unit gone.service could not be found.',
      '4',
    ),
  },
];
