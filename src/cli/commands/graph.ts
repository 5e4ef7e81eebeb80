import { locateDiagnostics } from '../../diagnostics/located.ts';
import { compileModel, renderCluster, renderWay } from '../../pipeline.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import type { Topology } from '../../topology/topology.ts';
import type { Way } from '../../topology/way.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { report } from '../report.ts';

export interface GraphOptions {
  readonly model: string;
  readonly as: 'svg' | 'mermaid' | 'dot';
  /** The ends of a connection whose way is shown. */
  readonly reach?: readonly string[];
}

/** Prints a drawing of the model's cluster: the picture of the output tree, or source for a tool that draws. */
export async function graph(options: GraphOptions, console: Console): Promise<ExitCode> {
  const compilation = compileModel(options.model);
  const diagnostics = locateDiagnostics(compilation.diagnostics, compilation);
  if (compilation.cluster === undefined) return report(diagnostics, console);
  const way = await wayIn(compilation.cluster, options);
  if (way !== undefined && 'problem' in way) {
    console.error(`gen-infra: ${way.problem}\n`);
    return EXIT.usage;
  }
  console.result(await draw(compilation.cluster, options, way));
  return console.format === 'pretty' ? report(diagnostics, console) : EXIT.ok;
}

async function wayIn(
  cluster: Cluster,
  { reach: ends }: GraphOptions,
): Promise<Way | { readonly problem: string } | undefined> {
  if (ends === undefined) return undefined;
  const [from, to, ...others] = ends;
  if (from === undefined || to === undefined || others.length > 0)
    return { problem: 'say two ends: --reach FROM TO' };
  const { questionOf } = await import('../../reach/ends.ts');
  const question = questionOf(cluster, from, to);
  if ('problem' in question) return question;
  const { reach } = await import('../../reach/reach.ts');
  const { wayOf } = await import('../../topology/way.ts');
  return wayOf(question, reach(cluster, question));
}

async function draw(cluster: Cluster, { as, model }: GraphOptions, way: Way | undefined): Promise<string> {
  if (as === 'svg' && way !== undefined) return renderWay(cluster, model, way);
  if (as === 'svg') {
    const pictures = await renderCluster(cluster, model, 'topology');
    return pictures.map(({ content }) => content).join('');
  }
  const topology = await topologyOf(cluster, way);
  if (as === 'dot') return (await import('../../topology/to-dot.ts')).toDot(topology);
  return (await import('../../topology/to-mermaid.ts')).toMermaid(topology);
}

async function topologyOf(cluster: Cluster, way: Way | undefined): Promise<Topology> {
  const { buildTopology } = await import('../../topology/build-topology.ts');
  const { withWay } = await import('../../topology/way.ts');
  const topology = buildTopology(cluster);
  return way === undefined ? topology : withWay(topology, way);
}
