import type { Severity } from './diagnostic.ts';

/** A kind of finding that no rule makes: about the file, its YAML, its shape, or the output. */
export interface Code {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
}

const ERRORS: Readonly<Record<string, string>> = {
  'duplicate-name': 'two things that share one set of names have the same one',
  'duplicate-port': 'two services of a load balancer would listen on one port',
  'file-characters': 'the file has a character that YAML does not allow or nobody can see',
  'file-encoding': 'the file is not UTF-8',
  'missing-key': 'something has to be said that is not',
  'output-conflict': 'a build would overwrite a file that somebody wrote or changed',
  'output-stale': 'the output is not what the model says; `gen-infra build` brings it there',
  'unknown-key': 'a key that the schema does not know, often misspelt or in the wrong place',
  'unknown-name': 'a name that nothing in the model has, or something of another kind',
  unreachable: 'what keeps a connection from its way, asked for with `gen-infra reach`',
  'wrong-name': 'a name that cannot be one, such as with capitals',
  'wrong-place': 'a key that means nothing beside what else is said',
  'wrong-type': 'a map, list, text, number or boolean where another of these belongs',
  'wrong-value': 'a value of the right type that is none of those that are allowed',
  'yaml-alias': 'an alias of nothing, or of itself',
  'yaml-documents': 'more than one document in the file',
  'yaml-duplicate-key': 'a key that stands twice in one map, of which one would be lost',
  'yaml-empty': 'a file with nothing in it',
  'yaml-key': 'a key that is no text',
  'yaml-limit': 'a file that is larger, deeper or has more aliases than a model needs',
  'yaml-number': 'a number that cannot be represented',
  'yaml-syntax': 'text that is not YAML',
  'yaml-tag': 'a tag of YAML, of which a model needs none',
  'yaml-text': 'a text that no file can hold',
  'yaml-version': 'a version of YAML that reads some words otherwise',
};

const WARNINGS: Readonly<Record<string, string>> = {
  'network-made-anew': 'a build changes a network in a way that Terraform cannot bring about in place',
  'network-removed': 'a network of an earlier build is no longer in the output, or no longer where it was',
  'output-kept': 'a file of an earlier build that somebody changed, and that is left where it is',
  'output-manifest': 'the manifest of earlier builds cannot be read',
  'output-overwritten': 'a file that somebody changed, and that --force overwrote',
  'rule-not-judged': 'a rule of your own that may decide otherwise than `gen-infra reach` says',
  'waiver-unused': 'a waiver for which nothing is to be waived',
};

const of = (severity: Severity, texts: Readonly<Record<string, string>>): Code[] =>
  Object.entries(texts).map(([id, summary]) => ({ id, severity, summary }));

export const codes: readonly Code[] = [...of('error', ERRORS), ...of('warning', WARNINGS)];
