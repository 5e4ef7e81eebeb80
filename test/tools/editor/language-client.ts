import { type ChildProcess, spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { inProject } from '../../support/paths.ts';
import { type Message, MessageStream } from './message-stream.ts';

/** A place in a text as the protocol counts it: from 0, columns in UTF-16 units. */
export interface LspPosition {
  readonly line: number;
  readonly character: number;
}

export interface LspDiagnostic {
  readonly message: string;
  readonly range: { readonly start: LspPosition; readonly end: LspPosition };
}

export interface CompletionItem {
  readonly label: string;
  readonly insertText?: string;
  readonly documentation?: string | { readonly value: string };
}

/** The server asks for sections yaml, http, [yaml] and editor. The store would be fetched from the Internet. */
const SETTINGS = { validate: true, schemaStore: { enable: false }, kubernetesCRDStore: { enable: false } };
const TIMEOUT = 30_000;

/**
 * The real yaml-language-server as an editor runs it: one process, Language Server Protocol 3.17 over stdio.
 * Texts find their schema by their modeline alone.
 */
export class LanguageClient {
  readonly #server: ChildProcess;
  readonly #stream: MessageStream;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #diagnostics = new Map<string, (diagnostics: readonly LspDiagnostic[]) => void>();
  readonly #configured: Promise<void>;
  #isConfigured: () => void = () => undefined;
  #lastId = 0;
  #lastText = 0;

  private constructor() {
    const bin = inProject('node_modules/yaml-language-server/bin/yaml-language-server');
    this.#server = spawn(process.execPath, [bin, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#stream = new MessageStream(this.#server, (message) => this.#receive(message));
    this.#configured = new Promise((resolve) => {
      this.#isConfigured = resolve;
    });
  }

  static async start(): Promise<LanguageClient> {
    const client = new LanguageClient();
    const capabilities = {
      workspace: { configuration: true },
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
      },
    };
    await client.#request('initialize', { processId: process.pid, rootUri: null, capabilities });
    client.#stream.send({ method: 'initialized', params: {} });
    await within(client.#configured, 'the configuration');
    return client;
  }

  /** What the server underlines in a text that stands beside the models in test/models. */
  diagnose(text: string): Promise<readonly LspDiagnostic[]> {
    const uri = this.#open(text);
    const diagnostics = new Promise<readonly LspDiagnostic[]>((resolve) => {
      this.#diagnostics.set(uri, resolve);
    });
    return within(diagnostics, 'diagnostics').finally(() => this.#close(uri));
  }

  /** What is offered at a place of a text. */
  async complete(text: string, position: LspPosition): Promise<readonly CompletionItem[]> {
    const result = await this.#ask('textDocument/completion', text, position);
    return (result as { readonly items: readonly CompletionItem[] }).items;
  }

  /** What is shown for a place of a text, as Markdown. */
  async hover(text: string, position: LspPosition): Promise<string> {
    const result = await this.#ask('textDocument/hover', text, position);
    return (result as { readonly contents: { readonly value: string } } | null)?.contents.value ?? '';
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    await this.#request('shutdown', undefined);
    this.#stream.send({ method: 'exit' });
    await within(ended, 'the end of the server').finally(() => this.#server.kill());
  }

  async #ask(method: string, text: string, position: LspPosition): Promise<unknown> {
    const uri = this.#open(text);
    const result = await this.#request(method, { textDocument: { uri }, position });
    this.#close(uri);
    return result;
  }

  /** Opens a text under a name of its own: closing one sends diagnostics, too, and could be taken for the next. */
  #open(text: string): string {
    this.#lastText += 1;
    const uri = pathToFileURL(inProject(`test/models/text-${this.#lastText}.yaml`)).href;
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.#stream.send({ method: 'textDocument/didOpen', params: { textDocument } });
    return uri;
  }

  #close(uri: string): void {
    this.#diagnostics.delete(uri);
    this.#stream.send({ method: 'textDocument/didClose', params: { textDocument: { uri } } });
  }

  async #request(method: string, params: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<Message>((resolve) => {
      this.#answers.set(id, resolve);
    });
    this.#stream.send({ id, method, params });
    const { result, error } = await within(answer, method);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #receive(message: Message): void {
    if (message.method === undefined) this.#answers.get(Number(message.id))?.(message);
    else if (message.method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = message.params as {
        readonly uri: string;
        readonly diagnostics: readonly LspDiagnostic[];
      };
      this.#diagnostics.get(uri)?.(diagnostics);
    } else if (message.id !== undefined) this.#reply(message);
  }

  /** Of the server's own requests only that for the configuration needs more than an empty answer. */
  #reply({ id, method, params }: Message): void {
    const isConfiguration = method === 'workspace/configuration';
    const { items = [] } = (params ?? {}) as { readonly items?: readonly { readonly section: string }[] };
    const result = isConfiguration ? items.map(({ section }) => (section === 'yaml' ? SETTINGS : {})) : null;
    this.#stream.send({ ...(id === undefined ? {} : { id }), result });
    if (isConfiguration) this.#isConfigured();
  }
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`yaml-language-server: no answer for ${what}`)), TIMEOUT);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
