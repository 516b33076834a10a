// Bare specifiers: package.json's exports, module and main, subpaths, CommonJS.
const { results } = await import('./_lib/packages.mjs');
for (const r of results) print(r);
// expect: esm import condition
// expect: esm sub
// expect: legacy main
// expect: field module
// expect: scoped
// expect: pattern one
// expect: pattern deep/two
// expect: inside
// expect: self esm import condition
// expect: TypeError: Cannot import 'esm/hidden.js': package 'esm' does not export './hidden.js' for the conditions zigttp, worker, import, default (CommonJS is not supported)
// expect: TypeError: Cannot import 'cjs': it is a CommonJS module (no import or export), which is not supported; use a package that has ES modules
// expect: TypeError: Cannot import 'nowhere': there is no package 'nowhere' in node_modules here or above; install it: npm install nowhere
// expect: TypeError: Cannot import 'patterns/lib/secret.js': package 'patterns' does not export './lib/secret.js' for the conditions zigttp, worker, import, default (CommonJS is not supported)
