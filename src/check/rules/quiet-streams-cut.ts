import { millisecondsOf } from '../duration.ts';
import { defineRule } from '../rule.ts';

/** The API server keeps a watch open for at least this long (kube-apiserver, --min-request-timeout). */
const WATCH = 30 * 60_000;

export const quietStreamsCut = defineRule({
  id: 'quiet-streams-cut',
  severity: 'warning',
  docs: {
    summary: 'streams through HAProxy are cut while they may still be quiet',
    why: 'Between two bytes of a watch, of `kubectl exec` or of `kubectl logs -f` can be a long silence. The API server keeps a watch for half an hour at least ([--min-request-timeout](https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/)), and the kubelet an idle stream for four hours (streamingConnectionIdleTimeout). In TCP mode `timeout tunnel` replaces `timeout client` and `timeout server` as soon as a connection stands (HAProxy, configuration manual), so it alone decides: measured, a quiet stream ended with it, and not with the others.',
    help: 'Say `tunnelTimeout: 4h`, which is the default, or half an hour at least. `idleTimeout` may be short: no stream that stands ends by it.',
    fails: 'loadBalancing:\n  haproxy: { tunnelTimeout: 5m }',
    passes: 'loadBalancing:\n  haproxy: { idleTimeout: 10s, tunnelTimeout: 30m }',
  },
  *check({ haproxy: { tunnelTimeout } }) {
    if (millisecondsOf(tunnelTimeout) >= WATCH) return;
    yield {
      at: ['loadBalancing', 'haproxy', 'tunnelTimeout'],
      message: `a stream that is quiet for ${tunnelTimeout} is cut, and the API server keeps a quiet watch for 30m and longer`,
      help: 'say `tunnelTimeout: 4h`, or leave it out',
    };
  },
});
