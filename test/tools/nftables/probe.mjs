// Both ends of a test connection.   probe.mjs serve PORT…   answers on TCP and UDP with the address it sees
//                                   probe.mjs try tcp|udp ADDRESS PORT [SOURCE]   prints it, or why there is none
import dgram from 'node:dgram';
import net from 'node:net';
import os from 'node:os';

const [mode, ...rest] = process.argv.slice(2);
const PATIENCE = 800;

if (mode === 'serve') {
  for (const port of rest.map(Number)) {
    net
      .createServer((socket) => socket.on('error', () => {}).end(socket.remoteAddress))
      .listen(port, '0.0.0.0');
    // A socket for each address, so that the answer comes from the one that was asked.
    for (const { address } of Object.values(os.networkInterfaces()).flat()) {
      if (address.includes(':')) continue;
      const socket = dgram.createSocket('udp4');
      socket.on('message', (_message, from) => socket.send(from.address, from.port, from.address));
      socket.bind(port, address);
    }
  }
} else {
  const [protocol, address, port, source] = rest;
  const end = (text) => {
    console.log(text.trim());
    process.exit(0);
  };
  setTimeout(() => end('silence'), PATIENCE);
  if (protocol === 'tcp') {
    const socket = net.connect({ host: address, port: Number(port), localAddress: source });
    socket.on('data', (data) => end(data.toString()));
    socket.on('error', ({ code }) => end(code));
  } else {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (data) => end(data.toString()));
    socket.on('error', ({ code }) => end(code));
    socket.bind(0, source, () => socket.connect(Number(port), address, () => socket.send('x')));
  }
}
