import type { ChildProcess } from 'node:child_process';

/** A JSON-RPC 2.0 message: a request has id and method, a notification a method, an answer an id. */
export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const END_OF_HEADER = Buffer.from('\r\n\r\n');

/** JSON-RPC messages to and from a process, framed as the Language Server Protocol's base protocol says. */
export class MessageStream {
  readonly #process: ChildProcess;
  readonly #receive: (message: Message) => void;
  #buffer = Buffer.alloc(0);

  constructor(process: ChildProcess, receive: (message: Message) => void) {
    this.#process = process;
    this.#receive = receive;
    process.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  send(message: Message): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#process.stdin?.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#process.stdin?.write(body);
  }

  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (let message = this.#next(); message !== undefined; message = this.#next()) this.#receive(message);
  }

  #next(): Message | undefined {
    const end = this.#buffer.indexOf(END_OF_HEADER);
    if (end === -1) return undefined;
    const length = Number(/^Content-Length: (\d+)/im.exec(this.#buffer.toString('ascii', 0, end))?.[1]);
    const start = end + END_OF_HEADER.length;
    if (this.#buffer.length < start + length) return undefined;
    const body = this.#buffer.toString('utf8', start, start + length);
    this.#buffer = this.#buffer.subarray(start + length);
    return JSON.parse(body);
  }
}
