import { describe, expect, it } from 'vitest';
import { defineShell, StrictError } from 'shellrig';
import { installedAt } from '../sandbox/programs.js';

const shell = defineShell({ tools: ['python3'], limits: { time: '30s' } });
const allowing = shell.with({ allow: { realTime: ['python3'] } });

const TIMER = `
import ctypes, os, select, struct, time
library = ctypes.CDLL(None)
def timer(seconds, clock=1, flags=0, every=0):
    file = library.timerfd_create(clock, 0)
    span = struct.pack('llll', int(every), int(every % 1 * 1e9), int(seconds), int(seconds % 1 * 1e9))
    assert library.timerfd_settime(file, flags, ctypes.create_string_buffer(span), None) == 0
    return file
`;
const SOCKET = `
import errno, os, socket, struct, time
one, other = socket.socketpair()
def limit(of, option, seconds):
    of.setsockopt(socket.SOL_SOCKET, option, struct.pack('ll', int(seconds), int(seconds % 1 * 1e6)))
def failure(act):
    try: act()
    except OSError as error: print(errno.errorcode[error.errno])
`;

describe.runIf(installedAt('python3'))('C1: a file that itself waits by the real clock', () => {
  it.each([
    ['a timer that select waits for', `${TIMER}file = timer(0.3); print(select.select([file], [], [], 60)[0] == [file])`, 'True\n'],
    ['one that select waits for without a limit', `${TIMER}file = timer(0.3); print(select.select([file], [], [])[0] == [file])`, 'True\n'],
    ['one that is read', `${TIMER}print(os.read(timer(0.3), 8)[0])`, '1\n'],
    ['one by an instant that the program computed', `${TIMER}print(os.read(timer(time.time() + 0.3, 0, 1), 8)[0])`, '1\n'],
    ['the same by the clock that counts from the start', `${TIMER}print(os.read(timer(time.monotonic() + 0.3, 1, 1), 8)[0])`, '1\n'],
    ['one that goes off again and again', `${TIMER}file = timer(0.2, every=0.1); print(sum(os.read(file, 8)[0] > 0 for _ in range(2)))`, '2\n'],
    ['one that another process armed', `${TIMER}file = timer(0.3)\nif os.fork() == 0: print(select.select([file], [], [])[0] == [file], flush=True); os._exit(0)\nos.wait()`, 'True\n'],
    ['a socket that is received from', `${SOCKET}limit(one, socket.SO_RCVTIMEO, 0.3); failure(lambda: one.recv(1))`, 'EAGAIN\n'],
    ['one that is sent to', `${SOCKET}limit(one, socket.SO_SNDTIMEO, 0.3); failure(lambda: one.sendall(bytes(10000000)))`, 'EAGAIN\n'],
    ['one that another process limited', `${SOCKET}limit(one, socket.SO_RCVTIMEO, 0.3)\nif os.fork() == 0: failure(lambda: one.recv(1)); os._exit(0)\nos.wait()`, 'EAGAIN\n'],
  ])('%s: that is an error, unless it is allowed', async (_, script, output) => {
    const error: unknown = await shell.call('python3', '-uc', script).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StrictError);
    expect(error).toMatchObject({ code: 'real-time', subjects: ['python3'] });
    const run = await allowing.call('python3', '-uc', script);
    expect(run.output).toBe(output);
    expect(run.exitCode).toBe(0);
    expect(run.record.realWaits.map(({ program }) => program)).toEqual(['python3']);
    expect(run.record.duration).toBe(0);
  });

  it.each([
    ['a timer that is not armed any more', `${TIMER}file = timer(30); library.timerfd_settime(file, 0, ctypes.create_string_buffer(bytes(32)), None); print(select.select([file], [], [], 60)[0], time.time() - 1893456000)`, '[] 60.0\n'],
    ['one that has been closed', `${TIMER}os.close(timer(30)); read, write = os.pipe(); print(select.select([read], [], [], 60)[0], time.time() - 1893456000)`, '[] 60.0\n'],
    ['one that nobody waits for', `${TIMER}file = timer(30); time.sleep(5); print(time.time() - 1893456000)`, '5.0\n'],
    ['a socket whose limit was taken back', `${SOCKET}limit(one, socket.SO_RCVTIMEO, 30); limit(one, socket.SO_RCVTIMEO, 0)\nif os.fork() == 0: time.sleep(5); other.send(b'x'); os._exit(0)\nprint(one.recv(1), time.time() - 1893456000)`, "b'x' 5.0\n"],
    ['one that has something to receive', `${SOCKET}limit(one, socket.SO_RCVTIMEO, 30); other.send(b'x'); print(one.recv(1))`, "b'x'\n"],
  ])('but not %s', async (_, script, output) => {
    const run = await shell.call('python3', '-uc', script);
    expect(run.output).toBe(output);
    expect(run.exitCode).toBe(0);
  });
});
