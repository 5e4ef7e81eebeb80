import { describe, expect, it } from 'vitest';
import { clusterOf, reference, reversed, smallest } from '../../test/support/resolved.ts';
import type { Model } from '../validate/model.ts';
import { buildTopology } from './build-topology.ts';
import { toMermaid } from './to-mermaid.ts';

function mermaidOf(model: Model): string {
  return toMermaid(buildTopology(clusterOf(model)));
}

function withComment(comment: string): Model {
  return { ...smallest, firewall: { flows: [{ from: 'lan', to: 'worker', ports: [80], comment }] } };
}

describe('the Mermaid form', () => {
  it('of the smallest cluster is this', () => {
    expect(mermaidOf(smallest)).toBe(`flowchart TB
  n0(["internet"])
  subgraph n1["kvm1 192.168.0.40 rocky9"]
    n2[["virbr_kube libvirt#39;s bridge 10.17.4.1"]]
    subgraph n3["kube 10.17.4.0/24"]
      direction TB
      n4["master1<br/>10.17.4.21<br/>master"]
      n5["worker1<br/>10.17.4.24<br/>worker"]
    end
    n2 --- n3
    n6[["br0 Linux bridge 192.168.0.40"]]
    subgraph n7["lan 192.168.0.0/24"]
      direction TB
      n8["lb1<br/>192.168.0.50<br/>load-balancer"]
      n9["lb2<br/>192.168.0.51<br/>load-balancer"]
      n10{{"VIP api<br/>192.168.0.55<br/>:6443 to master"}}
      n10 -.- n8
      n10 -.- n9
    end
    n6 --- n7
  end
  n11["router 192.168.0.1<br/>no way back"]
  n0 --- n11
  n11 ---|"enp4s0f1"| n6
  n12[/"6443 api to its backends"/]
  n7 ==> n12
  n12 ==> n3
  n13[/"6443 Kubernetes API at its VIP"/]
  n3 ==> n13
  n13 ==> n7
  n14[/"all ports egress"/]
  n3 ==> n14
  n14 ==> n0
`);
  });

  it.each([
    ['<b>x</b> & "y"'.replaceAll('"', "'"), '#60;b#62;x#60;/b#62; #38; #39;y#39;'],
    ['#quot; ; end', '#35;quot#59; #59; end'],
    ['`code` *bold* __more__', '#96;code#96; #42;bold#42; #95;_more#95;_'],
    ['$$x$$', '#36;#8203;#36;x#36;#8203;#36;'],
    ['a | b ] c }', 'a #124; b #93; c #125;'],
    ['日本語', '日本語'],
  ])('has %s as text', (comment, escaped) => {
    expect(mermaidOf(withComment(comment))).toContain(`80 ${escaped}"/]`);
  });

  it('has every name of the reference, whatever the order of keys', () => {
    const text = mermaidOf(reference);
    const names = ['nodes', 'networks', 'vips'].flatMap((key) =>
      Object.keys(reference[key as 'nodes' | 'networks' | 'vips']),
    );
    expect(names.filter((name) => !new RegExp(`["> ]${name}[ <"]`).test(text))).toEqual([]);
    expect(mermaidOf(reversed(reference))).toBe(text);
  });
});
