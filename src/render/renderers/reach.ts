import { matrixOf } from '../../reach/matrix.ts';
import { type ReachTable, reachTable } from '../../reach/table.ts';
import { worldOf } from '../../reach/world.ts';
import { oncePerCluster } from '../../resolve/once-per-cluster.ts';
import { drawReach } from '../../topology/picture/draw-reach.ts';
import { defineRenderer } from '../renderer.ts';
import { looks } from './topology.ts';

/** Who reaches what, for the picture and for the README. */
export const tableOf = oncePerCluster((cluster): ReachTable =>
  reachTable(cluster, matrixOf(worldOf(cluster))),
);

export const reach = defineRenderer({
  id: 'reach',
  template: 'reach.svg.njk',
  *jobs(cluster) {
    const table = tableOf(cluster);
    const title = `What reaches what in ${cluster.name}`;
    yield { view: { title, description: describe(table), ...drawReach(title, table), looks } };
  },
});

/** The picture in words, for those who do not see it. */
function describe({ columns, rows, notes }: ReachTable): string {
  const sentences = rows.map(({ asker, outcomes }) => {
    const cells = outcomes.map(({ text }, column) => `${columns[column]?.text}: ${text}`);
    return `${asker}: ${cells.join('; ')}.`;
  });
  return [...sentences, ...notes.map(({ text }, index) => `${index + 1}: ${text}.`)].join(' ');
}
