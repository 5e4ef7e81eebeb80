import type { Cluster } from '../../resolve/cluster.ts';

/** A variable that the model names and people keep in a vault. */
interface Secret {
  readonly variable: string;
  /** The Ansible group whose vault it belongs to. */
  readonly group: 'masters' | 'vip_members';
  readonly what: string;
}

/** The passwords that the tree needs and does not hold. */
export function secretsOf({ keepalived, haproxy, kubernetes }: Cluster): Secret[] {
  return [
    ...secret(keepalived.authPass, 'vip_members', 'the VRRP password, one to eight letters and digits'),
    ...secret(haproxy.stats?.password, 'vip_members', 'of the statistics page, eight characters at least'),
    ...secret(
      kubernetes.datastore?.login?.password,
      'masters',
      'the one that K3s logs in to its datastore with',
    ),
  ];
}

function secret(variable: string | undefined, group: Secret['group'], what: string): Secret[] {
  return variable === undefined ? [] : [{ variable, group, what }];
}
