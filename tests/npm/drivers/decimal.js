import Decimal from "decimal.js";

Decimal.set({ precision: 60 });
for (const s of ["2", "0.5", "-3.75", "1e-9", "12345.678901234567890123456789"]) {
	const x = new Decimal(s);
	const y = x.abs();
	console.log(s, [x.exp(), y.ln(), y.sqrt(), y.cbrt(), x.sin(), x.cos(), x.atan(), x.sinh(), y.log(10), x.pow(3), y.pow("0.3")].join(" "));
	console.log(x.toBinary(), x.toHex(), x.toSD(4).toString(), x.toFixed(3), x.toExponential(5), x.toFraction().join("/"));
}
console.log(Decimal.acos(-1).toString(), new Decimal(1).div(7).toString(), Decimal.hypot(3, 4, 12).toString(), new Decimal("0b1010.01").toString());
let a = new Decimal(1), b = new Decimal(1);
for (let i = 0; i < 500; i++)
	[a, b] = [b, a.plus(b)];
console.log(b.toFixed());
try {
	new Decimal("x");
} catch (e) {
	console.log(e.message);
}
