import ms from "ms";

for (const v of ["2 days", "1d", "10h", "2.5 hrs", "2h", "1m", "5s", "1y", "100", "-3 days", "-.5h", "☃", "10-.5", "1 week", 60000, 2 * 60000, -3 * 60000, ms("10 hours"), 0, 1e12])
	console.log(String(v), String(ms(v)), typeof v === "number" ? ms(v, { long: true }) : "");
for (const bad of ["", undefined, null, [], {}, NaN, Infinity, "▲".repeat(101)])
	try {
		console.log(ms(bad));
	} catch (e) {
		console.log(e.name, e.message);
	}
