import * as devalue from "devalue";

const cyclic = { name: "c", list: [1, , 3], when: new Date(0), big: 12345678901234567890n };
cyclic.self = cyclic;
cyclic.map = new Map([[cyclic, new Set([1, "x", NaN, -0, undefined])], ["k", /a+/gi]]);
cyclic.bytes = new Uint8Array([1, 2, 255]);
cyclic.none = Object.assign(Object.create(null), { a: "</script>\u2028", b: Infinity });
console.log(devalue.stringify(cyclic));
console.log(devalue.uneval(cyclic));
const back = devalue.parse(devalue.stringify(cyclic));
console.log(back.self === back, [...back.map.keys()][0] === back, back.when.toISOString(), 1 in back.list, Object.is([...[...back.map.values()][0]][3], -0));
class V { constructor(x) { this.x = x; } }
console.log(devalue.parse(devalue.stringify([new V(4)], { V: (v) => v instanceof V && v.x }), { V: (x) => new V(x) })[0] instanceof V);
for (const v of [() => 0, { f: { g: [function x() {}] } }, Symbol("s"), Object.create({ z: 1 })])
	try {
		console.log(devalue.stringify(v));
	} catch (e) {
		console.log(e.name, e.message, e.path);
	}
