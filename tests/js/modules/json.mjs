// JSON modules.
import data, { default as again } from './_lib/data.json' with { type: 'json' };
import { default as third } from './_lib/data.json' with { 'type': 'json' };
print(data.name, data.list.length, data === again, data === third); // expect: data 3 true true
const m = await import('./_lib/data.json', { with: { type: 'json' } });
print(m.default === data, Object.keys(m).join());                // expect: true default
const fail = async (f) => { try { await f(); } catch (e) { print(e.name + ': ' + e.message.replace('./_lib/', '').replace(/ after .*\(.*\//, " (")); } };
await fail(() => import('./_lib/data.json'));                     // expect: TypeError: Cannot import 'data.json': it is JSON: import it with { type: "json" }
await fail(() => import('./_lib/counter.mjs', { with: { type: 'json' } })); // expect: TypeError: Cannot import 'counter.mjs': it is not a JSON file
await fail(() => import('./_lib/data.json', { with: { type: 'css' } })); // expect: TypeError: Modules of type 'css' are not known
await fail(() => import('./_lib/data.json', { with: { kind: 'x' } })); // expect: TypeError: The import attribute 'kind' is not supported
await fail(() => import('./_lib/broken.json', { with: { type: 'json' } })); // expect: SyntaxError: Expected ',' or '}' (broken.json)
