import { elementsOf, readXml, textOf, type XmlElement } from '../read-xml.ts';
import { readHcl } from './read-hcl.ts';
import { readIni } from './read-ini.ts';
import { readMarkdown } from './read-markdown.ts';
import { readNft } from './read-nft.ts';
import { readAnsibleYaml, readPlainYaml } from './read-yaml.ts';

const READERS: readonly (readonly [RegExp, (text: string) => unknown])[] = [
  [/\.tf$/, (text) => withXml(readHcl(text))],
  [/^nftables\//, readNft],
  [/^[a-z]+\.svg$/, readSvg],
  [/^README\.md$/, readMarkdown],
  [/^ansible\/(inventory|playbooks)\/.*\.yml$/, readAnsibleYaml],
  [/\.(yml|yaml)$|\/network-config$|\/\.\w+$/, readPlainYaml],
  [/\.(ini|network)$/, readIni],
];

/** A file of the output as plain data, by a reader of its own language that is not ours. */
export async function readArtifact({ path, content }: { readonly path: string; readonly content: string }) {
  const reader = READERS.find(([pattern]) => pattern.test(path))?.[1];
  try {
    return reader === undefined ? content : await reader(content);
  } catch (error) {
    throw new Error(`${path}: ${String(error)}`, { cause: error });
  }
}

/** Where things are drawn is nobody's fact; what there is and what it says in full is. */
function readSvg(svg: string): unknown {
  const root = readXml(svg);
  const said = (name: string) =>
    root.children.flatMap((child) => (isElement(child, name) ? textOf(child) : []));
  const kinds = new Set(
    ['g', 'script', 'a', 'image', 'use'].filter((name) => elementsOf(root, name).length > 0),
  );
  return {
    title: said('title'),
    desc: said('desc'),
    texts: [...new Set(elementsOf(root, 'text').map(fullText))].sort(),
    strange: [...kinds],
  };
}

function isElement(child: XmlElement | string, name: string): child is XmlElement {
  return typeof child !== 'string' && child.name === name;
}

/** A text that is cut has all of it as a tooltip. */
export function fullText(text: XmlElement): string {
  const titles = elementsOf(text, 'title').map((title) => textOf(title));
  return titles.length > 0 ? titles.join('') : textOf(text).trim();
}

/** Stylesheets in heredocs are XML. */
function withXml(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('<?xml'))
    return readXml(value.replace(/^<\?xml[^>]*\?>\n/, ''));
  if (Array.isArray(value)) return value.map(withXml);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withXml(inner)]));
}
