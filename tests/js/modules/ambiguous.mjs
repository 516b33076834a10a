import { both } from './_lib/reexport.mjs'; // expect throw: SyntaxError: the module './_lib/reexport.mjs' exports several bindings named 'both' through `export *`
