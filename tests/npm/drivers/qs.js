import qs from "qs";

for (const s of ["a=1&b=2&a=3", "a[b][c]=d&a[e]=f", "a[]=1&a[]=2&b[1]=x&b[0]=y", "a.b=c&a%5Bd%5D=%C3%A9+x", "a&b=&=c", "a[b]=1&a=2", "a[100]=x", "__proto__[x]=1&a[hasOwnProperty]=2", "?q=%zz", "a=1;b=2"])
	for (const o of [{}, { allowDots: true, strictNullHandling: true, ignoreQueryPrefix: true }, { depth: 1, comma: true, delimiter: /[;&]/, arrayLimit: 200, plainObjects: true }])
		console.log(JSON.stringify(qs.parse(s, o)));
const v = { a: [1, 2, { b: null }], c: { d: undefined, e: "é &=", f: new Date(0) }, g: "", h: true, i: [] };
for (const o of [{}, { arrayFormat: "brackets" }, { arrayFormat: "repeat", encodeValuesOnly: true }, { arrayFormat: "comma" }, { skipNulls: true, allowDots: true, addQueryPrefix: true }, { encode: false, sort: (a, b) => (a < b ? 1 : -1), strictNullHandling: true }, { format: "RFC1738", filter: ["c", "e"] }, { charset: "iso-8859-1", charsetSentinel: true }])
	console.log(qs.stringify(v, o));
const cyc = {};
cyc.a = cyc;
try {
	qs.stringify(cyc);
} catch (e) {
	console.log(e.name, e.message);
}
