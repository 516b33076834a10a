import BigNumber from "bignumber.js";

for (const a of ["0.1", "-123456789.987654321", "1e-30", "7", "Infinity", "NaN", "0xff.8", "-0"])
	for (const b of ["0.2", "3", "-1e20", "0"]) {
		const x = new BigNumber(a), y = new BigNumber(b);
		console.log(a, b, [x.plus(y), x.minus(y), x.times(y), x.div(y), x.mod(y), x.idiv(y)].join(" "), x.comparedTo(y));
	}
const p = new BigNumber("2").pow(521).minus(1);
console.log(p.toString(16), p.sqrt().toFixed(30), p.toFormat(2), p.toExponential(12), p.mod("1000007").toString());
BigNumber.config({ DECIMAL_PLACES: 50, ROUNDING_MODE: BigNumber.ROUND_HALF_EVEN });
console.log(new BigNumber(1).div(3).toString(), new BigNumber("2.5").integerValue().toString(), new BigNumber(2).sqrt().toString());
console.log(new BigNumber("123.456").toFraction(1000).join("/"), BigNumber.max(1, "3", 2).toString(), new BigNumber("1010.11", 2).toString());
