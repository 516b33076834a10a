// flags: --module
import { count, nothing } from './_lib/counter.mjs'; // expect throw: SyntaxError: the module './_lib/counter.mjs' has no export named 'nothing'
