// An API server that answers /readyz over TLS with a status of its own: api-server-stub.mjs ADDRESS STATUS CERTIFICATE KEY
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [address, status, cert, key] = process.argv.slice(2);
https
  .createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
    response.writeHead(request.url === '/readyz' ? Number(status) : 404).end();
  })
  .listen(6443, address);
