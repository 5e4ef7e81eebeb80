import { parseDocument, type ScalarTag, visit } from 'yaml';

/** A text that Ansible would run as a template. */
export interface Template {
  readonly template: string;
}

const unsafe: ScalarTag = { tag: '!unsafe', resolve: (value) => value };

/** YAML as Ansible reads it: version 1.1, where texts with the signs of Jinja are templates unless they are tagged. */
export function readAnsibleYaml(text: string): unknown {
  const document = parseDocument(text, { version: '1.1', customTags: [unsafe], prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && node.tag !== '!unsafe' && /\{[{%#]/.test(node.value))
        node.value = { template: node.value } satisfies Template;
    },
  });
  return document.toJS();
}

/** YAML as everybody else reads it: the same in both versions. */
export function readPlainYaml(text: string): unknown {
  const [old, current] = (['1.1', '1.2'] as const).map((version): unknown => {
    const document = parseDocument(text, { version, prettyErrors: false });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    return document.toJS();
  });
  if (JSON.stringify(old) !== JSON.stringify(current)) throw new Error('not the same in YAML 1.1 and 1.2');
  return current;
}
