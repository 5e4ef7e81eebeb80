declare module 'nunjucks' {
  /** A node of a parsed template. Fields differ by type; nunjucks has no types of its own. */
  interface TemplateNode {
    readonly typename: string;
    readonly lineno: number;
    readonly fields: readonly string[];
    readonly [field: string]: unknown;
  }
  /** The parts of nunjucks that compile templates and take them apart. */
  const nunjucks: {
    readonly parser: { parse(source: string, extensions: readonly [], options: object): TemplateNode };
    readonly Environment: new (loaders: readonly [], options: object) => unknown;
    precompileString(
      source: string,
      options: {
        readonly name: string;
        readonly env: unknown;
        readonly wrapper: (templates: readonly { readonly template: string }[]) => string;
      },
    ): string;
  };

  export type { TemplateNode };
  export default nunjucks;
}
