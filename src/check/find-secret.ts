import type { FreeText } from './free-texts.ts';

/** Secrets that are known by their form, wherever they stand. */
const FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/],
  // crypt(5), and the schemes of LDAP (RFC 3112; slapd, userPassword).
  [
    'a password hash',
    /\$(1|2[abxy]?|5|6|7|y|gy|apr1|argon2(i|d|id)|sha1|scrypt|pbkdf2[a-z0-9-]*)\$[./A-Za-z0-9$=,+]{8,}/,
  ],
  ['a password hash', /\{(S?SHA(256|384|512)?|S?MD5|CRYPT|ARGON2|PBKDF2[A-Z0-9-]*)\}[A-Za-z0-9+/=$.]{8,}/i],
  // docs.k3s.io/cli/token: K10, the hash of the CA, and what logs in.
  ['a token of K3s', /\bK10[0-9a-f]{8,}::\S+/],
  // kubeadm's bootstrap tokens (cmd/kubeadm/app/apis/bootstraptoken).
  ['a bootstrap token', /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]*\d[a-z]*\d)[a-z0-9]{16}(?![\w.:/-])/],
  ['a JSON Web Token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/],
  ['a token of GitHub', /\b(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,})/],
  ['a token of GitLab', /\bglpat-[\w-]{16,}/],
  ['a token of Slack', /\bxox[abeoprs]-[\w-]{10,}/],
  ['a token of Vault', /\bhvs\.[\w-]{20,}/],
  ['an access key of AWS', /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a password', /(?<![\w.:-])12345678(?![\w.:-])/],
];

/** Words that a secret follows, in the languages that people write word for word. */
const ASSIGNMENTS: readonly RegExp[] = [
  /\b(?:pass(?:word|wd|phrase)?|auth_?pass|secret|token|api_?key)=["']?([^\s"',;&]{4,})/i,
  // In prose a colon is followed by words: only what has a digit among letters looks like a secret there.
  /\b(?:password|passwd|passphrase|token|api_?key): *["']?(?=\S*\d)(?=\S*[a-z])([^\s"',;&]{8,})/i,
  /\bauth_?pass:? +["']?(?=\S*\d)([^\s"']+)/i,
  /\binsecure-password +(\S+)/,
  /^stats +auth +[^\s:]+:(\S+)/,
  /^user +\S+ +password +(\S+)/,
  /:\/\/[^\s/:@]*:([^\s/@]+)@/,
];

/** Keys whose values are secrets. Of a Secret of Kubernetes the key is mostly `tls_secret` or `pull_secret`: that is its name. */
const KEY =
  /(^|[_-])(pass|password|passwd|passphrase|auth_?pass|(?<!(tls|pull)_)secret|secret_key|token|private_?key|api_?key)$/;

/** What stands for a secret that is kept elsewhere: variables, files, and what is left open. */
const STANDS_FOR_ONE =
  /^(vault_[a-z0-9_]+$|[~.]?\/|[$%]?[{(<[]|\$\w|\*+$|x+$|\.+$|(true|false|yes|no|none|null)$)/i;

/** What a text holds that must be kept secret, in a word or two. */
export function findSecret({ text, key = '', isNumber = false }: FreeText): string | undefined {
  // A number is a password where the key says so, and else how many or how long.
  if (isNumber) return isSecretKey(key) && /pass/i.test(key) ? 'a secret' : undefined;
  const [known] = FORMS.find(([, form]) => form.test(text)) ?? [];
  if (known !== undefined) return known;
  const assigned = ASSIGNMENTS.flatMap((form) => form.exec(text)?.[1] ?? []);
  if (assigned.some((value) => !STANDS_FOR_ONE.test(value))) return 'a password';
  return isSecretKey(key) && !STANDS_FOR_ONE.test(text) ? 'a secret' : undefined;
}

function isSecretKey(key: string): boolean {
  return KEY.test(key.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());
}
