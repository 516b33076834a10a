// Top-level await: importers wait, siblings do not, in the order of the graph.
import { log } from './_lib/log.mjs';
import './_lib/wait_a.mjs';
import './_lib/wait_b.mjs';
import './_lib/sync_c.mjs';
print(log.join(' '));       // expect: a1 b1 c b2 a2
const r = await Promise.allSettled([import('./_lib/wait_fails.mjs'), import('./_lib/wait_fails.mjs'), import('./_lib/needs_failing.mjs')]);
print(r.map((x) => x.status + ' ' + x.reason.message).join()); // expect: rejected failed,rejected failed,rejected failed
print(r[0].reason === r[2].reason, log.at(-1)); // expect: true before failing
