// A machine of the lab: serves, waits for the others, makes its tries, and waits until all have made theirs.
// usage: probe.mjs NAME COUNT TRIES.json   TRIES: { NAME: [{ protocol, to, port, as }] }; results: /run/results/NAME
import { execFile } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';

const PORTS = [22, 53, 80, 443, 2379, 6443, 10250];
const [name = '', count = '0', file = ''] = process.argv.slice(2);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const listening = [];
for (const port of PORTS) {
  const server = net.createServer((socket) => socket.on('error', () => {}).end(socket.remoteAddress));
  listening.push(once(server.listen(port, '0.0.0.0'), 'listening'));
  // A socket for each address, so that the answer comes from the one that was asked.
  for (const { address } of Object.values(os.networkInterfaces()).flat()) {
    if (address.includes(':')) continue;
    const socket = dgram.createSocket('udp4');
    socket.on('message', (_message, from) => socket.send(from.address, from.port, from.address));
    socket.bind(port, address);
    listening.push(once(socket, 'listening'));
  }
}

/** The source address that the other side saw, `pong`, or what came instead. */
function attempt({ protocol, to, port, as }, seconds) {
  return new Promise((resolve) => {
    setTimeout(() => resolve('silence'), seconds * 1000);
    if (protocol === 'icmp') {
      execFile(
        'ping',
        ['-c', '1', '-W', String(seconds), ...(as === undefined ? [] : ['-I', as]), to],
        (error) => resolve(error ? 'silence' : 'pong'),
      );
    } else if (protocol === 'tcp') {
      const socket = net.connect({ host: to, port, localAddress: as });
      socket.on('data', (data) => resolve(data.toString()));
      socket.on('error', ({ code }) => resolve(code));
    } else {
      const socket = dgram.createSocket('udp4');
      socket.on('message', (data) => resolve(data.toString()));
      socket.on('error', ({ code }) => resolve(code));
      socket.bind(0, as, () =>
        socket.connect(port, to, (error) => (error ? resolve(error.code) : socket.send('x'))),
      );
    }
  });
}

/** Silence is believed the second time: the machine may only have been busy. */
async function tryTwice(one) {
  const first = await attempt(one, 1);
  return first === 'silence' ? attempt(one, 8) : first;
}

/** Waits until this many have said so, fifty seconds at most. */
async function meet(place) {
  mkdirSync(`/run/${place}`, { recursive: true });
  writeFileSync(`/run/${place}/${name}`, '');
  for (let turn = 0; turn < 1000 && readdirSync(`/run/${place}`).length < Number(count); turn += 1)
    await pause(50);
}

await Promise.all(listening);
await meet('ready');
const tries = JSON.parse(readFileSync(file, 'utf8'))[name] ?? [];
const results = [];
for (let at = 0; at < tries.length; at += 40)
  results.push(...(await Promise.all(tries.slice(at, at + 40).map(tryTwice))));
if (!existsSync('/run/results')) mkdirSync('/run/results', { recursive: true });
writeFileSync(`/run/results.${name}`, JSON.stringify(results));
renameSync(`/run/results.${name}`, `/run/results/${name}`);
await meet('done');
process.exit(0);
