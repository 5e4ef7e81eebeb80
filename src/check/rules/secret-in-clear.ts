import type { Path } from '../../diagnostics/diagnostic.ts';
import { findSecret } from '../find-secret.ts';
import { freeTexts } from '../free-texts.ts';
import { defineRule } from '../rule.ts';

export const secretInClear = defineRule({
  id: 'secret-in-clear',
  severity: 'error',
  docs: {
    summary: 'a secret stands in the model',
    why: 'A model is committed and read by many, and what follows from it is copied to the inventory, the documentation and the machines. Git keeps what was committed once (git-filter-repo(1)), so a secret that stood there has to be changed. A hash of a password is found out offline (crypt(5)), a token logs in by itself.',
    help: 'Keep it in a `vault.yml` of that group or host, encrypted by ansible-vault(1), and name its variable `vault_...`. Change it wherever it is in use. Public keys, certificates, fingerprints, UUIDs and names of vault variables are no secrets and not reported.',
    fails: 'variables:\n  worker: { registry: { user: ci, password: hunter22 } }',
    passes:
      'variables:\n  worker:\n    registry: { user: ci, password: vault_registry_password, pull_secret: regcred }\n    ssh_ca: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7Oq3vH1C2m5YqG4XbT9uWk0sZlR8dNfPzE6aQhMtUv ops\n    disk: 5d3c1f0e-8a0b-4c1e-9c53-2f1d7d2a9a10\n    token_file: /etc/rancher/k3s/token',
  },
  *check(cluster) {
    for (const text of freeTexts(cluster)) {
      const { at, key } = text;
      const what = findSecret(text);
      if (what === undefined) continue;
      const isKey = text.part === 'key' || (what === 'a secret' && at.at(-1) === key);
      yield {
        at,
        ...(isKey ? { part: 'key' } : {}),
        message:
          what === 'a secret'
            ? `"${key}" looks like a secret, which has no place in a model`
            : `this holds ${what}, which has no place in a model`,
        help: helpFor(at),
      };
    }
  },
});

function helpFor([first, ...rest]: Path): string {
  if (first === 'variables')
    return 'keep it in a vault.yml of that group or host, and change it where it is in use';
  if (rest.includes('sections'))
    return 'for statistics there is `stats`; keep a userlist in a file of its own on the load balancers, such as /etc/haproxy/conf.d/users.cfg';
  return 'take it out, and change it where it is in use';
}
