import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directory, real, takes } from 'shellrig';
import { EVENTS_DIRECTORY, eventsOf } from '../support/events.js';
import helpers from '#node/cse_helpers.sh';
import { node } from '../support/helpers.js';
import { SCRIPTS } from '../support/scripts.js';
import { lesson } from '../support/lesson.js';

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;
/** Milliseconds since the epoch of a time in an event; a sandbox is in UTC. */
const time = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
const shell = node.with({ source: [helpers, './emitting.sh'] });

describe('an event', () => {
  it('tells of the command, when it began and when it ended', async () => {
    const run = await shell.call('logs_to_events', 'AKS.CSE.task', 'succeed', 'one', 'two');

    expect(run).toSucceed();
    expect(eventsOf(run)).toEqual([{
      Timestamp: expect.stringMatching(TIME), OperationId: expect.stringMatching(TIME), Version: '1.23', TaskName: 'AKS.CSE.task',
      EventLevel: 'Informational', Message: 'Completed: succeed one two', EventPid: '0', EventTid: '0',
    }]);
    expect(run.record.events[0]?.path).toMatch(new RegExp(`^${EVENTS_DIRECTORY}/\\d{13}\\.json$`));
    expect(run.fs.readdirSync(EVENTS_DIRECTORY)).toHaveLength(1);
  });

  it('has the time before the command, which names its file too, and the time after it', async () => {
    const run = await shell.with({ stubs: { slow: takes('2.345s') } }).call('logs_to_events', 'task', 'slow');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('slow', 1);
    expect(run.record.events.map(({ path }) => basename(path))).toEqual([`${time('2030-01-01 00:00:00.000')}.json`]);
    expect(eventsOf(run)).toMatchObject([{ Timestamp: '2030-01-01 00:00:00.000', OperationId: '2030-01-01 00:00:02.345' }]);
  });

  it('is one line of JSON with its members in the order that readers know', async () => {
    const run = await shell.call('logs_to_events', 'task', 'succeed');

    expect(run).toSucceed();
    const [{ path } = { path: '' }] = run.record.events;
    expect(run.file(path).text).toMatch(/^\{"Timestamp":"[^"]*","OperationId":"[^"]*","Version":"1\.23","TaskName":"task","EventLevel":"Informational","Message":"Completed: succeed","EventPid":"0","EventTid":"0"\}\n$/);
  });

  it('is written when the command fails, and its status is passed on', async () => {
    const run = await shell.call('logs_to_events', 'task', 'fail', '42');

    expect(run).toExit(42);
    expect(eventsOf(run)).toMatchObject([{ TaskName: 'task', Message: 'Completed: fail 42' }]);
  });

  it('is written when the command exits the shell', lesson('C19'), async () => {
    const run = await shell.call('logs_to_events', 'task', 'exit', '9');

    expect(run).toExit(9);
    expect(eventsOf(run)).toMatchObject([{ TaskName: 'task', Message: 'Completed: exit 9' }]);
  });

  it('is written when set -e ends the shell', lesson('C19'), async () => {
    const run = await shell.call('under_set_e');

    expect(run).toExit(5);
    expect(run).not.toPrint('not reached');
    expect(eventsOf(run)).toMatchObject([{ TaskName: 'task', Message: 'Completed: fail 5' }]);
  });

  it('does not take the place of one of the same millisecond, and comes after it', lesson('C19'), async () => {
    const run = await shell.call('three_events_at_one_time');

    expect(run).toSucceed();
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual(['first', 'second', 'third']);
  });

  it('holds any text as JSON can hold it', async () => {
    const run = await shell.call('logs_to_events', 'a "task"', 'succeed', 'back\\slash', 'tab\there', 'line\nbreak', '\u0001', 'ümlaut');

    expect(run).toSucceed();
    expect(eventsOf(run)).toMatchObject([{ TaskName: 'a "task"', Message: 'Completed: succeed back\\slash tab\there line\nbreak \u0001 ümlaut' }]);
  });

  it('is lost when its directory cannot be made, and the status of the command is passed on all the same', async () => {
    const run = await shell.given({ files: { '/var/log/azure': 'a file in the way' } }).call('logs_to_events', 'task', 'fail', '3');

    expect(run).toExit(3);
    expect(run.stderr).toMatch(/^mkdir: cannot create directory .*\n$/);
    expect(run).not.toHaveChanged();
  });

  it('is lost on a full disk, where nothing half of it stays', async () => {
    const run = await shell.with({ limits: { disk: '4MB' } }).call('on_a_full_disk', 'task', 'fail', '3');

    expect(run).toExit(3);
    expect(run.stderr).toMatch(/No space left on device\n$/);
    expect(run).toHaveChangedOnly({ [EVENTS_DIRECTORY]: directory() });
  });

  it('is written where all of the group is asked to end, and then once more', async () => {
    const run = await shell.with({ stubs: { mv: real().takes('1s') } }).call('asked_twice_to_end', `${SCRIPTS}/cse_helpers.sh`);

    expect(run).toExit(143);
    expect(run.stderr).toBe('Terminated\nTerminated\n');
    expect(eventsOf(run)).toMatchObject([{ TaskName: 'task', OperationId: '2030-01-01 00:00:01.000' }]);
    expect(run.fs.readdirSync(EVENTS_DIRECTORY)).toHaveLength(1);
  });

  it('of a command within a command is written as well', async () => {
    const run = await shell.call('logs_to_events', 'outer', 'logs_to_events', 'inner', 'fail', '4');

    expect(run).toExit(4);
    expect(eventsOf(run).map(({ TaskName }) => TaskName).sort()).toEqual(['inner', 'outer']);
  });

  it('of a command that exits within a command is written as well', lesson('C19'), async () => {
    const run = await shell.call('logs_to_events', 'outer', 'logs_to_events', 'inner', 'exit', '4');

    expect(run).toExit(4);
    expect(eventsOf(run).map(({ TaskName }) => TaskName).sort()).toEqual(['inner', 'outer']);
  });
});

describe('the command of an event', () => {
  it.each([
    ['one word that holds blanks is split at them', ['print_words a  b\tc'], ['a', 'b', 'c'], 'print_words a b c'],
    ['several words stay as they are', ['print_words', 'a b', '', ' c '], ['a b', '', ' c '], 'print_words a b   c '],
    ['one word is not globbed', ['print_words *'], ['*'], 'print_words *'],
    ['several words are not globbed', ['print_words', '/etc/*', '?'], ['/etc/*', '?'], 'print_words /etc/* ?'],
    ['quotes in one word are characters', ['print_words "a b"'], ['"a', 'b"'], 'print_words "a b"'],
  ])('%s', lesson('C19'), async (_, words, expected, told) => {
    const run = await shell.call('logs_to_events', 'task', ...words);

    expect(run).toSucceed();
    expect(run.stdout).toBe(expected.map((word) => `<${word}>\n`).join(''));
    expect(eventsOf(run)).toMatchObject([{ TaskName: 'task', Message: `Completed: ${told}` }]);
  });

  it('runs in this shell: what it sets stays set', async () => {
    const run = await shell.call('logs_to_events', 'task', 'set_result', 'kept');

    expect(run).toSucceed();
    expect(run.variable('RESULT')).toBe('kept');
    expect(eventsOf(run)).toHaveLength(1);
  });

  it('sees no variable of the logger under a common name', lesson('C19'), async () => {
    const run = await shell
      .given({ vars: { ret: 'mine', task: 'mine', status: 'mine', name: 'mine', message: 'mine' } })
      .call('logs_to_events', 'task', 'print_variables', 'ret', 'task', 'status', 'name', 'message');

    expect(run).toSucceed();
    expect(run.stdout).toBe('mine\nmine\nmine\nmine\nmine\n');
    expect(run.variable('ret')).toBe('mine');
    expect(eventsOf(run)).toHaveLength(1);
  });

  it('prints where it prints, and the logger nothing', async () => {
    const run = await shell.call('logs_to_events', 'task', 'print_both');

    expect(run).toSucceed();
    expect([run.stdout, run.stderr]).toEqual(['to stdout\n', 'to stderr\n']);
    expect(eventsOf(run)).toHaveLength(1);
  });
});

describe('the EXIT trap of the shell', () => {
  it('is kept over an event', async () => {
    const run = await shell.call('with_exit_trap', 'succeed');

    expect(run).toSucceed();
    expect(run.stdout).toBe('after the event\ntrap with 0\n');
    expect(eventsOf(run)).toHaveLength(1);
  });

  it('runs with the exit code of a command that exits', lesson('C19'), async () => {
    const run = await shell.call('with_exit_trap', 'exit', '7');

    expect(run).toExit(7);
    expect(run.stdout).toBe('trap with 7\n');
    expect(eventsOf(run)).toHaveLength(1);
  });

  it('runs with 0 when the command exits so', async () => {
    const run = await shell.call('with_exit_trap', 'exit', '0');

    expect(run).toSucceed();
    expect(run.stdout).toBe('trap with 0\n');
    expect(eventsOf(run)).toHaveLength(1);
  });

  it('that the command sets is kept', async () => {
    const run = await shell.call('command_sets_exit_trap');

    expect(run).toSucceed();
    expect(run.stdout).toBe('after the event\nof the command\n');
    expect(eventsOf(run)).toHaveLength(1);
  });

  it('is none where there was none: a later exit writes no event', async () => {
    const run = await shell.call('exit_after_event');

    expect(run).toExit(3);
    expect(eventsOf(run)).toHaveLength(1);
  });

  it('of a parent shell is not run by an event of its subshell', async () => {
    const run = await shell.call('event_in_a_subshell');

    expect(run).toSucceed();
    expect(run.stdout).toBe('trap of the parent\n');
    expect(eventsOf(run)).toHaveLength(1);
  });
});
