// flags: --module
// TypeScript's habits of naming files: without an ending, or by the name of what it would be compiled to.
import { a } from './_lib/plain';
import { a as b } from './_lib/plain.js';
import { a as c } from './_lib/folder';
import { a as d } from './_lib/view.jsx';
print(a, b, c, d);   // expect: plain plain folder view
import('./_lib/plain.mjs').catch((e) => print(e.message.replace(/\/.*\//, '')));   // expect: Cannot import '.plain.mjs; did you mean 'plain.ts'?
