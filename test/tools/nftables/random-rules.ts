import fc from 'fast-check';

const NAMES = ['"br0"', 'br0', '"virbr_kube"', '"enp9s0"', '"enp4s0f1"', '"virbr*"', '"enp*"', '"lo"'];
const ADDRESSES = [
  ...['10.17.4.21', '10.17.4.22', '192.168.0.50', '203.0.113.9', '10.17.4.0/24', '192.168.0.0/24'],
  ...['10.17.4.16/29', '10.17.4.22-10.17.4.60', '192.168.0.50-192.168.0.51', '0.0.0.0/1'],
];
const PORTS = [
  ...['22', '53', '80', '6443', '2379', 'ssh', 'domain', 'http', 'https', 'ntp'],
  ...['1-1023', '6000-7000', '30000-32767', '32768-60999'],
];
const PROTOCOLS = ['tcp', 'udp', 'icmp', 'vrrp', '17', '112'];
const STATES = ['new', 'established', 'related', 'invalid'];

const operator = fc.constantFrom('', '', '', '!= ', '== ');
/** One value of a list, or a set of values that lie apart. */
const oneOrSet = (...values: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    fc
      .uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })
      .map((some) => `{ ${some.join(', ')} }`),
  );
const match = (selectors: readonly string[], values: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.constantFrom(...selectors), operator, values)
    .map((words) => words.join(' ').replaceAll(/ +/g, ' '));

const anywhere = fc.oneof(
  match(['iifname', 'oifname', 'meta iifname', 'meta oifname'], oneOrSet(...NAMES)),
  match(['iif', 'oif', 'meta iif', 'meta oif'], oneOrSet('br0', '"enp9s0"', '"enp4s0f1"')),
  match(
    ['ct state'],
    fc.oneof(
      oneOrSet(...STATES),
      fc.subarray(STATES, { minLength: 1 }).map((some) => some.join(',')),
    ),
  ),
  match(['meta nfproto'], fc.constantFrom('ipv4', 'ipv6')),
);
const addresses = match(['ip saddr', 'ip daddr'], oneOrSet(...ADDRESSES));
const ports = oneOrSet(...PORTS);
const compared = fc
  .tuple(fc.constantFrom('<', '>', '<=', '>='), fc.constantFrom('53', '1024', '6443'))
  .map((words) => words.join(' '));
/** What can be asked about a protocol in one rule: nft refuses two of them that exclude each other. */
const transport = fc.oneof(
  match(['tcp dport', 'tcp sport', 'udp dport', 'udp sport', 'th dport', 'th sport'], ports),
  fc.tuple(fc.constantFrom('tcp dport', 'udp sport', 'th dport'), compared).map((words) => words.join(' ')),
  match(['meta l4proto', 'ip protocol'], oneOrSet(...PROTOCOLS)),
  fc
    .tuple(fc.constantFrom('meta l4proto { tcp, udp }', 'ip protocol { 17, tcp }'), ports)
    .map(([set, port]) => `${set} th dport ${port}`),
  match(['icmp type'], oneOrSet('echo-request', 'echo-reply', '8', 'redirect', '3-5')),
);
/** What is not understood: in the middle of a rule, and at its end. */
const strange = fc.constantFrom(
  ...[
    'limit rate 1000/second burst 1000 packets',
    'limit rate over 1000/second burst 1000 packets',
    'meta mark 0',
    'meta mark set 1',
  ],
  ...[
    'ct direction original',
    'fib daddr type unicast',
    'ip ttl > 3',
    'ip ttl < 3',
    'ether type ip',
    'ct mark != 0',
  ],
  ...[
    'ip saddr . ip daddr { 192.168.0.50 . 10.17.4.21, 10.17.4.21 . 203.0.113.9 }',
    'ip saddr & 0.0.0.1 == 0.0.0.0',
  ],
  ...[
    'iifname . oifname { "br0" . "virbr_kube", "enp9s0" . "br0" }',
    'ip daddr 10.17.4.20 - 10.17.4.22',
    'ip version 4',
  ],
  ...['meta pkttype host', 'meta length > 30', 'ct state ! new', 'log flags all'],
);
const ipv6 = fc.constantFrom('ip6 saddr fe80::/10', 'icmpv6 type echo-request', 'ip6 nexthdr tcp');
const note = fc.constantFrom(
  'counter',
  'counter packets 1 bytes 2',
  'log prefix "drop accept" level info',
  'log',
  'counter log',
);
const verdict = fc.constantFrom(
  ...[
    'drop',
    'drop',
    'drop',
    'accept',
    'accept',
    'return',
    'continue',
    '',
    'reject',
    'reject with icmpx admin-prohibited',
  ],
);

/** Words in random order, the verdict at their end. */
const ruleOf = (parts: readonly fc.Arbitrary<readonly string[]>[], end: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc
        .tuple(...parts)
        .chain((words) => fc.shuffledSubarray(words.flat(), { minLength: words.flat().length })),
      end,
    )
    .map(([words, last]) => [...words, last].join(' ').trim() || 'accept');
const some = (one: fc.Arbitrary<string>, most: number) => fc.array(one, { maxLength: most });

/** nft refuses a rule for packets of both versions of IP. */
const OF_IPV4 = /nfproto (== )?ipv4|\bip (saddr|daddr|protocol|ttl|version)|icmp type|ether type ip/;
const OF_IPV6 = /nfproto (== )?ipv6|ip6|icmpv6/;

/** Rules that nft takes: of what is understood, with something that is not, about IPv6, and with answers of one protocol. */
export const randomRule: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 8,
      arbitrary: ruleOf([some(anywhere, 1), some(addresses, 2), some(transport, 1), some(note, 1)], verdict),
    },
    {
      weight: 2,
      arbitrary: ruleOf([some(anywhere, 1), some(addresses, 1), strange.map((one) => [one])], verdict),
    },
    ruleOf([some(anywhere, 1), ipv6.map((one) => [one])], verdict),
    ruleOf(
      [some(anywhere, 1), some(addresses, 1)],
      fc.constantFrom('reject with tcp reset', 'reject with icmp type host-unreachable'),
    ),
    ruleOf(
      [some(anywhere, 1)],
      fc.constantFrom(
        'reject with icmpv6 type admin-prohibited',
        'tcp dport vmap { 22 : drop, 80 : accept }',
      ),
    ),
  )
  .filter((rule) => !(OF_IPV4.test(rule) && OF_IPV6.test(rule)));
