/**
 * HCL as far as our own files use it: blocks, attributes, lists, maps, strings and heredocs. A block is a map with its
 * labels in the key; a value that is no plain text stands as `{ code: ... }`.
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function readHcl(text: string): unknown {
  return new Reader(text).body(undefined);
}

const TOKENS =
  /\s*(?:#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|\s+|<<-?([A-Z]+)\n([\s\S]*?)\n[ \t]*\1(?=\n)|"(?:[^"\\\n]|\\.)*"|[A-Za-z_](?:[\w.-]|\[\d+\])*|-?\d[\d.]*|[={}[\](),:?!<>&|+*/%-]/y;

class Reader {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(text: string) {
    TOKENS.lastIndex = 0;
    while (TOKENS.lastIndex < text.length) {
      const from = TOKENS.lastIndex;
      const match = TOKENS.exec(text);
      if (match === null) throw new Error(`no HCL: ${text.slice(from, from + 40)}`);
      if (!/^\s*(#|\/\/|\/\*|$)/.test(match[0])) this.#tokens.push(match[0]);
    }
  }

  body(end: string | undefined): object[] {
    const entries: object[] = [];
    while (this.#peek() !== end) {
      const key = [this.#plain(this.#next())];
      while (this.#peek()?.startsWith('"')) key.push(this.#plain(this.#next()));
      const sign = this.#next();
      if (sign !== '=' && sign !== '{') throw new Error(`"${sign}" behind ${key.join(' ')}`);
      entries.push({ key, value: sign === '=' ? this.#value() : this.body('}') });
      if (this.#peek() === ',') this.#next();
    }
    this.#at += 1;
    return entries;
  }

  #value(): unknown {
    const token = this.#next();
    if (token === '{') return this.body('}');
    if (token === '[') return this.#list();
    if (token.startsWith('<<')) return heredoc(token);
    if (token.startsWith('"')) return this.#plain(token);
    return this.#peek() === '('
      ? { code: `${token}${this.#next()}`, arguments: this.#list(')') }
      : { code: token };
  }

  #list(end = ']'): unknown[] {
    const values: unknown[] = [];
    while (this.#peek() !== end) {
      values.push(this.#value());
      if (this.#peek() === ',') this.#next();
    }
    this.#at += 1;
    return values;
  }

  #plain(token: string): string {
    return token.startsWith('"')
      ? withoutTemplates(token.slice(1, -1)).replace(/\\(u[\da-f]{4}|.)/gi, escaped)
      : token;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined) throw new Error('HCL ends in the middle');
    return token;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function escaped(_whole: string, code: string): string {
  return code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code);
}

/** Doubled signs stand for themselves; a single one would begin code. */
function withoutTemplates(text: string): string {
  if (/[$%]\{/.test(text.replace(/(\$\$|%%)\{/g, ''))) throw new Error(`code in the text ${text}`);
  return text.replace(/(\$\$|%%)\{/g, (sign) => sign.slice(1));
}

function heredoc(token: string): string {
  const lines = token.split('\n').slice(1, -1);
  const indentation = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)),
  );
  return withoutTemplates(lines.map((line) => `${line.slice(indentation)}\n`).join(''));
}
