import validator from "validator";

const inputs = ["foo@bar.com", "http://user:pw@example.com:8080/p?q#f", "192.168.0.1", "::ffff:1.2.3.4", "DE89370400440532013000", "4111 1111 1111 1111", "2024-02-29", "2023-02-29T10:00:00Z", "550e8400-e29b-41d4-a716-446655440000", "0x1F", "1e5", "-12.50", "#ff00aa", "rgb(1,2,3)", "abc", "ÀÉ", "{\"a\":1}", "aGVsbG8=", "978-3-16-148410-0", "00:1B:44:11:3A:B7", "user_name", "+4915112345678", "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.sig", "$1,234.50", "P@ssw0rd!x", "", " ", "12:34:56", "en-US", "a\u3042", "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a"];
const checks = Object.keys(validator).filter((k) => k.startsWith("is") && !["isWhitelisted", "isIn", "isIdentityCard", "isPassportNumber", "isTaxID", "isLicensePlate", "isPostalCode", "isVAT", "isAfter", "isBefore", "isHash", "isRgbColor"].includes(k)).sort();
for (const s of inputs)
	console.log(JSON.stringify(s), checks.filter((k) => { try { return validator[k](s); } catch (e) { return `${e}` && false; } }).join());
console.log(validator.escape("<a href='x'>&`"), validator.unescape("&lt;&#x27;"), validator.normalizeEmail("Some.Name+tag@GMail.com"), validator.trim("  x--", " -"), validator.stripLow("a\u0001b"), validator.toDate("2020-01-01").getTime(), validator.blacklist("abcabc", "ab"), validator.isStrongPassword("aB3$aaaa", { returnScore: true }), validator.isPostalCode("12345", "DE"), validator.isVAT("DE123456789", "DE"), validator.isTaxID("123-45-6789", "en-US"), validator.toFloat("1.5x"), validator.matches("Foo", /^f/i));
try {
	validator.isEmail(5);
} catch (e) {
	console.log(e.name, e.message);
}
