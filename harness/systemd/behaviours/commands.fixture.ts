import { lines, type Behaviour } from '../behaviour.fixture.js';

/** What the commands of a service are. */
export const COMMANDS: readonly Behaviour[] = [
  {
    of: 'systemd.service(5)', says: 'ExecStart= commands are only run after all ExecStartPre= commands that were not prefixed with a "-" exit successfully',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStartPre=/bin/echo first\nExecStartPre=/bin/false\nExecStartPre=/bin/echo never\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent',
    prints: lines(
      'Job for agent.service failed because the control process exited with error code.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      '1',
      'exit-code failed failed',
      'Starting agent.service...',
      'first',
      'agent.service: Control process exited, code=exited, status=1/FAILURE',
      'agent.service: Failed with result \'exit-code\'.',
      'Failed to start agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'an exit code of the command normally considered a failure (i.e. non-zero exit status or abnormal exit due to signal) is recorded, but has no further effect and is considered equivalent to success',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStartPre=-/bin/false\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent',
    prints: lines(
      '0',
      'success active running',
      'Starting agent.service...',
      'Started agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'the second specified token will be passed as "argv[0]" to the executed process',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=@/bin/sh renamed -c "echo I am $$0"\n',
    },
    does: 'systemctl start agent; j agent',
    prints: lines(
      'Starting agent.service...',
      'I am renamed',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'environment variable substitution (as described by the "Command Lines" section below) is not applied',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nEnvironment=WORD=x\nExecStart=:/bin/echo ${WORD} $WORD\nExecStart=/bin/echo ${WORD} $WORD\n',
    },
    does: 'systemctl start agent; j agent',
    prints: lines(
      'Starting agent.service...',
      '${WORD} $WORD',
      'x x',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'Use "${FOO}" as part of a word, or as a word of its own, on the command line, in which case it will be erased and replaced by the exact value of the environment variable (if any) including all whitespace it contains, always resulting in exactly a single argument.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nEnvironment="TWO=a b" EMPTY=\nExecStart=/bin/sh -c \'for one; do echo "<$$one>"; done\' sh ${TWO} $TWO x${TWO}y ${EMPTY} $EMPTY $$TWO\n',
    },
    does: 'systemctl start agent; j agent',
    prints: lines(
      'Starting agent.service...',
      '<a b>',
      '<a>',
      '<b>',
      '<xa by>',
      '<>',
      '<$TWO>',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'commands are invoked sequentially in the order they appear in the unit file',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/echo one\nExecStart=/bin/false\nExecStart=/bin/echo two\n',
    },
    does: 'systemctl start agent; j agent',
    prints: lines(
      'Job for agent.service failed because the control process exited with error code.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      'Starting agent.service...',
      'one',
      'agent.service: Main process exited, code=exited, status=1/FAILURE',
      'agent.service: Failed with result \'exit-code\'.',
      'Failed to start agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'If the empty string is assigned to this option, the list of commands to start is reset, prior assignments of this option will have no effect.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/echo old\nExecStart=\nExecStart=/bin/echo new\n',
    },
    does: 'systemctl start agent; j agent',
    prints: lines(
      'Starting agent.service...',
      'new',
      'agent.service: Deactivated successfully.',
      'Finished agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'ExecStartPost= commands are only run after the commands specified in ExecStart= have been invoked successfully',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\nExecStartPost=/bin/sh -c "sleep 0.5; echo post"\n',
    },
    does: 'systemctl start --no-block agent; sleep 0.3; s agent; sleep 0.5; s agent; j agent',
    prints: lines(
      'success activating start-post',
      'success active running',
      'Starting agent.service...',
      'post',
      'Started agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'the commands in ExecStop= are skipped',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStartPre=/bin/false\nExecStart=/bin/sleep 1000\nExecStop=/bin/echo stop\nExecStopPost=/bin/echo stop-post $SERVICE_RESULT\n',
    },
    does: 'systemctl start agent; echo $?; sleep 0.2; j agent',
    prints: lines(
      'Job for agent.service failed because the control process exited with error code.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      '1',
      'Starting agent.service...',
      'agent.service: Control process exited, code=exited, status=1/FAILURE',
      'stop-post exit-code',
      'agent.service: Failed with result \'exit-code\'.',
      'Failed to start agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'invoked with the result code of the service, as well as the main process\' exit code and status, set in the $SERVICE_RESULT, $EXIT_CODE and $EXIT_STATUS environment variables',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sh -c "sleep 0.2; exit 7"\nExecStopPost=/bin/sh -c "echo $$SERVICE_RESULT $$EXIT_CODE $$EXIT_STATUS"\n',
    },
    does: 'systemctl start agent; sleep 0.5; s agent; j agent',
    prints: lines(
      'exit-code failed failed',
      'Started agent.service.',
      'agent.service: Main process exited, code=exited, status=7/NOTRUNNING',
      'exit-code exited 7',
      'agent.service: Failed with result \'exit-code\'.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'the remaining commands are skipped and the unit is not marked as failed',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecCondition=/bin/sh -c "exit 1"\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent',
    prints: lines(
      '0',
      'success inactive dead',
      'Starting agent.service...',
      'agent.service: Skipped due to \'exec-condition\'.',
      'Condition check resulted in agent.service being skipped.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'if an ExecCondition= command exits with 255 or abnormally (e.g. timeout, killed by a signal, etc.), the unit will be considered failed (and remaining commands will be skipped)',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecCondition=/bin/sh -c "exit 255"\nExecStart=/bin/sleep 1000\n',
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
    of: 'systemd.service(5)', says: 'Commands to execute to trigger a configuration reload in the service.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sh -c "trap \'echo reread\' HUP; while :; do sleep 0.1; done"\nExecReload=/bin/kill -HUP $MAINPID\n',
      '/etc/systemd/system/other.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent other; sleep 0.3; systemctl reload agent; echo $?; sleep 0.5; systemctl reload other; echo $?; j agent',
    prints: lines(
      '0',
      'Failed to reload other.service: Job type reload is not applicable for unit other.service.',
      '3',
      'Started agent.service.',
      'Reloading agent.service...',
      'Reloaded agent.service.',
      'reread',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'Commands to execute to trigger a configuration reload in the service.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\nExecReload=/bin/false\n',
    },
    does: 'systemctl reload agent; echo $?; systemctl start agent; systemctl reload agent; echo $?; s agent; j agent',
    prints: lines(
      'agent.service is not active, cannot reload.',
      '1',
      'Job for agent.service failed.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      '1',
      'success active running',
      'agent.service: Unit cannot be reloaded because it is inactive.',
      'Started agent.service.',
      'Reloading agent.service...',
      'agent.service: Control process exited, code=exited, status=1/FAILURE',
      'Reload failed for agent.service.',
    ),
  },
];
