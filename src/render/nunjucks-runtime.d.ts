declare module 'nunjucks/src/runtime.js' {
  /** The part of nunjucks' runtime that compiled templates get; @types/nunjucks has none of it. */
  const runtime: {
    readonly Frame: new () => unknown;
    readonly [helper: string]: unknown;
  };
  export default runtime;
}
