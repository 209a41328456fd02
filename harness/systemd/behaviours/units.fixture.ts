import { lines, type Behaviour } from '../behaviour.fixture.js';

/** What units are, and how they depend on each other. */
export const UNITS: readonly Behaviour[] = [
  {
    of: 'systemd.unit(5)', says: 'the starting of the unit will be (mostly silently) skipped',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nConditionPathExists=/no/where\n[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent',
    prints: lines(
      '0',
      'success inactive dead',
      'agent.service was skipped because of an unmet condition check (ConditionPathExists=/no/where).',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'If the specified absolute path name does not exist, the condition will fail. If the absolute path name passed to ConditionPathExists= is prefixed with an exclamation mark ("!"), the test is negated, and the unit is only started if the path does not exist.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nConditionPathExists=!/no/where\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/other.service': '[Unit]\nConditionPathExists=!/tmp\n[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent other; s agent; s other',
    prints: lines(
      'success active running',
      'success inactive dead',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'If at least one triggering condition is defined for a unit, then the unit will be started if at least one of the triggering conditions of the unit applies and all of the regular (i.e. non-triggering) conditions apply.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nConditionPathExists=|/no/where\nConditionPathIsDirectory=|/tmp\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/other.service': '[Unit]\nConditionPathExists=|/no/where\nConditionFileNotEmpty=|/dev/null\n[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent other; s agent; s other',
    prints: lines(
      'success active running',
      'success inactive dead',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'any assertion setting that is not met results in failure of the start job',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nAssertPathExists=/no/where\n[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent',
    prints: lines(
      'Assertion failed on job for agent.service.',
      '1',
      'success inactive dead',
      'agent.service: Starting requested but asserts failed.',
      'Assertion failed for agent.service.',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'If this unit gets activated, the units listed will be activated as well. If one of the other units fails to activate, and an ordering dependency After= on the failing unit is set, this unit will not be started.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nRequires=disk.service\nAfter=disk.service\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/disk.service': '[Service]\nType=oneshot\nExecStart=/bin/false\n',
    },
    does: 'systemctl start agent; echo $?; s agent; s disk; j agent',
    prints: lines(
      'A dependency job for agent.service failed. See \'journalctl -xe\' for details.',
      '1',
      'success inactive dead',
      'exit-code failed failed',
      'Dependency failed for agent.service.',
      'agent.service: Job agent.service/start failed with result \'dependency\'.',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'with or without specifying After=, this unit will be stopped (or restarted) if one of the other units is explicitly stopped (or restarted)',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nRequires=disk.service\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/disk.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; systemctl is-active agent disk; p=$(systemctl show -p MainPID --value agent); systemctl restart disk; test $p != $(systemctl show -p MainPID --value agent) && echo restarted; systemctl stop disk; systemctl is-active agent disk',
    prints: lines(
      'active',
      'active',
      'restarted',
      'inactive',
      'inactive',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'Units listed in this option will be started if the configuring unit is. However, if the listed units fail to start or cannot be added to the transaction, this has no impact on the validity of the transaction as a whole, and this unit will still be started.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nWants=disk.service gone.service\nAfter=disk.service\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/disk.service': '[Service]\nType=oneshot\nExecStart=/bin/false\n',
    },
    does: 'systemctl start agent; echo $?; s agent; s disk',
    prints: lines(
      '0',
      'success active running',
      'exit-code failed failed',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'it declares that if the unit bound to is stopped, this unit will be stopped too',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nBindsTo=disk.service\nAfter=disk.service\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/disk.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; systemctl kill -s KILL disk; sleep 0.3; s agent; s disk',
    prints: lines(
      'success inactive dead',
      'signal failed failed',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'Configures dependencies similar to Requires=, but limited to stopping and restarting of units.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nPartOf=disk.service\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/disk.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start disk; systemctl is-active agent; systemctl start agent; systemctl stop disk; systemctl is-active agent',
    prints: lines(
      'inactive',
      'inactive',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'If a unit has a Conflicts= setting on another unit, starting the former will stop the latter and vice versa.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nConflicts=disk.service\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/disk.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start disk; systemctl start agent; systemctl is-active agent disk; systemctl start disk; systemctl is-active agent disk',
    prints: lines(
      'active',
      'inactive',
      'inactive',
      'active',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'both units will be started simultaneously and without any delay between them',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nWants=disk.service\n[Service]\nType=oneshot\nExecStart=/bin/sh -c "echo agent >>/tmp/log"\n',
      '/etc/systemd/system/disk.service': '[Service]\nType=oneshot\nExecStart=/bin/sh -c "sleep 0.5; echo disk >>/tmp/log"\n',
    },
    does: 'systemctl start agent; sleep 0.8; cat /tmp/log',
    prints: lines(
      'agent',
      'disk',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'After= ensures the opposite, that the listed unit is fully started up before the configured unit is started',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nWants=disk.service\nAfter=disk.service\n[Service]\nType=oneshot\nExecStart=/bin/sh -c "echo agent >>/tmp/log"\n',
      '/etc/systemd/system/disk.service': '[Service]\nType=oneshot\nExecStart=/bin/sh -c "sleep 0.5; echo disk >>/tmp/log"\n',
    },
    does: 'systemctl start agent; cat /tmp/log',
    prints: lines(
      'disk',
      'agent',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'When two units with an ordering dependency between them are shut down, the inverse of the start-up order is applied',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nRequires=disk.service\nAfter=disk.service\n[Service]\nExecStart=/bin/sleep 1000\nExecStopPost=/bin/sh -c "echo agent >>/tmp/log"\n',
      '/etc/systemd/system/disk.service': '[Service]\nExecStart=/bin/sleep 1000\nExecStopPost=/bin/sh -c "echo disk >>/tmp/log"\n',
    },
    does: 'systemctl start agent; systemctl stop disk; cat /tmp/log',
    prints: lines(
      'agent',
      'disk',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'A space-separated list of one or more units that are activated when this unit enters the "failed" state.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nOnFailure=rescue@%n.service\n[Service]\nExecStart=/bin/sh -c "sleep 0.1; exit 1"\n',
      '/etc/systemd/system/rescue@.service': '[Service]\nType=oneshot\nExecStart=/bin/echo mends %i\n',
    },
    does: 'systemctl start agent; sleep 0.5; s agent; o rescue@agent.service.service',
    prints: lines(
      'exit-code failed failed',
      'mends agent.service',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'The name of the full unit is formed by inserting the instance name between "@" and the unit type suffix.',
    files: {
      '/etc/systemd/system/agent@.service': '[Service]\nType=oneshot\nExecStart=/bin/echo %p %i %I %n %N 100%%\n',
    },
    does: 'systemctl start agent@a-b.service; j agent@a-b.service; systemctl start agent@.service; echo $?',
    prints: lines(
      'Starting agent@a-b.service...',
      'agent a-b a/b agent@a-b.service agent@a-b 100%',
      'agent@a-b.service: Deactivated successfully.',
      'Finished agent@a-b.service.',
      'Failed to start agent@.service: Unit name agent@.service is missing the instance name.',
      'See system logs and \'systemctl status agent@.service\' for details.',
      '1',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'All files with the suffix ".conf" from this directory will be merged in the alphanumeric order and parsed after the main unit file itself has been parsed.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nEnvironment=A=unit B=unit\nExecStart=/bin/echo ${A} ${B}\n',
      '/etc/systemd/system/agent.service.d/20-b.conf': '[Service]\nEnvironment=A=second\n',
      '/etc/systemd/system/agent.service.d/10-a.conf': '[Service]\nEnvironment=A=first B=first\n',
      '/etc/systemd/system/agent.service.d/30-c.txt': '[Service]\nEnvironment=A=none\n',
    },
    does: 'systemctl start agent; o agent; systemctl show -p DropInPaths agent; systemctl cat agent | grep "^#"',
    prints: lines(
      'second first',
      'DropInPaths=/etc/systemd/system/agent.service.d/10-a.conf /etc/systemd/system/agent.service.d/20-b.conf',
      '# /etc/systemd/system/agent.service',
      '# /etc/systemd/system/agent.service.d/10-a.conf',
      '# /etc/systemd/system/agent.service.d/20-b.conf',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'If a unit file is empty (i.e. has the file size 0) or is symlinked to /dev/null, its configuration will not be loaded and it appears with a load state of "masked", and cannot be activated.',
    files: {
      '/etc/systemd/system/agent.service': '',
    },
    does: 'systemctl start agent; echo $?; systemctl show -p LoadState agent; systemctl is-enabled agent',
    prints: lines(
      'Failed to start agent.service: Unit agent.service is masked.',
      '1',
      'LoadState=masked',
      'masked',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'If true, this unit can only be activated or deactivated indirectly.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nRefuseManualStart=yes\n[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent 2>&1 | head -n1; systemctl is-active agent',
    prints: lines(
      'Failed to start agent.service: Operation refused, unit agent.service may be requested by dependency only (it is configured to refuse manual start/stop).',
      'inactive',
    ),
  },
];
