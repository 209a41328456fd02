import { describe, expect, it } from 'vitest';
import { exits, fails, handle, returns, takes } from 'shellrig';
import { node as shell } from '../support/helpers.js';
import { begun } from '../support/time.js';

const NAME = 'api.cluster.example';
const FOUND = `Server:\t\t10.0.0.10\n\nName:\t${NAME}\nAddress: 10.1.2.3\n`;
const REFUSED = `Server:\t\t168.63.129.16\n\n** server can't find ${NAME}: NXDOMAIN\n`;

/** As a boot asks: a second between tries, 15 for each, 300 for all. */
const lookUp = ['retrycmd_nslookup', '1', '15', '300', NAME] as const;

describe('looking a name up', () => {
  it('ends with its first address, and prints what the name server says', async () => {
    const run = await shell.given({ stubs: { nslookup: returns(FOUND) } }).call(...lookUp);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('nslookup', 1, '-timeout=15', '-retry=0', NAME);
    expect(run.output).toBe(`${FOUND}Found ${NAME} after 0s.\n`);
  });

  it('goes on until there is one, with the pause in between', async () => {
    const nslookup = fails({ times: 3 }).then(returns(FOUND));
    const run = await shell.given({ stubs: { nslookup } }).call(...lookUp);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('nslookup', 4);
    expect(run).toHaveSleptTimes('1s', 3);
    expect(run.duration).toBe(3000);
    expect(run).toPrint(`Found ${NAME} after 3s.\n`);
  });

  it('fails when the time is over, and says which name server knew nothing, and for how long', async () => {
    const run = await shell.given({ stubs: { nslookup: returns(REFUSED).exits(1) } }).call('retrycmd_nslookup', '15', '15', '300', NAME);

    expect(run).toExit(1);
    expect(run.stdout).toContain('168.63.129.16');
    expect(run.stderr).toBe(`Found no address of ${NAME} in 20 tries and 285s.\n`);
    expect(run).toHaveSleptTimes('15s', 19);
    expect(run.duration).toBe(285_000);
    expect(run).toHaveCalledTimes('nslookup', 20);
  });

  it('takes no longer than that, however long the name server takes', async () => {
    const nslookup = handle(({ args }) => takes(`${/\d+/.exec(args[0] ?? '')?.[0]}s`).exits(1));
    const run = await shell.given({ stubs: { nslookup } }).call('retrycmd_nslookup', '1', '15', '40', NAME);

    expect(run).toExit(1);
    expect(run.calls('nslookup').map(({ args }) => args[0])).toEqual(['-timeout=15', '-timeout=15', '-timeout=8']);
    expect(run).toHaveSleptTimes('1s', 2);
    expect(run.stderr).toBe(`Found no address of ${NAME} in 3 tries and 40s.\n`);
    expect(run.duration).toBe(40_000);
  });

  it('is not held up by a name server that never answers', async () => {
    const run = await shell.given({ stubs: { nslookup: takes('1h') } }).call('retrycmd_nslookup', '1', '15', '40', NAME);

    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('nslookup', 3);
    expect(run.stderr).toBe(`Found no address of ${NAME} in 3 tries and 40s.\n`);
    expect(run.duration).toBe(40_000);
  });

  it('ends when provisioning has no time left', async () => {
    const run = await shell.given({ vars: begun(778), stubs: { nslookup: exits(1) } }).call(...lookUp);

    expect(run).toExit(2);
    expect(run).toHaveCalledTimes('nslookup', 2, /^-timeout=15$/, '-retry=0', NAME);
    expect(run).toHaveSleptTimes('1s', 2);
    expect(run.duration).toBe(2000);
    expect(run.stderr).toBe(`No CSE time remaining, exiting early.\nFound no address of ${NAME} in 2 tries and 2s.\n`);
  });
});
