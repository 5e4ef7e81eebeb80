import type { Cluster } from '../../resolve/cluster.ts';

/** A variable that the model names and people keep in a vault, and what has to be in it. */
interface Secret {
  readonly variable: string;
  readonly what: string;
}

/** The passwords that the load balancers need. */
export function loadBalancerSecrets({ keepalived, haproxy }: Cluster): Secret[] {
  const secrets = [
    { variable: keepalived.authPass, what: 'the VRRP password, one to eight letters and digits' },
    {
      variable: haproxy.stats?.password,
      what: 'the password of the statistics page, eight characters at least',
    },
  ];
  return secrets.flatMap(({ variable, what }) => (variable === undefined ? [] : { variable, what }));
}
