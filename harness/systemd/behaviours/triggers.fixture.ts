import { lines, type Behaviour } from '../behaviour.fixture.js';

/** Units that start another. No systemd was run for these: the words are those of the programs of systemd 252. */
export const TRIGGERS: readonly Behaviour[] = [
  {
    of: 'systemd.timer(5)', says: 'For each timer file, a matching unit file must exist, describing the unit to activate when the timer elapses.',
    files: {
      '/etc/systemd/system/gone.timer': '[Timer]\nOnActiveSec=10\n',
      '/etc/systemd/system/other.timer': '[Timer]\nOnActiveSec=10\nUnit=masked.service\n',
      '/etc/systemd/system/masked.service': '',
    },
    does: 'systemctl start gone.timer; echo $?; s gone.timer; j gone.timer; systemctl start other.timer 2>/dev/null; echo $?; j other.timer | head -n 1',
    prints: lines(
      'Job for gone.timer failed.',
      'See "systemctl status gone.timer" and "journalctl -xeu gone.timer" for details.',
      '1',
      'success inactive dead',
      'gone.timer: Refusing to start, unit gone.service to trigger not loaded.',
      'Failed to start gone.timer.',
      '1',
      'other.timer: Refusing to start, unit masked.service to trigger not loaded.',
    ),
  },
  {
    of: 'systemd.path(5)', says: 'For each path file, a matching unit file must exist, describing the unit to activate when the path changes.',
    files: {
      '/etc/systemd/system/gone.path': '[Path]\nPathExists=/etc\n',
    },
    does: 'systemctl start gone.path; echo $?; s gone.path; j gone.path',
    prints: lines(
      'Job for gone.path failed.',
      'See "systemctl status gone.path" and "journalctl -xeu gone.path" for details.',
      '1',
      'success inactive dead',
      'gone.path: Refusing to start, unit gone.service to trigger not loaded.',
      'Failed to start gone.path.',
    ),
  },
  {
    of: 'systemd.socket(5)', says: 'For each socket unit, a matching service unit must exist, describing the service to start on incoming traffic on the socket',
    files: {
      '/etc/systemd/system/gone.socket': '[Socket]\nListenStream=/run/gone\n',
      '/etc/systemd/system/each.socket': '[Socket]\nListenStream=/run/each\nAccept=yes\n',
    },
    does: 'systemctl start gone.socket; echo $?; s gone.socket; j gone.socket; systemctl start each.socket; echo $?',
    prints: lines(
      'Job for gone.socket failed.',
      'See "systemctl status gone.socket" and "journalctl -xeu gone.socket" for details.',
      '1',
      'success inactive dead',
      'gone.socket: Socket service gone.service not loaded, refusing.',
      'Failed to listen on gone.socket.',
      '0',
    ),
  },
  {
    of: 'systemd.timer(5)', says: 'The unit to activate when this timer elapses.',
    files: {
      '/etc/systemd/system/agent.timer': '[Timer]\nOnActiveSec=1\n',
      '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/true\n',
    },
    does: 'systemctl start agent.timer; rm /etc/systemd/system/agent.service; systemctl daemon-reload; sleep 2; s agent.timer; j agent.timer',
    prints: lines(
      'resources failed failed',
      'Started agent.timer.',
      'agent.timer: Failed to queue unit startup job: Unit agent.service not found.',
      'agent.timer: Failed with result \'resources\'.',
    ),
  },
];
