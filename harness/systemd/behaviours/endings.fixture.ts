import { lines, type Behaviour } from '../behaviour.fixture.js';

/** How services end, and are started anew. */
export const ENDINGS: readonly Behaviour[] = [
  {
    of: 'systemd.service(5)', says: 'If a daemon service does not signal start-up completion within the configured time, the service will be considered failed and will be shut down again.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nTimeoutStartSec=1\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; s agent; j agent',
    prints: lines(
      'Job for agent.service failed because a timeout was exceeded.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      '1',
      'timeout failed failed',
      'Starting agent.service...',
      'agent.service: start operation timed out. Terminating.',
      'agent.service: Main process exited, code=killed, status=15/TERM',
      'agent.service: Failed with result \'timeout\'.',
      'Failed to start agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'Configures the time to wait for start-up.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nTimeoutStartSec=1\nExecStartPre=/bin/sleep 0.7\nExecStartPre=/bin/sleep 0.7\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; echo $?; s agent',
    prints: lines(
      '0',
      'success active running',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'If it doesn\'t terminate in the specified time, it will be forcibly terminated by SIGKILL',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nTimeoutStopSec=1\nExecStart=/bin/sh -c "trap : TERM; while :; do sleep 0.1; done"\n',
    },
    does: 'systemctl start agent; sleep 0.3; systemctl stop agent; echo $?; s agent; j agent | sed "s/process [0-9]* ([a-z]*)/process N/" | grep -v "process N with"',
    prints: lines(
      '0',
      'timeout failed failed',
      'Started agent.service.',
      'Stopping agent.service...',
      'Terminated',
      'agent.service: State \'stop-sigterm\' timed out. Killing.',
      'agent.service: Main process exited, code=killed, status=9/KILL',
      'agent.service: Failed with result \'timeout\'.',
      'Stopped agent.service.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'When the death of the process is a result of systemd operation (e.g. service stop or restart), the service will not be restarted.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRestart=always\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; systemctl stop agent; sleep 0.3; s agent',
    prints: lines(
      'success inactive dead',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'the service will be restarted regardless of whether it exited cleanly or not, got terminated abnormally by a signal, or hit a timeout',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRestart=always\nRestartSec=1\nExecStart=/bin/sh -c "echo run; sleep 0.5"\n',
    },
    does: 'systemctl start agent; sleep 1; s agent; systemctl show -p NRestarts agent; sleep 0.8; s agent; systemctl show -p NRestarts agent; j agent | grep -v run; o agent',
    prints: lines(
      'success activating auto-restart',
      'NRestarts=0',
      'success active running',
      'NRestarts=1',
      'Started agent.service.',
      'agent.service: Deactivated successfully.',
      'agent.service: Scheduled restart job, restart counter is at 1.',
      'Stopped agent.service.',
      'Started agent.service.',
      'run',
      'run',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'the service will be restarted when the process exits with a non-zero exit code',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRestart=on-failure\nExecStart=/bin/sh -c "test -e /tmp/second || { touch /tmp/second; exit 1; }; exec sleep 1000"\n',
    },
    does: 'systemctl start agent; sleep 0.5; s agent; systemctl show -p NRestarts agent',
    prints: lines(
      'success active running',
      'NRestarts=1',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'If set to on-success, it will be restarted only when the service process exits cleanly.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRestart=on-success\nExecStart=/bin/sh -c "exit 1"\n',
    },
    does: 'systemctl start agent; sleep 0.5; s agent; systemctl show -p NRestarts agent',
    prints: lines(
      'exit-code failed failed',
      'NRestarts=0',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'If set to on-abnormal, the service will be restarted when the process is terminated by a signal',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRestart=on-abnormal\nRestartSec=5\nExecStart=/bin/sh -c "sleep 0.1; kill -KILL $$$$"\n',
    },
    does: 'systemctl start agent; sleep 0.5; s agent; systemctl stop agent; s agent',
    prints: lines(
      'signal activating auto-restart',
      'success inactive dead',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'for types other than Type=oneshot, one of the signals SIGHUP, SIGINT, SIGTERM, or SIGPIPE',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/shot.service': '[Service]\nType=oneshot\nExecStart=/bin/sh -c "kill -TERM $$$$"\n',
    },
    does: 'systemctl start agent; systemctl kill agent; sleep 0.3; s agent; systemctl start shot; echo $?; s shot',
    prints: lines(
      'success inactive dead',
      'Job for shot.service failed because a fatal signal was delivered to the control process.',
      'See "systemctl status shot.service" and "journalctl -xeu shot.service" for details.',
      '1',
      'signal failed failed',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'Takes a list of exit status definitions that, when returned by the main service process, will be considered successful termination, in addition to the normal successful exit status 0 and, except for Type=oneshot, the signals SIGHUP, SIGINT, SIGTERM, and SIGPIPE.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nSuccessExitStatus=143 SIGUSR1 TEMPFAIL\nExecStart=/bin/sh -c "sleep 0.1; exit 143"\n',
      '/etc/systemd/system/other.service': '[Service]\nSuccessExitStatus=TEMPFAIL\nExecStart=/bin/sh -c "sleep 0.1; exit 75"\n',
      '/etc/systemd/system/third.service': '[Service]\nExecStart=/bin/sh -c "sleep 0.1; exit 143"\n',
    },
    does: 'systemctl start agent other third; sleep 0.5; s agent; s other; s third',
    prints: lines(
      'success inactive dead',
      'success inactive dead',
      'exit-code failed failed',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'when returned by the main service process, will prevent automatic service restarts, regardless of the restart setting configured with Restart=',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRestart=always\nRestartPreventExitStatus=5\nExecStart=/bin/sh -c "sleep 0.1; exit 5"\n',
    },
    does: 'systemctl start agent; sleep 0.5; s agent',
    prints: lines(
      'exit-code failed failed',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'when returned by the main service process, will force automatic service restarts, regardless of the restart setting configured with Restart=',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRestartSec=5\nRestartForceExitStatus=5\nExecStart=/bin/sh -c "sleep 0.1; exit 5"\n',
    },
    does: 'systemctl start agent; sleep 0.5; s agent; systemctl stop agent',
    prints: lines(
      'exit-code activating auto-restart',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'If this is used and the service has been active for longer than the specified time it is terminated and put into a failure state.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nRuntimeMaxSec=1\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; sleep 1.4; s agent; j agent',
    prints: lines(
      'timeout failed failed',
      'Started agent.service.',
      'agent.service: Service reached runtime time limit. Stopping.',
      'agent.service: Failed with result \'timeout\'.',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'Units which are started more than burst times within an interval time span are not permitted to start any more.',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nStartLimitBurst=2\nStartLimitIntervalSec=30\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/true\n',
      '/etc/systemd/system/keeps.service': '[Unit]\nWants=agent.service\n[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start keeps; systemctl restart agent; echo $?; systemctl restart agent; echo $?; s agent; systemctl reset-failed agent; systemctl start agent; echo $?',
    prints: lines(
      '0',
      'Job for agent.service failed because start of the service was attempted too often.',
      'See "systemctl status agent.service" and "journalctl -xeu agent.service" for details.',
      'To force a start use "systemctl reset-failed agent.service"',
      'followed by "systemctl start agent.service" again.',
      '1',
      'start-limit-hit failed failed',
      '0',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'units which are configured for Restart=, and which reach the start limit are not attempted to be restarted anymore',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nStartLimitBurst=2\nStartLimitIntervalSec=30\n[Service]\nRestart=always\nExecStart=/bin/false\n',
    },
    does: 'systemctl start agent; sleep 1.2; s agent; systemctl show -p NRestarts agent; j agent',
    prints: lines(
      'exit-code failed failed',
      'NRestarts=2',
      'Started agent.service.',
      'agent.service: Main process exited, code=exited, status=1/FAILURE',
      'agent.service: Failed with result \'exit-code\'.',
      'agent.service: Scheduled restart job, restart counter is at 1.',
      'Stopped agent.service.',
      'Started agent.service.',
      'agent.service: Main process exited, code=exited, status=1/FAILURE',
      'agent.service: Failed with result \'exit-code\'.',
      'agent.service: Scheduled restart job, restart counter is at 2.',
      'Stopped agent.service.',
      'agent.service: Start request repeated too quickly.',
      'agent.service: Failed with result \'exit-code\'.',
      'Failed to start agent.service.',
    ),
  },
];
