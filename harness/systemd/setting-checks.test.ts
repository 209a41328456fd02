import { defineShell } from 'shellrig';
import { systemd } from 'shellrig/systemd';
import { describe, expect, it } from 'vitest';

const shell = defineShell({ stubs: { ...systemd() } });
const files = (name: string, text: string) => ({ '/etc/systemd/system/agent.service': '[Service]\nExecStart=/bin/sleep 9\n', [`/etc/systemd/system/${name}`]: text });
const service = (text: string) => `[Service]\nExecStart=/bin/sleep 9\n${text}\n`;

describe('a value that a directive cannot have is an error of the run when its unit is started', () => {
  it.each([
    ['StartLimitBurst=many', 'StartLimitBurst=many is no number'],
    ['UMask=9', 'UMask=9 is no mode, such as 0022'],
    ['RuntimeDirectoryMode=rwx', 'RuntimeDirectoryMode=rwx is no mode'],
    ['NotifyAccess=al', "NotifyAccess=al is none of none, main, exec, all. Did you mean 'all'?"],
    ['KillMode=all', 'KillMode=all is none of control-group, mixed, process, none'],
    ['Restart=sometimes', 'Restart=sometimes is none of no, on-success'],
    ['KillSignal=SIGTREM', 'KillSignal=SIGTREM: there is no such signal'],
    ['WatchdogSignal=99', 'WatchdogSignal=99: there is no such signal'],
    ['SuccessExitStatus=foo', 'SuccessExitStatus=foo: foo is neither an exit code nor a signal'],
    ['SuccessExitStatus=1 999', 'SuccessExitStatus=1 999: 999 is neither an exit code nor a signal'],
    ['RestartPreventExitStatus=-1', 'RestartPreventExitStatus=-1: -1 is neither'],
    ['RestartSec=soon', 'RestartSec=soon is no span of time'],
    ['RemainAfterExit=maybe', 'RemainAfterExit=maybe is neither yes nor no'],
    ['WorkingDirectory=work', 'WorkingDirectory=work is no absolute path'],
    ['EnvironmentFile=-environment', 'EnvironmentFile=-environment is no absolute path'],
  ])('[Service] %s', async (line, message) => {
    await expect(shell.given({ files: files('agent.service', service(line)) }).call('systemctl', 'start', 'agent')).rejects.toThrow(`/etc/systemd/system/agent.service:3: ${message}`);
  });

  it.each([
    ['StartLimitBurst=-1', 'StartLimitBurst=-1 is no number'],
    ['StartLimitIntervalSec=often', 'StartLimitIntervalSec=often is no span of time'],
    ['ConditionPathExists=nosuch', 'ConditionPathExists=nosuch is no absolute path'],
    ['ConditionPathExists=!', 'ConditionPathExists=! is no absolute path'],
    ['ConditionPathExistsGlob=|!no*', 'ConditionPathExistsGlob=|!no* is no absolute path'],
    ['AssertFileNotEmpty=%p/x', 'AssertFileNotEmpty=%p/x is no absolute path'],
    ['After=network', 'After=network names no unit: network has no suffix that units have, such as .service or .target'],
    ['Wants=disk.service nosuch', 'Wants=disk.service nosuch names no unit: nosuch has no suffix'],
    ['OnFailure=%p-mended', 'OnFailure=%p-mended names no unit: agent-mended has no suffix'],
  ])('[Unit] %s', async (line, message) => {
    await expect(shell.given({ files: files('agent.service', `[Unit]\n${line}\n${service('')}`) }).call('systemctl', 'start', 'agent')).rejects.toThrow(`/etc/systemd/system/agent.service:2: ${message}`);
  });

  it.each([
    ['agent.timer', '[Timer]\nOnCalendar=*:77\n', 'OnCalendar=*:77 is no calendar event'],
    ['agent.timer', '[Timer]\nOnActiveSec=soon\n', 'OnActiveSec=soon is no span of time'],
    ['agent.timer', '[Timer]\nUnit=agent\nOnActiveSec=1\n', 'Unit=agent names no unit'],
    ['agent.path', '[Path]\nPathExists=nosuch\n', 'PathExists=nosuch is no absolute path'],
    ['agent.socket', '[Socket]\nAccept=perhaps\n', 'Accept=perhaps is neither yes nor no'],
  ])('%s: %s', async (name, text, message) => {
    await expect(shell.given({ files: files(name, text) }).call('systemctl', 'start', name)).rejects.toThrow(`/etc/systemd/system/${name}:2: ${message}`);
  });
});

it('takes every value that a directive can have, and one taken back', async () => {
  const text = `[Unit]
StartLimitBurst=3
ConditionPathExists=!/nosuch
ConditionPathExists=|%E/systemd
AssertPathExistsGlob=/etc/sys*
After=network.target dev-disk.device %p-other@x.service
Wants=
${service(`UMask=0027
RuntimeDirectoryMode=0750
NotifyAccess=exec
KillMode=mixed
KillSignal=RTMIN+3
FinalKillSignal=SIGQUIT
SuccessExitStatus=0 143 SIGTERM TEMPFAIL
Restart=on-abnormal
WorkingDirectory=~
EnvironmentFile=-%t/agent`)}`;
  const run = await shell.given({ files: files('agent.service', text) }).call('eval', 'systemctl start agent; echo $?; systemctl is-active agent');
  expect(run.stdout).toBe('0\nactive\n');
});
