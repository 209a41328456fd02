import { lines, type Behaviour } from '../behaviour.fixture.js';

/** What systemctl and journalctl tell, timers and paths. */
export const ASKING: readonly Behaviour[] = [
  {
    of: 'systemctl(1)', says: 'Reload the systemd manager configuration. This will rerun all generators (see systemd.generator(7)), reload all unit files, and recreate the entire dependency tree.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nEnvironment=A=old\nExecStart=/bin/sh -c "echo $$A; exec sleep 1000"\n',
    },
    does: 'systemctl start agent; sed -i s/old/new/ /etc/systemd/system/agent.service; systemctl show -p NeedDaemonReload agent; systemctl restart agent; systemctl daemon-reload; systemctl show -p NeedDaemonReload agent; systemctl restart agent; sleep 0.2; j agent | grep -v systemd | grep "^...$"',
    prints: lines(
      'NeedDaemonReload=yes',
      'Warning: The unit file, source configuration file or drop-ins of agent.service changed on disk. Run \'systemctl daemon-reload\' to reload units.',
      'NeedDaemonReload=no',
      'old',
      'old',
      'new',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Checks whether any of the specified unit files are enabled (as with enable). Returns an exit code of 0 if at least one is enabled, non-zero otherwise.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl is-enabled agent; echo $?; systemctl is-enabled gone; echo $?; systemctl enable agent 2>&1 | head -n1',
    prints: lines(
      'static',
      '0',
      'Failed to get unit file state for gone.service: No such file or directory',
      '1',
      'The unit files have no installation config (WantedBy=, RequiredBy=, Also=,',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Send a signal to one or more processes of the unit.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sh -c "trap \'echo told\' USR1; while :; do sleep 0.1; done"\n',
    },
    does: 'systemctl start agent; sleep 0.3; systemctl kill --kill-whom=main -s USR1 agent; echo $?; sleep 0.3; j agent | sed "s/process [0-9]*/process N/"; systemctl kill gone; echo $?',
    prints: lines(
      '0',
      'Started agent.service.',
      'agent.service: Sent signal SIGUSR1 to main process N (sh) on client request.',
      'told',
      'Failed to kill unit gone.service: Unit gone.service not loaded.',
      '1',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Reset the "failed" state of the specified units, or if no unit name is passed, reset the state of all units.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/false\n',
      '/etc/systemd/system/other.service': '[Service]\nType=oneshot\nExecStart=/bin/false\n',
    },
    does: 'systemctl start agent other 2>/dev/null; systemctl reset-failed agent; systemctl is-active agent other; systemctl reset-failed; systemctl is-active agent other',
    prints: lines(
      'inactive',
      'failed',
      'inactive',
      'inactive',
    ),
  },
  {
    of: 'systemctl(1)', says: 'When showing unit/job/manager properties with the show command, limit display to properties specified in the argument.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sh -c "sleep 0.1; exit 3"\n',
    },
    does: 'systemctl start agent; sleep 0.3; systemctl show -p SubState,ExecMainStatus --property=ExecMainCode agent; systemctl show -p Result --value agent; systemctl show -p LoadState,ActiveState gone',
    prints: lines(
      'ExecMainCode=1',
      'ExecMainStatus=3',
      'SubState=failed',
      'exit-code',
      'LoadState=not-found',
      'ActiveState=inactive',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Stop (deactivate) one or more units specified on the command line.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\nExecStop=/bin/echo ends $MAINPID\n',
    },
    does: 'systemctl stop agent; echo $?; systemctl start agent; p=$(systemctl show -p MainPID --value agent); systemctl stop agent; echo $?; j agent | sed "s/$p/PID/"; systemctl stop gone; echo $?',
    prints: lines(
      '0',
      '0',
      'Started agent.service.',
      'Stopping agent.service...',
      'ends PID',
      'agent.service: Deactivated successfully.',
      'Stopped agent.service.',
      'Failed to stop gone.service: Unit gone.service not loaded.',
      '5',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Start (activate) one or more units specified on the command line.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/bad.service': '[Unit]\nDescription=x\n',
    },
    does: 'systemctl start agent agent.service; echo $?; systemctl start gone agent; echo $?; systemctl start bad; echo $?',
    prints: lines(
      '0',
      'Failed to start gone.service: Unit gone.service not found.',
      '5',
      'Failed to start bad.service: Unit bad.service has a bad unit file setting.',
      'See system logs and \'systemctl status bad.service\' for details.',
      '1',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Stop (deactivate) one or more units specified on the command line.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/sleep 1000\n',
    },
    does: '(systemctl start agent; echo "start: $?") & sleep 0.4; systemctl stop agent; echo "stop: $?"; wait; s agent',
    prints: lines(
      'Job for agent.service canceled.',
      'start: 1',
      'stop: 0',
      'signal failed failed',
    ),
  },
  {
    of: 'systemd.timer(5)', says: 'Defines a timer relative to the moment the timer unit itself is activated.',
    files: {
      '/etc/systemd/system/agent.timer': '[Timer]\nOnActiveSec=500ms\nAccuracySec=1ms\n',
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/echo ticked\n',
    },
    does: 'systemctl start agent.timer; systemctl show -p ActiveState,SubState agent.timer; sleep 0.8; j agent | grep ticked; systemctl show -p SubState agent.timer',
    prints: lines(
      'ActiveState=active',
      'SubState=waiting',
      'ticked',
      'SubState=elapsed',
    ),
  },
  {
    of: 'systemd.path(5)', says: 'may be used to watch the mere existence of a file or directory. If the file specified exists, the configured unit is activated.',
    files: {
      '/etc/systemd/system/agent.path': '[Path]\nPathExists=/tmp/here\n',
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent.path; systemctl is-active agent; touch /tmp/here; sleep 0.3; systemctl is-active agent; systemctl is-active agent.path; rm /tmp/here; systemctl stop agent; systemctl stop agent.path; systemctl is-active agent.path',
    prints: lines(
      'inactive',
      'active',
      'active',
      'Warning: Stopping agent.service, but it can still be activated by:',
      '  agent.path',
      'inactive',
    ),
  },
  {
    of: 'journalctl(1)', says: 'Show messages for the specified systemd unit UNIT',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nDescription=An agent\n[Service]\nType=oneshot\nExecStart=/bin/sh -c "echo one; echo two >&2"\n',
    },
    does: 'systemctl start agent; journalctl -u agent -o cat --no-pager -n 3; journalctl -u agent -o cat --no-pager --since "1 hour ago" -r | head -n1; journalctl -u gone --no-pager; echo $?',
    prints: lines(
      'two',
      'agent.service: Deactivated successfully.',
      'Finished agent.service - An agent.',
      'Finished agent.service - An agent.',
      '-- No entries --',
      '0',
    ),
  },
];
