import { lines, type Behaviour } from '../behaviour.fixture.js';

const WANTS = '[Unit]\nWants=agent.service other.service\n[Service]\nExecStart=/bin/sleep 1000\n';

/** Units that a condition or assertion keeps from starting. No systemd was run for these: the words are those of the programs of systemd 252. */
export const CONDITIONS: readonly Behaviour[] = [
  {
    of: 'systemd.unit(5)', says: 'the starting of the unit will be (mostly silently) skipped (in case of conditions)',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nConditionPathExists=/etc\nConditionPathExists=|/none\nConditionPathExists=!/etc/systemd\nConditionPathExists=/nosuch\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/keeper.service': WANTS,
    },
    does: 'systemctl start keeper; systemctl status agent -n 0; sleep 5; systemctl status agent -n 0 | tail -n 3; mkdir /nosuch; sed -i "/none/d; /!/d" /etc/systemd/system/agent.service; systemctl daemon-reload; systemctl start agent; systemctl status agent -n 0 | grep -c ondition',
    prints: lines(
      '○ agent.service',
      '     Loaded: loaded (/etc/systemd/system/agent.service; static)',
      '     Active: inactive (dead)',
      '  Condition: start condition failed at Tue 2030-01-01 00:00:00 UTC; now',
      '             ├─ ConditionPathExists=|/none was not met',
      '             └─ ConditionPathExists=!/etc/systemd was not met',
      '  Condition: start condition failed at Tue 2030-01-01 00:00:00 UTC; 5s ago',
      '             ├─ ConditionPathExists=|/none was not met',
      '             └─ ConditionPathExists=!/etc/systemd was not met',
      '0',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'Condition checks can use a pipe symbol ("|") after the equals sign ("Condition...=|..."), which causes the condition to become a triggering condition',
    files: {
      '/etc/systemd/system/agent.service': '[Unit]\nConditionPathExists=|/nosuch\nConditionPathExists=|/none\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/keeper.service': WANTS,
    },
    does: 'systemctl start keeper; systemctl status agent -n 0 | tail -n 3',
    prints: lines(
      '  Condition: start condition failed at Tue 2030-01-01 00:00:00 UTC; now',
      '             ├─ ConditionPathExists=|/nosuch was not met',
      '             └─ ConditionPathExists=|/none was not met',
    ),
  },
  {
    of: 'systemd.unit(5)', says: 'hitting a configured assertion does not cause the unit to enter the "failed" state',
    files: {
      '/etc/systemd/system/other.service': '[Unit]\nAssertPathExists=|/nosuch\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/agent.service': '[Unit]\nAssertPathExists=!/etc\n[Service]\nExecStart=/bin/sleep 1000\n',
      '/etc/systemd/system/keeper.service': WANTS,
    },
    does: 'systemctl start keeper; systemctl status agent -n 0 | tail -n 3; systemctl status other -n 0 | tail -n 2',
    prints: lines(
      '     Active: inactive (dead)',
      '     Assert: start assertion failed at Tue 2030-01-01 00:00:00 UTC; now',
      '             AssertPathExists=!/etc was not met',
      '     Assert: start assertion failed at Tue 2030-01-01 00:00:00 UTC; now',
      '             none of the trigger assertions were met',
    ),
  },
];
