import { lines, type Behaviour } from '../behaviour.fixture.js';

/** What processes of services are given, and how they are ended. */
export const PROCESSES: readonly Behaviour[] = [
  {
    of: 'systemd.kill(5)', says: 'If set to control-group, all remaining processes in the control group of this unit will be killed on unit stop',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sh -c "sh -c \'sleep 0.1; echo >/tmp/left; exec sleep 1000\' & exec sleep 2000"\n',
    },
    does: 'systemctl start agent; sleep 0.4; systemctl stop agent; pgrep -x sleep | wc -l; s agent',
    prints: lines(
      '0',
      'success inactive dead',
    ),
  },
  {
    of: 'systemd.kill(5)', says: 'If set to process, only the main process itself is killed',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nKillMode=process\nExecStart=/bin/sh -c "sleep 1234 & exec sleep 2000"\n',
    },
    does: 'systemctl start agent; sleep 0.3; systemctl stop agent; pgrep -f "sleep 1234" -c; pkill -f "sleep 1234"',
    prints: lines(
      '1',
    ),
  },
  {
    of: 'systemd.kill(5)', says: 'Specifies which signal to use when stopping a service.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nKillSignal=SIGUSR1\nExecStart=/bin/sh -c "trap \'echo told; exit 0\' USR1; while :; do sleep 0.1; done"\n',
    },
    does: 'systemctl start agent; sleep 0.3; systemctl stop agent; s agent; j agent',
    prints: lines(
      'success inactive dead',
      'Started agent.service.',
      'Stopping agent.service...',
      'User defined signal 1',
      'told',
      'agent.service: Deactivated successfully.',
      'Stopped agent.service.',
    ),
  },
  {
    of: 'systemd.exec(5)', says: 'If the same variable is listed twice, the later setting will override the earlier setting.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nEnvironment=A=1 "B=two words" C=3\nEnvironment=A=4\nExecStart=/bin/echo ${A} ${B} ${C}\n',
    },
    does: 'systemctl start agent; o agent',
    prints: lines(
      '4 two words 3',
    ),
  },
  {
    of: 'systemd.exec(5)', says: 'Settings from these files override settings made with Environment=.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nEnvironment=A=unit\nEnvironmentFile=/tmp/vars\nEnvironmentFile=-/tmp/none\nExecStart=/bin/echo ${A} ${B} ${C} ${D}\n',
    },
    does: 'printf \'%s\\n\' \'# a comment\' \'A=file\' \'B="two words"\' "C=\'single \\$X\'" \'D=plain text \' >/tmp/vars; systemctl start agent; j agent',
    prints: lines(
      'Starting agent.service...',
      'file two words single $X plain text',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
    ),
  },
  {
    of: 'systemd.exec(5)', says: 'The argument passed should be an absolute filename or wildcard expression, optionally prefixed with "-", which indicates that if the file does not exist, it will not be read and no error or warning message is logged.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nEnvironmentFile=/tmp/none\nExecStart=/bin/echo ran\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent',
    prints: lines(
      'Job for agent.service failed because of unavailable resources or another system error.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      '1',
      'resources failed failed',
      'agent.service: Failed to load environment files: No such file or directory',
      'agent.service: Failed to run \'start\' task: No such file or directory',
      'agent.service: Failed with result \'resources\'.',
      'Failed to start agent.service.',
    ),
  },
  {
    of: 'systemd.exec(5)', says: 'Takes a directory path relative to the service\'s root directory specified by RootDirectory=, or the special value "~". Sets the working directory for executed processes.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nWorkingDirectory=/var/log\nExecStart=/bin/pwd\n',
      '/etc/systemd/system/other.service': '[Service]\nType=oneshot\nWorkingDirectory=/no/where\nExecStart=/bin/pwd\n',
    },
    does: 'systemctl start agent; j agent; systemctl start other; echo $?; systemctl show -p ExecMainStatus other',
    prints: lines(
      'Starting agent.service...',
      '/var/log',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
      'Job for other.service failed because the control process exited with error code.',
      'See "systemctl status other.service" and "journalctl -xeu other.service" for details.',
      '1',
      'ExecMainStatus=200',
    ),
  },
  {
    of: 'systemd.exec(5)', says: 'Set the UNIX user or group that the processes are executed as, respectively.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nUser=daemon\nExecStart=/bin/sh -c "id -un; echo $$USER; id -gn"\nExecStart=+/bin/id -un\n',
      '/etc/systemd/system/other.service': '[Service]\nType=oneshot\nUser=nosuch\nExecStart=/bin/true\n',
    },
    does: 'systemctl start agent; j agent; systemctl start other; echo $?; systemctl show -p ExecMainStatus other',
    prints: lines(
      'Starting agent.service...',
      'daemon',
      'daemon',
      'daemon',
      'root',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
      'Job for other.service failed because the control process exited with error code.',
      'See "systemctl status other.service" and "journalctl -xeu other.service" for details.',
      '1',
      'ExecMainStatus=217',
    ),
  },
  {
    of: 'systemd.exec(5)', says: 'when the unit is started, one or more directories by the specified names will be created (including their parents) below the locations defined in the following table',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRuntimeDirectory=agent\nStateDirectory=agent/data\nExecStart=/bin/sh -c "echo $$RUNTIME_DIRECTORY $$STATE_DIRECTORY; exec sleep 1000"\n',
    },
    does: 'systemctl start agent; sleep 0.3; ls -d /run/agent /var/lib/agent/data; systemctl stop agent; ls -d /run/agent /var/lib/agent/data 2>&1 | sed "s/.*cannot.*/gone/"; j agent; rm -rf /var/lib/agent',
    prints: lines(
      '/run/agent',
      '/var/lib/agent/data',
      'gone',
      '/var/lib/agent/data',
      'Started agent.service.',
      '/run/agent /var/lib/agent/data',
      'Stopping agent.service...',
      'agent.service: Deactivated successfully.',
      'Stopped agent.service.',
    ),
  },
  {
    of: 'systemd.exec(5)', says: 'append:path is similar to file:path above, but it opens the file in append mode.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nStandardOutput=append:/tmp/out\nStandardError=null\nExecStart=/bin/sh -c "echo out; echo err >&2"\n',
    },
    does: 'echo before >/tmp/out; systemctl start agent; cat /tmp/out',
    prints: lines(
      'before',
      'out',
    ),
  },
];
