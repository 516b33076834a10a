// zigttp:cache and zigttp:ratelimit with private stores.
import { cacheGet, cacheSet, cacheDelete, cacheIncr, cacheStats } from "zigttp:cache";
import { rateCheck, rateReset } from "zigttp:ratelimit";
print(cacheGet("n", "k"), cacheSet("n", "k", "v"), cacheGet("n", "k"), cacheGet("m", "k"), cacheDelete("n", "k"), cacheDelete("n", "k"), cacheGet("n", "k"));  // expect: undefined undefined v undefined true false undefined
print(cacheIncr("n", "c"), cacheIncr("n", "c", 5), cacheIncr("n", "c", -10, 60), cacheGet("n", "c"), cacheIncr("n", "c", Number.MAX_SAFE_INTEGER));  // expect: 1 6 -4 -4 9007199254740987
cacheSet("n", "é\u{1F600}", "ü\u{1F600}");
print(cacheGet("n", "é\u{1F600}"), cacheSet("n", "num", 41), cacheIncr("n", "num"));  // expect: ü😀 undefined 42
for (const f of [() => cacheGet(1, "k"), () => cacheGet("a\0b", "k"), () => cacheSet("n", "k", "v", 0), () => cacheIncr("n", "c", 1.5), () => cacheIncr("n", "c", Number.MAX_SAFE_INTEGER), () => cacheSet("n", "x".repeat(5000), ""), () => cacheIncr("n", "é\u{1F600}"), () => cacheSet("n", "big", "x".repeat(9e6)), () => rateCheck("k", 0, 1), () => rateCheck("k", 1)])
	try {
		f();
	} catch (e) {
		print(String(e));
// expect: TypeError: cacheGet: the namespace must be a string
// expect: TypeError: cacheGet: the namespace must not have the character U+0000
// expect: RangeError: cacheSet: the time to live must be between 0.001 and 1000000000
// expect: RangeError: cacheIncr: the step must be a whole number
// expect: RangeError: cacheIncr: the count would leave the safe integers
// expect: RangeError: cacheSet: keys may have 4096 bytes, with their namespace, and values 1015808
// expect: TypeError: cacheIncr: the value is not a whole number
// expect: RangeError: cacheSet: keys may have 4096 bytes, with their namespace, and values 1015808
// expect: RangeError: rateCheck: the limit must be between 1 and 1000000000
// expect: TypeError: rateCheck: the window must be a number
	}
cacheSet("n", "short", "x", 0.001);
const t = performance.now();
while (performance.now() < t + 5);
print(cacheGet("n", "short"), cacheStats().entries > 0, Object.keys(cacheStats()).join());  // expect: undefined true entries,bytes,capacity,hits,misses,evictions
const first = rateCheck("ip", 2, 60);
print(first.ok, first.value.limit, first.value.remaining, Math.abs(first.value.resetAt - Date.now() - 60000) < 2000);  // expect: true 2 1 true
print(rateCheck("ip", 2, 60).ok, JSON.stringify(rateCheck("ip", 2, 60), (k, v) => k === "resetAt" ? 0 : v));  // expect: true {"ok":false,"error":{"tag":"rate_exceeded","limit":2,"remaining":0,"resetAt":0,"retryAfter":60}}
print(rateReset("ip"), rateReset("ip"), rateCheck("ip", 2, 60).ok, rateCheck("ip", 2, 60, { cost: 2 }).ok, rateCheck("ip", 2, 60, { cost: 0 }).value.remaining);  // expect: true false true false 1
print(rateCheck("s", 3, 60, { smooth: true }).value.remaining, rateCheck("s", 3, 60, { smooth: true, cost: 2 }).value.remaining, rateCheck("s", 3, 60, { smooth: true }).error.retryAfter);  // expect: 2 0 20
