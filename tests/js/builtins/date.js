// Date: calendar, text forms, parsing, setters. Nothing here depends on the zone.
const d = new Date(Date.UTC(2024, 1, 29, 12, 30, 45, 678));
console.log(d, [d], { d });   // expect: 2024-02-29T12:30:45.678Z [ 2024-02-29T12:30:45.678Z ] { d: 2024-02-29T12:30:45.678Z }
console.log(new Date(NaN), String(new Date(NaN)), new Date(NaN).toJSON());   // expect: Invalid Date Invalid Date null
class Day extends Date { }
console.log(new Day(0), Object.assign(new Date(0), { a: 1 }));   // expect: Day 1970-01-01T00:00:00.000Z 1970-01-01T00:00:00.000Z { a: 1 }
console.log(d.toUTCString(), d.toGMTString === d.toUTCString);   // expect: Thu, 29 Feb 2024 12:30:45 GMT true
console.log(new Date(8.64e15).toISOString(), new Date(-8.64e15).toISOString(), new Date(8.64e15 + 1).getTime());   // expect: +275760-09-13T00:00:00.000Z -271821-04-20T00:00:00.000Z NaN
console.log(Date.UTC(99, 0), Date.UTC(100, 0), Date.UTC(2024), Date.UTC(), Date.UTC(2024, 13, -40, 25));   // expect: 915148800000 -59011459200000 1704067200000 NaN 1734915600000
console.log(['2024-02-29T24:00:00Z', '2024', '2024-02', '+012024-01-01', '-000000-01-01', '2024-02-30', '2024-02-29T12:30:45.1234+0530', '2024-02-29T1:00Z'].map(s => Date.parse(s)).join());   // expect: 1709251200000,1704067200000,1706745600000,317273587200000,NaN,1709251200000,1709190045123,NaN
console.log(['Thu, 29 Feb 2024 12:30:45 GMT', 'Feb 29, 2024 12:30 PM UTC', '2/29/2024 12:30 GMT+0100', '29 february 24 Z', '(a) Mon 1999-1-1 EST', '12:30', 'never'].map(s => Date.parse(s)).join());   // expect: 1709209845000,1709209800000,1709206200000,1709164800000,915166800000,NaN,NaN
console.log(Date.parse(String(d)) === 1709209845000, Date.parse(d.toLocaleString()) === 1709209845000, +new Date(d) === +d);   // expect: true true true
const local = new Date(2024, 5, 15, 10, 20, 30, 40);
console.log(local.getFullYear(), local.getMonth(), local.getDate(), local.getDay(), local.getHours(), local.getMinutes(), local.getSeconds(), local.getMilliseconds(), local.getYear());   // expect: 2024 5 15 6 10 20 30 40 124
console.log(local.toDateString(), local.toTimeString().slice(0, 12), local.toLocaleDateString(), local.toLocaleTimeString(), local.toLocaleString());   // expect: Sat Jun 15 2024 10:20:30 GMT 6/15/2024 10:20:30 AM 6/15/2024, 10:20:30 AM
console.log(local - new Date(2024, 5, 15, 10, 20, 30) , (local.setYear(70), local.getFullYear()), local.setMonth(NaN), local.setDate(1), (local.setFullYear(2000), local.getFullYear()));   // expect: 40 1970 NaN NaN 2000
console.log(d.setUTCDate(31), d.setUTCHours(-1, 61, 61, 1001), d.setUTCFullYear(1969, 11, 31), d.setTime('5'), d.getUTCDay());   // expect: 1709382645678 1709337722001 -86277999 5 4
console.log(typeof Date(), typeof (d + 1), d * 2, `${d[Symbol.toPrimitive]('number')}`, Date.length, Date.prototype[Symbol.toPrimitive].name);   // expect: string string 10 5 7 [Symbol.toPrimitive]
console.log(Math.abs(Date.now() - new Date()) < 1000, Object.prototype.toString.call(d), JSON.stringify({ d }));   // expect: true [object Date] {"d":"1970-01-01T00:00:00.005Z"}
for (const f of [() => d.getTime.call({}), () => new Date(NaN).toISOString(), () => d[Symbol.toPrimitive]('x'), () => new Date(Symbol())])
	try { f(); } catch (e) { console.log(e.name); }
// expect: TypeError
// expect: RangeError
// expect: TypeError
// expect: TypeError
