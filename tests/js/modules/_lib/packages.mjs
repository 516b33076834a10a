import esm, { self } from 'esm';
import sub from 'esm/sub';
import legacy from 'legacy';
import field from 'field';
import scoped from '@scope/pkg';
import one from 'patterns/one';
import two from 'patterns/deep/two';
import inside from 'legacy/inside.js';
export const results = [esm, sub, legacy, field, scoped, one, two, inside, self];
for (const s of ['esm/hidden.js', 'cjs', 'nowhere', 'patterns/lib/secret.js'])
	await import(s).then(() => results.push('imported ' + s), (e) => results.push(e.name + ': ' + e.message));
