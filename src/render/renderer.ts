import type { Cluster } from '../resolve/cluster.ts';

/** Plain data for a template: texts, numbers, booleans, lists and maps of them. */
export type View = Readonly<Record<string, unknown>>;

/** One file to make: what fills the names in its path, and what its template shows. */
export interface Job {
  readonly params?: Readonly<Record<string, string>>;
  readonly view: View;
}

/** One kind of artifact: its template, whose path is the path of the output, and the files made from it. */
export interface Renderer {
  readonly id: string;
  /** Path below templates/; a part in brackets is filled from the job's params. */
  readonly template: string;
  jobs(cluster: Cluster): Iterable<Job>;
}

export function defineRenderer(renderer: Renderer): Renderer {
  return renderer;
}

/** A file that is the same for every cluster. */
export function defineConstant(id: string, template: string): Renderer {
  return { id, template, jobs: () => [{ view: {} }] };
}

/** The path of a job's file: its template's without ".njk" and with the names filled in. */
export function outputPath(template: string, params: Readonly<Record<string, string>> = {}): string {
  return template.replace(/\.njk$/, '').replaceAll(/\[(\w+)\]/g, (_match, name: string) => {
    const value = params[name];
    if (value === undefined || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value)) {
      throw new Error(`${template}: "${value}" is no file name for [${name}]`);
    }
    return value;
  });
}
