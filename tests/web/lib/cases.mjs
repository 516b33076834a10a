// cases.mjs: cases that run one after the other and print what they log; the tests in
// this folder that need promises import it.
const cases = [], lines = [];
const show = (x) => x instanceof Error ? x.name : typeof x === 'string' ? x
	: JSON.stringify(x, (k, v) => v === undefined ? 'undefined' : ArrayBuffer.isView(v) ? `${v.constructor.name}(${[...new Uint8Array(v.buffer, v.byteOffset, v.byteLength)]})` : v);

export const test = (name, fn) => cases.push([name, fn]);
export const log = (...a) => lines.push('  ' + a.map(show).join(' '));
export const fails = async (p) => { try { log('no error', await p); } catch (e) { log('rejected', e); } };
export const throws = (f) => { try { log('no error', f()); } catch (e) { log('threw', e); } };
export const tick = async (n = 20) => { for (let i = 0; i < n; i++) await null; };
// The members of a class's prototype.
export const shape = (C) => {
	log(C.name, C.length, Object.prototype.toString.call(C.prototype));
	for (const [k, d] of Object.entries(Object.getOwnPropertyDescriptors(C.prototype)).sort())
		log(k, d.enumerable, d.configurable, d.value?.name, d.get?.name);
};
export const run = async () => {
	for (const [name, fn] of cases) {
		lines.push(name);
		try { await fn(); } catch (e) { log('FAILED', e, String(e?.message)); }
	}
	console.log(lines.join('\n'));
};
