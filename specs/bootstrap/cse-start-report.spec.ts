import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { bash, file, returns } from 'shellrig';
import { EVENTS_DIRECTORY } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { changesOf, CONTAINERS, eventOf, LOG, provisioned, READY, REPORT, reportOf, STATUS_LOG, systemctl } from './cse-start.js';

/** What both reports tell of the boot of the node that all specs have. */
const BOOT = {
  KernelStartTime: '2029-12-31 23:59:41.000',
  CloudInitLocalStartTime: '2029-12-31 23:59:44.000',
  CloudInitStartTime: '2029-12-31 23:59:48.000',
  CloudFinalStartTime: '2029-12-31 23:59:54.000',
  NetworkdStartTime: '2029-12-31 23:59:46.000',
  GuestAgentStartTime: '2029-12-31 23:59:52.000',
};
const UNKNOWN = Object.fromEntries(Object.keys(BOOT).map((name) => [name, '']));

describe('the report', () => {
  it('is one line of JSON, in a file and on standard output, all of it text', async () => {
    const run = await provisioned('end_after 33.5 50');

    expect(run).toExit(50);
    expect(reportOf(run)).toEqual({
      ExitCode: '50', Output: 'ended with 50', Error: '', ExecDuration: '33', ...BOOT, CSEStartTime: '2030-01-01 00:00:00.000',
      SystemdSummary: 'Startup finished in 2.104s (kernel) + 17.412s (userspace) = 19.516s\ngraphical.target reached after 17.3s in userspace',
      BootDatapoints: {
        KernelStartTime: BOOT.KernelStartTime, CSEStartTime: '2030-01-01 00:00:00.000', GuestAgentStartTime: BOOT.GuestAgentStartTime,
        KubeletStartTime: '2030-01-01 00:00:19.000',
      },
    });
    expect(Object.keys(reportOf(run)).join()).toBe('ExitCode,Output,Error,ExecDuration,KernelStartTime,CloudInitLocalStartTime,CloudInitStartTime,CloudFinalStartTime,NetworkdStartTime,CSEStartTime,GuestAgentStartTime,SystemdSummary,BootDatapoints');
    expect(run).toHaveChangedOnly(changesOf(run, { [REPORT]: file(run.stdout, { mode: 0o644 }) }));
  });

  it('holds whatever the provisioning said, as JSON can hold it', async () => {
    const run = await provisioned('print_anything');

    expect(run).toSucceed();
    const controls = Array.from({ length: 31 }, (_, code) => String.fromCharCode(code + 1)).join('');
    expect(reportOf(run).Output).toBe(`${controls}"quotes" \\n back\\slash\u007F ümlaut € 😀 \uFFFD\uFFFD \uFFFD( \uFFFD\uFFFD\uFFFD \uFFFD end`);
    expect(isUtf8(run.file(REPORT).content)).toBe(true);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('holds the last 3000 bytes of what it said, however much that was', async () => {
    const run = await provisioned('print_much 0123456789abcde 4000000');

    expect(run).toSucceed();
    const { Output = '' } = reportOf(run);
    expect(Output).toHaveLength(3000);
    expect(Output.endsWith('0123456789abcde0123456789')).toBe(true);
    expect(run.file(LOG).content).toHaveLength(4_000_000);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('is whole where these begin in the middle of a character', async () => {
    const run = await provisioned('cut_a_character');

    expect(run).toSucceed();
    expect(reportOf(run).Output).toBe(`\uFFFD${'x'.repeat(2999)}`);
    expect(isUtf8(run.file(REPORT).content)).toBe(true);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('holds whatever systemd says of the boot', async () => {
    const run = await provisioned('succeed', { stubs: { 'systemd-analyze': returns('Startup "finished"\\n\tin 2s\n') } });

    expect(run).toSucceed();
    expect(reportOf(run).SystemdSummary).toBe('Startup "finished"\\n\tin 2s');
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('the event', () => {
  it('tells when the provisioning began and ended, and of the boot', lesson('C20', 'A22'), async () => {
    const run = await provisioned('end_after 33.5 0');

    expect(run).toSucceed();
    const { message, ...event } = eventOf(run);
    expect(event).toEqual({
      Timestamp: '2030-01-01 00:00:00.000', OperationId: '2030-01-01 00:00:33.500', Version: '1.23', TaskName: 'AKS.CSE.cse_start',
      EventLevel: 'Informational', Message: expect.any(String), EventPid: '0', EventTid: '0',
    });
    expect(message).toEqual({
      ExitCode: '0', E2E: '33', ...BOOT, KubeletStartTime: '2030-01-01 00:00:19.000', KubeletReadyTime: '2030-01-01 00:00:20.789', ScriptlessMode: 'none',
    });
    expect(run.record.events[0]?.path).toBe(`${EVENTS_DIRECTORY}/1893456033500.json`);
    expect(run.file(run.record.events[0]?.path ?? '').text).toMatch(/^\{"Timestamp":"[^"]*","OperationId":"[^"]*","Version":"1\.23","TaskName":"AKS\.CSE\.cse_start","EventLevel":"Informational","Message":"\{.*\}","EventPid":"0","EventTid":"0"\}\n$/);
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it.each([
    ['nobody said', {}, 'none'],
    ['they came of overrides', { 'scriptless-cse-overrides.txt': '' }, 'cse_cmd'],
    ['the node controller wrote a command', { 'aks-node-controller-nbc-cmd.sh': '' }, 'nbc_cse_cmd'],
    ['both are there', { 'scriptless-cse-overrides.txt': '', 'aks-node-controller-nbc-cmd.sh': '' }, 'nbc_cse_cmd'],
  ])('tells how the scripts came to the node, where %s', lesson('A22'), async (_, there, mode) => {
    const files = Object.fromEntries(Object.entries(there).map(([name, text]) => [`${CONTAINERS}/${name}`, text]));
    const run = await provisioned('succeed', { files });

    expect(run).toSucceed();
    expect(eventOf(run).message).toMatchObject({ ScriptlessMode: mode });
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('a time that is not known', () => {
  it.each([
    ['an empty journal', ''],
    ['a journal of a kubelet that is not ready yet', '1893456019.100000 node-0 kubelet[812]: event="NodeNotReady"\n'],
    ['a journal that tells of a line without its time', '                  event="NodeReady"\n'],
  ])('is empty: when kubelet was ready, by %s', lesson('C20'), async (_, journal) => {
    const run = await provisioned('succeed', { stubs: { journalctl: returns(journal) } });

    expect(run).toSucceed();
    expect(eventOf(run)).toMatchObject({ EventLevel: 'Informational', message: { KubeletStartTime: '2030-01-01 00:00:19.000', KubeletReadyTime: '' } });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it.each(['', 'n/a', 'some time'])('is empty: when something was started, where systemd has \'%s\' for it', lesson('C20'), async (time) => {
    const run = await provisioned('succeed', { stubs: { systemctl: systemctl({ 'cloud-init': time, 'kubelet': time, 'waagent': time }, time) } });

    expect(run).toSucceed();
    expect(reportOf(run)).toMatchObject({ ...UNKNOWN, BootDatapoints: { KernelStartTime: '', KubeletStartTime: '', GuestAgentStartTime: '' } });
    expect(eventOf(run).message).toMatchObject({ ...UNKNOWN, KubeletStartTime: '' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('the time', () => {
  it('when the guest agent was started is found by its other name too', async () => {
    const run = await provisioned('succeed', { stubs: { systemctl: systemctl({ waagent: 'Mon 2029-12-31 23:59:52 UTC' }) } });

    expect(run).toSucceed();
    expect(eventOf(run).message).toMatchObject({ ...UNKNOWN, KernelStartTime: BOOT.KernelStartTime, GuestAgentStartTime: BOOT.GuestAgentStartTime });
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('when kubelet was ready is the first of this boot, to the day', async () => {
    const run = await provisioned('succeed');

    expect(run).toSucceed();
    expect(run.calls('journalctl').map(({ args }) => args)).toEqual([['-u', 'kubelet', '-b', '--no-pager', '-o', 'short-unix']]);
    expect(eventOf(run).message.KubeletReadyTime).toBe('2030-01-01 00:00:20.789');
    expect(run).toHaveChangedOnly(changesOf(run));
  });

  it('is the local one of the node, though date cannot know the name of its zone', async () => {
    const run = await provisioned('end_after 1 0', {
      env: { TZ: 'XYZ-3' },
      stubs: { systemctl: bash('[ "$4" = --value ] || printf ExecMainStartTimestamp=; date -d @1893455981 "+%a %F %T %Z"') },
    });

    expect(run).toSucceed();
    expect(eventOf(run)).toMatchObject({
      Timestamp: '2030-01-01 03:00:00.000', OperationId: '2030-01-01 03:00:01.000',
      message: { KernelStartTime: '2030-01-01 02:59:41.000', CloudInitLocalStartTime: '2030-01-01 02:59:41.000', KubeletReadyTime: '2030-01-01 03:00:20.789' },
    });
    expect(reportOf(run)).toMatchObject({ CSEStartTime: '2030-01-01 03:00:00.000' });
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});

describe('what kubelet is at', () => {
  it('is logged beside', async () => {
    const run = await provisioned('succeed', { files: { [STATUS_LOG]: 'date,hostname\n' } });

    expect(run).toSucceed();
    expect(run).toHaveCalled('systemctl', 'status', 'kubelet', '--no-pager', '-l');
    expect(run).toHaveChangedOnly(changesOf(run, { [STATUS_LOG]: file('date,hostname\n* kubelet.service\n     Active: active (running)\n') }));
  });

  it('is found in a journal of any size, of which not all is read', async () => {
    const run = await provisioned('succeed', { stubs: { journalctl: bash(`printf '%s' '${READY}'; yes '1893456021.000000 node-0 kubelet[812]: NodeReady'`) } });

    expect(run).toSucceed();
    expect(eventOf(run).message.KubeletReadyTime).toBe('2030-01-01 00:00:20.789');
    expect(run).toHaveChangedOnly(changesOf(run));
  });
});
