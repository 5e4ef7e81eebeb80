export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The one root element of a document. Strict about what makes XML well-formed: tags are balanced, attributes are quoted
 * and unique, no bare `&` or `<`, no `--` in comments.
 * @throws Error where it is not.
 */
export function readXml(text: string): XmlElement {
  const root: { name: string; attributes: Record<string, string>; children: (XmlElement | string)[] } = {
    name: '',
    attributes: {},
    children: [],
  };
  const open = [root];
  for (const [token] of text.matchAll(/<!--[\s\S]*?-->|<[^>]*>|[^<]+|</g)) {
    const parent = open.at(-1) ?? root;
    if (token.startsWith('<!--')) {
      if (token.slice(4, -3).includes('--')) throw new Error(`two hyphens in the comment ${token}`);
    } else if (!token.startsWith('<')) {
      parent.children.push(unescaped(token));
    } else if (token.startsWith('</')) {
      if (token !== `</${parent.name}>`) throw new Error(`${token} where <${parent.name}> is open`);
      open.pop();
    } else {
      const element = { ...readTag(token), children: [] };
      parent.children.push(element);
      if (!token.endsWith('/>')) open.push(element);
    }
  }
  const [only, ...rest] = root.children.filter((child) => typeof child !== 'string' || child.trim() !== '');
  if (open.length !== 1 || only === undefined || typeof only === 'string' || rest.length > 0) {
    throw new Error(`not one element: <${open.at(-1)?.name}> is open at the end`);
  }
  return only;
}

function readTag(tag: string): { name: string; attributes: Record<string, string> } {
  const match = /^<((?:xsl:)?[a-z-]+)((?:\s+[A-Za-z:-]+="[^"<]*")*)\s*\/?>$/.exec(tag);
  if (match === null) throw new Error(`no tag: ${tag}`);
  const attributes: Record<string, string> = {};
  for (const [, key = '', value = ''] of (match[2] ?? '').matchAll(/([A-Za-z:-]+)="([^"]*)"/g)) {
    if (key in attributes) throw new Error(`${key} twice in ${tag}`);
    attributes[key] = unescaped(value);
  }
  return { name: match[1] ?? '', attributes };
}

function unescaped(text: string): string {
  return text.replace(/&([^;]*;)?/g, (entity, name: string | undefined) => {
    const code = /^#(\d+);$/.exec(name ?? '')?.[1];
    const character =
      code === undefined ? ENTITIES[name?.slice(0, -1) ?? ''] : String.fromCodePoint(Number(code));
    if (character === undefined) throw new Error(`no entity: ${entity}`);
    return character;
  });
}

/** All the text below an element, but for that of its children of some name. */
export function textOf({ children }: XmlElement, without = ''): string {
  return children
    .map((child) =>
      typeof child === 'string' ? child : child.name === without ? '' : textOf(child, without),
    )
    .join('');
}

/** The elements below one that have a name. */
export function elementsOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.flatMap((child) => {
    if (typeof child === 'string') return [];
    return [...(child.name === name ? [child] : []), ...elementsOf(child, name)];
  });
}
