/** A line of a ruleset: words, and texts in quotes, which can be nothing else. */
export type NftLine = readonly (string | { readonly text: string } | { readonly comment: string })[];

/** The lines of an nft script (nft(8), LEXICAL CONVENTIONS): no escapes, a comment ends with its line. */
export function readNft(script: string): NftLine[] {
  return script
    .split('\n')
    .map((line) =>
      [...line.matchAll(/"([^"]*)"|#(.*)$|([^\s"#,;{}]+|[,;{}])|(\S)/g)].map(
        ([, text, comment, word, other]) => {
          if (other !== undefined) throw new Error(`no nft: ${line}`);
          if (text !== undefined) return { text };
          return comment !== undefined ? { comment: comment.trim() } : (word ?? '');
        },
      ),
    )
    .filter((line) => line.length > 0);
}
