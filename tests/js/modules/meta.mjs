// import.meta.
import { meta, url } from './_lib/meta.mjs';
print(import.meta === import.meta, import.meta === meta, Object.getPrototypeOf(meta)); // expect: true false null
print(import.meta.url.startsWith('file:///'), import.meta.url.endsWith('/modules/meta.mjs')); // expect: true true
print(url === import.meta.url.replace('/meta.mjs', '/_lib/meta.mjs')); // expect: true
print(import.meta.filename.endsWith('/modules/meta.mjs'), meta.dirname === import.meta.dirname + '/_lib'); // expect: true true
print(import.meta.resolve('./x y%.js').endsWith('/modules/x%20y%25.js')); // expect: true
print((() => import.meta)() === import.meta); // expect: true
