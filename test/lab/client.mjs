// A client that asks every 50 milliseconds, each time on a new connection, whatever became of the last request, until its input ends.
// usage: client.mjs ADDRESS PORT   writes a line for each request: when it was sent (ms since 1970) and what came, "ok" or why not
import https from 'node:https';

const [host, port] = process.argv.slice(2);
const INTERVAL = 50;
const PATIENCE = 1000;

function ask() {
  const sent = Date.now();
  let isDone = false;
  const done = (what) => {
    if (!isDone) console.log(`${sent} ${what}`);
    isDone = true;
  };
  const options = { host, port, path: '/readyz', agent: false, rejectUnauthorized: false };
  const request = https.get(options, (response) => {
    response.resume();
    response.on('end', () => done('ok'));
    response.on('error', ({ code }) => done(code));
  });
  request.on('error', ({ code }) => done(code));
  setTimeout(() => {
    done('silence');
    request.destroy();
  }, PATIENCE);
}

const timer = setInterval(ask, INTERVAL);
process.stdin.resume().on('end', () => {
  clearInterval(timer);
  setTimeout(() => process.exit(0), PATIENCE + 100);
});
setTimeout(() => process.exit(1), 300_000);
