// TextEncoder and TextDecoder: the same under `zigttp run` and under Node.
const out = [], enc = new TextEncoder();
const t = (f) => { try { return JSON.stringify(f()); } catch (e) { return e.name; } };
const d = (bytes, label, o) => t(() => new TextDecoder(label, o).decode(new Uint8Array(bytes)));
for (const s of ["", "abc", "é", "€", "😀", "\ud800", "a\udc00b", "\ufeffx"]) out.push(enc.encode(s).join());
out.push(enc.encoding, enc.encode().length, enc.encode(undefined).length, enc.encode(null).join());
const cases = [[], [0x61], [0xc3, 0xa9], [0xc3], [0xc0, 0x80], [0xe2, 0x82], [0xe2, 0x82, 0x41], [0xf0, 0x9f, 0x98, 0x80], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xff, 0xfe], [0xef, 0xbb, 0xbf, 0x61], [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], [0xef, 0xbf, 0xbd], [0xf4, 0x90, 0x80, 0x80], [0xfe, 0xff, 0, 0x61], [0xff, 0xfe, 0x61, 0], [0x3d, 0xd8, 0, 0xde], [0x3d, 0xd8], [0x3d, 0xd8, 0x61, 0], [0x61]];
for (const c of cases) {
  for (const l of ["utf-8", "utf-16le"]) out.push(d(c, l), d(c, l, { fatal: true }), d(c, l, { ignoreBOM: true }));
  if (c.length) for (let i = 1; i < c.length; i++) for (const l of ["utf-8", "utf-16le"]) out.push(t(() => { const x = new TextDecoder(l); return [x.decode(new Uint8Array(c.slice(0, i)), { stream: true }), x.decode(new Uint8Array(c.slice(i)), { stream: true }), x.decode()]; }));
}
for (const l of ["UTF8", " utf-8\n", "unicode-1-1-utf-8", "utf-16", "none", ""]) out.push(t(() => new TextDecoder(l).encoding));
out.push(t(() => new TextDecoder().decode(new Uint8Array([65, 66, 67]).subarray(1))), t(() => new TextDecoder().decode(new Uint8Array([65, 66]).buffer)), t(() => new TextDecoder().decode(new DataView(new Uint8Array([65, 66]).buffer, 1))));
out.push(t(() => new TextDecoder().decode("x")), t(() => new TextDecoder("utf-8", { fatal: true }).fatal), t(() => new TextDecoder().ignoreBOM), t(() => TextDecoder()), Object.prototype.toString.call(enc));
console.log(out.join("\n"));
