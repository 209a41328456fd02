import { lines, type Behaviour } from '../behaviour.fixture.js';

/** How services of each type come up. */
export const TYPES: readonly Behaviour[] = [
  {
    of: 'systemd.service(5)', says: 'the service manager will consider the unit started immediately after the main service process has been forked off',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent',
    prints: lines(
      '0',
      'success active running',
      'Started agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'systemctl start command lines for simple services will report success even if the service\'s binary cannot be invoked successfully',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/opt/gone\n',
    },
    does: 'systemctl start agent; echo $?; sleep 0.3; s agent; j agent',
    prints: lines(
      '0',
      'exit-code failed failed',
      'agent.service: Failed to locate executable /opt/gone: No such file or directory',
      'agent.service: Failed at step EXEC spawning /opt/gone: No such file or directory',
      'Started agent.service.',
      'agent.service: Main process exited, code=exited, status=203/EXEC',
      'agent.service: Failed with result \'exit-code\'.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'systemctl start command lines for exec services will report failure when the service\'s binary cannot be invoked successfully',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=exec\nExecStart=/opt/gone\n',
    },
    does: 'systemctl start agent; echo $?; s agent',
    prints: lines(
      'Job for agent.service failed because the control process exited with error code.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      '1',
      'exit-code failed failed',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'the service manager will consider the unit up after the main process exits',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/sh -c "sleep 1; echo worked"\n',
    },
    does: 'systemctl start --no-block agent; sleep 0.5; s agent; sleep 1; s agent; j agent',
    prints: lines(
      'success activating start',
      'success inactive dead',
      'Starting agent.service...',
      'worked',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'it will not show up as started afterwards, but as dead',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/true\n',
    },
    does: 'systemctl start agent; echo $?; systemctl is-active agent; echo $?',
    prints: lines(
      '0',
      'inactive',
      '3',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'whether the service shall be considered active even when all its processes exited',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/echo stopped\n',
    },
    does: 'systemctl start agent; s agent; systemctl stop agent; s agent; j agent',
    prints: lines(
      'success active exited',
      'success inactive dead',
      'Starting agent.service...',
      'Finished agent.service.',
      'Stopping agent.service...',
      'stopped',
      'agent.service: Deactivated successfully.',
      'Stopped agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'it is expected that the service sends a notification message via sd_notify(3) or an equivalent call when it has finished starting up',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=notify\nNotifyAccess=all\nExecStart=/bin/sh -c "sleep 1; systemd-notify --ready --status=serving; exec sleep 1000"\n',
    },
    does: 'systemctl start --no-block agent; sleep 0.5; s agent; sleep 1; s agent; systemctl show -p StatusText --value agent',
    prints: lines(
      'success activating start',
      'success active running',
      'serving',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'the service manager will consider the unit started when the parent process exits',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=forking\nExecStart=/bin/sh -c "sleep 1000 & sleep 0.2"\n',
    },
    does: 'systemctl start agent; echo $?; s agent; p=$(systemctl show -p MainPID --value agent); cat /proc/$p/comm',
    prints: lines(
      '0',
      'success active running',
      'sleep',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'The service manager will read the PID of the main process of the service from this file after start-up of the service',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=forking\nPIDFile=agent.pid\nExecStart=/bin/sh -c "sleep 1000 & sleep 2000 & echo $$! >/run/agent.pid"\n',
    },
    does: 'systemctl start agent; ps -o args= -p $(systemctl show -p MainPID --value agent); systemctl stop agent; s agent',
    prints: lines(
      'sleep 2000',
      'success inactive dead',
    ),
  },
];
