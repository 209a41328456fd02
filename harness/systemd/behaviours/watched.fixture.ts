import { lines, type Behaviour } from '../behaviour.fixture.js';

/** Services that have to say that they live, and what systemd is asked while a machine is provisioned. */
export const WATCHED: readonly Behaviour[] = [
  {
    of: 'systemd.service(5)', says: 'If the time between two such calls is larger than the configured time, then the service is placed in a failed state and it will be terminated with SIGABRT',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=notify\nNotifyAccess=all\nWatchdogSec=1\nExecStart=/bin/bash -c "systemd-notify --ready; sleep 0.7; systemd-notify WATCHDOG=1; exec sleep 1000"\n',
    },
    does: 'systemctl start agent; systemctl show -p WatchdogUSec agent; sleep 1.3; s agent; sleep 0.8; s agent; j agent | sed "s/process [0-9]* /process N /"',
    prints: lines(
      'WatchdogUSec=1s',
      'success active running',
      'watchdog failed failed',
      'Starting agent.service...',
      'Started agent.service.',
      'agent.service: Watchdog timeout (limit 1s)!',
      'agent.service: Killing process N (sleep) with signal SIGABRT.',
      'agent.service: Main process exited, code=killed, status=6/ABRT',
      'agent.service: Failed with result \'watchdog\'.',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'By setting Restart= to on-failure, on-watchdog, on-abnormal or always, the service will be automatically restarted.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nWatchdogSec=500ms\nRestart=on-watchdog\nRestartSec=300ms\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; sleep 0.65; s agent; sleep 0.4; s agent; systemctl show -p NRestarts agent; systemctl stop agent; s agent',
    prints: lines(
      'watchdog activating auto-restart',
      'success active running',
      'NRestarts=1',
      'success inactive dead',
    ),
  },
  {
    of: 'systemd.service(5)', says: 'If NotifyAccess= is not set, it will be implicitly set to main.',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nWatchdogSec=1\nTimeoutAbortSec=500ms\nExecStart=/bin/bash -c \'echo "$WATCHDOG_USEC $NOTIFY_SOCKET"; trap "" ABRT; exec sleep 1000\'\nExecStopPost=/bin/bash -c \'echo "$SERVICE_RESULT $EXIT_CODE $EXIT_STATUS"\'\n',
    },
    does: 'systemctl start agent; sleep 1.25; s agent; sleep 0.9; s agent; j agent | sed "s/process [0-9]* /process N /"',
    prints: lines(
      'watchdog deactivating stop-watchdog',
      'watchdog failed failed',
      'Started agent.service.',
      '1000000 /run/systemd/notify',
      'agent.service: Watchdog timeout (limit 1s)!',
      'agent.service: Killing process N (sleep) with signal SIGABRT.',
      'agent.service: State \'stop-watchdog\' timed out. Killing.',
      'agent.service: Killing process N (sleep) with signal SIGKILL.',
      'agent.service: Main process exited, code=killed, status=9/KILL',
      'watchdog killed KILL',
      'agent.service: Failed with result \'watchdog\'.',
    ),
  },
  {
    of: 'systemd.kill(5)', says: 'Specifies which signal to use to terminate the service when the watchdog timeout expires',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nNotifyAccess=all\nWatchdogSec=10\nWatchdogSignal=SIGTERM\nExecStart=/bin/bash -c \'systemd-notify --status=sick WATCHDOG=trigger; sleep 1000\'\n',
    },
    does: 'systemctl start agent; sleep 0.5; s agent; j agent | grep -v Killing',
    prints: lines(
      'watchdog failed failed',
      'Started agent.service.',
      'agent.service: Watchdog request (last status: sick)!',
      'agent.service: Failed with result \'watchdog\'.',
    ),
  },
  {
    of: 'systemctl(1)', says: 'information about the current invocation of the unit (if it is running) or the most recent invocation',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/bash -c \'echo told; test -e /tmp/second\'\n',
    },
    does: 'systemctl start agent 2>/dev/null; touch /tmp/second; j agent | grep -c told; rm /tmp/second; systemctl start agent 2>/dev/null; j agent | grep -c told; systemctl status agent --no-pager -l | sed -n "s/.*\\[[0-9]*\\]: //p"',
    prints: lines(
      '1',
      '2',
      'Starting agent.service...',
      'told',
      'agent.service: Main process exited, code=exited, status=1/FAILURE',
      'agent.service: Failed with result \'exit-code\'.',
      'Failed to start agent.service.',
    ),
  },
  {
    of: 'systemctl(1)', says: 'If a unit name is specified, properties of the unit are shown',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n',
    },
    does: 'systemctl start agent; TZ=UTC systemctl show -p ExecMainStartTimestamp gone.service agent.service other.service | sed "s/=.* UTC/=WHEN/"; systemctl show agent | grep -E "=$|^Type|^PIDFile|^User"',
    prints: lines(
      'ExecMainStartTimestamp=',
      '',
      'ExecMainStartTimestamp=WHEN',
      '',
      'ExecMainStartTimestamp=',
      'Type=simple',
    ),
  },
  {
    of: 'journalctl(1)', says: 'is very similar, but shows seconds passed since January 1st 1970 UTC instead of wallclock timestamps',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nExecStart=/bin/echo "NodeReady, it says"\n',
    },
    does: 'systemctl start agent; journalctl -u agent -b --no-pager -o short-unix | sed -E "s/^[0-9]{10}[.][0-9]{6} /TIME /; s/ [^ ]+ ([a-z]+)\\[[0-9]+\\]/ HOST \\1[PID]/"; journalctl -u gone -b --no-pager -o short-unix; echo $?',
    prints: lines(
      'TIME HOST systemd[PID]: Starting agent.service...',
      'TIME HOST echo[PID]: NodeReady, it says',
      'TIME HOST systemd[PID]: agent.service: Deactivated successfully.',
      'TIME HOST systemd[PID]: Finished agent.service.',
      '-- No entries --',
      '0',
    ),
  },
  {
    of: 'systemctl(1)', says: 'Suppress printing of the results of various commands',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n',
      '/etc/systemd/system/other.service': '[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n',
    },
    does: 'systemctl --quiet enable --now agent other gone; echo $?; systemctl --quiet enable --now agent other; echo $?; systemctl is-active agent other; systemctl unmask gone.service agent.service; systemctl reload-or-restart gone; echo $?; systemctl disable --now gone.timer; echo $?; systemctl restart --no-block gone; echo $?; systemctl list-units --full --all | grep -E "agent|other|gone" | tr -s " "',
    prints: lines(
      'Failed to enable unit: Unit file gone.service does not exist.',
      '1',
      '0',
      'active',
      'active',
      'Unit gone.service does not exist, proceeding anyway.',
      'Failed to reload-or-restart gone.service: Unit gone.service not found.',
      '5',
      'Failed to disable unit: Unit file gone.timer does not exist.',
      '1',
      'Failed to restart gone.service: Unit gone.service not found.',
      '5',
      ' agent.service loaded active running agent.service',
      ' other.service loaded active running other.service',
    ),
  },
  {
    of: 'systemd.time(7)', says: 'If no time unit is specified, generally seconds are assumed',
    files: {
      '/etc/systemd/system/agent.service': '[Service]\nType=oneshot\nRemainAfterExit=yes\nWatchdogSec=0.0015\nRestartSec=1.5\nTimeoutStartSec=3600.5\nTimeoutStopSec=1min 1.25s\nExecStart=/bin/true\n',
    },
    does: 'systemctl show -p RestartUSec,TimeoutStartUSec,TimeoutStopUSec,WatchdogUSec agent; systemctl start agent; systemctl show -p WatchdogUSec agent',
    prints: lines(
      'RestartUSec=1.500000s',
      'TimeoutStartUSec=1h 500ms',
      'TimeoutStopUSec=1min 1.250000s',
      'WatchdogUSec=infinity',
      'WatchdogUSec=1.500ms',
    ),
  },
];
