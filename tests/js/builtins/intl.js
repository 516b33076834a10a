// Intl: what Node prints for en-US (compared over a table of options).
const t = new Date(Date.UTC(2024, 1, 29, 18, 5, 9, 87));
const d = (o) => t.toLocaleString("en-US", { timeZone: "America/New_York", ...o });
print(d());                                                                  // expect: 2/29/2024, 1:05:09 PM
print(d({ dateStyle: "full", timeStyle: "long" }));                          // expect: Thursday, February 29, 2024 at 1:05:09 PM EST
print(d({ dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Tokyo" })); // expect: Mar 1, 2024, 3:05 AM
print(d({ month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })); // expect: Feb 29, 13:05
print(d({ era: "short" }), "|", d({ timeZoneName: "longOffset", timeZone: "Asia/Kolkata" })); // expect: 2/29/2024 AD, 1:05:09 PM | 2/29/2024, 11:35:09 PM GMT+05:30
print(t.toLocaleDateString("en-US", { timeZone: "UTC", year: "2-digit", month: "2-digit", day: "2-digit" }), t.toLocaleTimeString("en-US", { timeZone: "UTC" })); // expect: 02/29/24 6:05:09 PM
print(new Intl.DateTimeFormat("en", { timeZone: "UTC", hour: "numeric", fractionalSecondDigits: 2, second: "numeric", minute: "numeric" }).formatToParts(t).map((p) => `${p.type}=${p.value}`).join()); // expect: hour=6,literal=:,minute=05,literal=:,second=09,literal=.,fractionalSecond=08,literal= ,dayPeriod=PM
print(new Intl.DateTimeFormat("en", { timeZone: "europe/berlin" }).resolvedOptions().timeZone); // expect: Europe/Berlin
const n = (v, o) => new Intl.NumberFormat("en-US", o).format(v);
print([n(1234567.891), n(1.005, { maximumFractionDigits: 2 }), n(-0), n(12345678901234567890n), n(NaN), n(-Infinity)].join(" ")); // expect: 1,234,567.891 1.01 -0 12,345,678,901,234,567,890 NaN -∞
print([n(0.256, { style: "percent", minimumFractionDigits: 1 }), n(-5, { style: "currency", currency: "USD" }), n(5, { style: "currency", currency: "jpy" }), n(-5, { style: "currency", currency: "USD", currencySign: "accounting" })].join(" ")); // expect: 25.6% -$5.00 ¥5 ($5.00)
print([n(1234, { useGrouping: false }), n(5, { minimumIntegerDigits: 3 }), n(123456, { maximumSignificantDigits: 3 }), n(1, { signDisplay: "always" })].join(" ")); // expect: 1234 005 123,000 +1
print([1, 2, 3, 11, 21].map((x) => new Intl.PluralRules("en", { type: "ordinal" }).select(x)).join(), new Intl.PluralRules("en").select(1)); // expect: one,two,few,other,one one
print(["a10", "b", "A", "a9", "é", "e"].sort(new Intl.Collator("en", { numeric: true }).compare).join()); // expect: A,a9,a10,b,e,é
for (const f of [() => n(1, { style: "currency" }), () => d({ timeZone: "No/Where" }), () => n(1, { maximumFractionDigits: 101 }), () => Intl.getCanonicalLocales("x"), () => d({ dateStyle: "full", month: "long" }), () => new Intl.DateTimeFormat("en").format(NaN)])
	try { f(); print("no error"); } catch (e) { print(e.name); }
// expect: TypeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: TypeError
// expect: RangeError
print(new Date(NaN).toLocaleString("en", {}), Intl[Symbol.toStringTag], typeof globalThis.NumberFormat); // expect: Invalid Date Intl undefined
print(new Intl.DateTimeFormat("en-u-hc-h23", { timeZone: "UTC", hour: "numeric", minute: "numeric" }).format(t)); // expect: 18:05
