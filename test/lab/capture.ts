import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from '../support/run.ts';

/** An address of this machine's own loopback, to see that packets are seen. */
const CONTROL = '127.0.99.99';

/** What this machine sends on any of its interfaces, outside of all labs, that looks like a packet of a lab. */
export class Capture {
  readonly #child: ChildProcess;
  #text = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (data: Buffer) => {
      this.#text += data.toString();
    });
  }

  /** `ranges` are those of the lab; VRRP is never this machine's. */
  static async start(ranges: readonly string[]): Promise<Capture> {
    const own = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
    const others = own
      .filter((address) => !address.includes(':'))
      .map((address) => ` and not host ${address}`);
    const lab = `(${['ip proto 112', ...ranges.map((range) => `net ${range}`)].join(' or ')})${others.join('')}`;
    const child = spawn('tcpdump', ['-i', 'any', '-nql', `(outbound and ${lab}) or host ${CONTROL}`]);
    const capture = new Capture(child);
    await once(child.stderr, 'data', { signal: AbortSignal.timeout(10_000) });
    for (let attempt = 0; attempt < 20 && !capture.#text.includes(CONTROL); attempt += 1) {
      await run('ping', ['-c', '1', '-W', '1', CONTROL]);
      await pause(500);
    }
    return capture;
  }

  /** Ends it. */
  async stop(): Promise<{ readonly isSeeing: boolean; readonly escaped: readonly string[] }> {
    await pause(500);
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    await ended;
    const lines = this.#text.split('\n').filter(Boolean);
    const escaped = lines.filter((line) => !line.includes(CONTROL));
    return { isSeeing: escaped.length < lines.length, escaped };
  }
}
