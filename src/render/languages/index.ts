import { comment } from './comment.ts';
import { hcl, hclHeredoc } from './hcl.ts';
import { codeLine, markdown, markdownCode, markdownTable } from './markdown.ts';
import { nft } from './nft.ts';
import { nftRule } from './nft-rule.ts';
import { word } from './word.ts';
import { xml } from './xml.ts';
import { yaml } from './yaml.ts';
import { yamlBlock } from './yaml-block.ts';

/** The filters that end every output of a template: each writes a value in one language, or refuses it. */
export const languages: Readonly<Record<string, (value: unknown) => string>> = {
  codeLine,
  comment,
  hcl,
  hclHeredoc,
  markdown,
  markdownCode,
  markdownTable,
  nft,
  nftRule,
  word,
  xml,
  yaml,
  yamlBlock,
};
