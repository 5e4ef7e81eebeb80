import { Document, isCollection, type Node, YAMLMap, YAMLSeq } from 'yaml';
import type { Cluster, Flow } from '../resolve/cluster.ts';
import { nameOf } from '../resolve/name-of.ts';
import { Noted, toModel } from '../resolve/to-model.ts';
import type { Model } from '../validate/model.ts';

/** The whole model as YAML: everything that follows from it stands there too, marked as a default. */
export function formatResolved(cluster: Cluster, model: Model): string {
  const document = new Document<Node>();
  document.contents = toNode(document, toModel(cluster, model));
  document.comment = [
    ' Besides firewall.flows, what the cluster needs may pass:',
    ...cluster.flows.flatMap(flowLine),
  ].join('\n');
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function toNode(document: Document<Node>, value: unknown): Node {
  if (value instanceof Noted) {
    const node = toNode(document, value.value);
    node.comment = ` ${value.note}`;
    return node;
  }
  if (Array.isArray(value) && !isFlat(value)) {
    const list = new YAMLSeq<Node>();
    for (const item of value) list.add(toNode(document, item));
    return list;
  }
  if (Array.isArray(value) || value === null || typeof value !== 'object') {
    const node = document.createNode(value);
    if (isCollection(node)) node.flow = isFlat(value);
    return node;
  }
  const map = new YAMLMap<string, Node>();
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) map.set(key, toNode(document, inner));
  }
  return map;
}

function isFlat(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object');
}

function flowLine({ from, to, ports, reason, origin }: Flow): string[] {
  if (origin !== undefined) return [];
  const what = ports.length === 0 ? 'everything' : ports.join(', ');
  return [`   ${from.map(nameOf).join(', ')} -> ${to.map(nameOf).join(', ')}: ${what} (${reason})`];
}
