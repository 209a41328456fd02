import { called, compareMilestones, defineShell, exits, type Run } from 'shellrig';
import { beforeAll, describe, expect, it } from 'vitest';

const WHAT = 'milliseconds by name, as run.timeline.milestones({ ... }) gives them';

describe('milestones that are none', () => {
  let run: Run;
  beforeAll(async () => { run = await defineShell({ stubs: { report: exits(0) } }).call('report'); });

  it.each<[string, readonly unknown[], string]>([
    ['nothing', [undefined, {}], `compareMilestones: the first must be an object of ${WHAT}, is undefined.`],
    ['a list', [{}, [1]], `compareMilestones: the second must be an object of ${WHAT}, is a list.`],
    ['what is no number', [{ ready: Number.NaN }, { ready: 1 }], 'compareMilestones: the first.ready must be a number of milliseconds, is number NaN.'],
    ['text', [{ ready: 1 }, { ready: 'x' }], "compareMilestones: the second.ready must be a number of milliseconds, is string 'x'."],
    ['a name of one column', [{}, {}, 'before'], "compareMilestones: the names of its columns must be two texts, such as ['before', 'after'], is string 'before'."],
    ['the name of one column', [{}, {}, ['before']], "compareMilestones: the names of its columns must be two texts, such as ['before', 'after'], is a list."],
  ])('are not compared: %s', (_, given, message) => {
    expect(() => compareMilestones(...given as Parameters<typeof compareMilestones>)).toThrow(message);
  });

  it('are not compared: a run', () => {
    expect(() => compareMilestones(run as never, {})).toThrow('compareMilestones: the first must be what its run.timeline.milestones({ ... }) gives, is an object of ');
  });

  it.each<[string, (timeline: Run['timeline']) => unknown, string]>([
    ['a list', (timeline) => timeline.milestones([called('report')] as never), "run.timeline.milestones: what it takes must be an object of instants by name, such as { ready: called('ready') }, is a list."],
    ['no selector', (timeline) => timeline.milestones({ ready: 'report' } as never), "run.timeline.milestones: what it takes.ready must be an instant, named by called('name', ...), ended(...), emitted(...), changed('/path'), acted(...) or unitIs(...), is string 'report'."],
    ['nothing', (timeline) => timeline.milestones(undefined as never), 'run.timeline.milestones: what it takes must be an object of instants by name'],
    ['an option that there is not', (timeline) => timeline.svg({ milestone: {} } as never), "run.timeline.svg: there is no option `milestone`. Did you mean 'milestones'? There are: milestones, to, width"],
    ['an option of lanes that there is not', (timeline) => timeline.lanesText({ wdith: 80 } as never), "run.timeline.lanesText: there is no option `wdith`. Did you mean 'width'?"],
    ['a width that is none', (timeline) => timeline.lanesText({ width: '80' } as never), "run.timeline.lanesText: width must be a whole number of columns, from 1, is string '80'."],
    ['milestones of a picture that are a list', (timeline) => timeline.svg({ milestones: [called('report')] } as never), 'run.timeline.svg: milestones must be an object of instants by name'],
    ['a target that is no instant', (timeline) => timeline.svg({ to: 'report' } as never), 'run.timeline.svg: to must be an instant, named by'],
    ['a path to no instant', (timeline) => timeline.criticalPathTo(null as never), "run.timeline: an instant is named by called('name', ...)"],
  ])('are not looked for: %s', (_, ask, message) => {
    expect(() => ask(run.timeline)).toThrow(message);
  });

  it('but one that is undefined counts as not there', () => {
    expect(compareMilestones({ ready: 1, gone: undefined } as never, { ready: 2 }).rows[1]).toEqual({ milestone: 'gone', first: undefined, second: undefined, difference: undefined });
  });
});
