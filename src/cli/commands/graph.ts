import { locateDiagnostics } from '../../diagnostics/located.ts';
import { compileModel, renderCluster } from '../../pipeline.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { report } from '../report.ts';

export interface GraphOptions {
  readonly model: string;
  readonly as: 'svg' | 'mermaid' | 'dot';
}

/** Prints a drawing of the model's cluster: the picture of the output tree, or source for a tool that draws. */
export async function graph(options: GraphOptions, console: Console): Promise<ExitCode> {
  const compilation = compileModel(options.model);
  const diagnostics = locateDiagnostics(compilation.diagnostics, compilation);
  if (compilation.cluster === undefined) return report(diagnostics, console);
  console.result(await draw(compilation.cluster, options));
  return console.format === 'pretty' ? report(diagnostics, console) : EXIT.ok;
}

async function draw(cluster: Cluster, { as, model }: GraphOptions): Promise<string> {
  if (as === 'svg') {
    const pictures = await renderCluster(cluster, model, 'topology');
    return pictures.map(({ content }) => content).join('');
  }
  const { buildTopology } = await import('../../topology/build-topology.ts');
  const topology = buildTopology(cluster);
  if (as === 'dot') return (await import('../../topology/to-dot.ts')).toDot(topology);
  return (await import('../../topology/to-mermaid.ts')).toMermaid(topology);
}
