import { Temporal } from "temporal-polyfill";

const d = Temporal.PlainDate.from("2024-02-29"), z = Temporal.ZonedDateTime.from("2024-03-10T01:30:00[America/New_York]");
console.log(String(d.add({ years: 1 })), String(d.until("2025-01-01", { largestUnit: "month" })), d.dayOfWeek, d.weekOfYear, d.daysInMonth, d.inLeapYear, String(d.with({ day: 1 }).subtract({ days: 1 })));
console.log(String(z.add({ hours: 1 })), String(z.add({ days: 1 })), z.hoursInDay, z.offset, String(z.withTimeZone("Asia/Tokyo")), String(z.toInstant()), z.epochMilliseconds);
console.log(String(Temporal.Duration.from("P1Y2M3DT4H5M6.789S").round({ largestUnit: "day", relativeTo: d })), Temporal.Duration.compare({ hours: 25 }, { days: 1 }), String(Temporal.PlainTime.from("12:34:56.789").round({ smallestUnit: "minute", roundingMode: "ceil" })));
console.log(String(Temporal.PlainYearMonth.from("2024-02").add({ months: 11 })), String(Temporal.PlainMonthDay.from("02-29").toPlainDate({ year: 2023 })), String(Temporal.Instant.from("1969-12-31T23:59:59.999999999Z").epochNanoseconds), String(Temporal.PlainDateTime.from("2020-01-01T10:00").toZonedDateTime("Europe/Berlin")));
for (const bad of [() => Temporal.PlainDate.from("2023-02-29"), () => Temporal.PlainDate.from({ year: 2023, month: 13, day: 1 }, { overflow: "reject" }), () => d < d, () => z.since(d)])
	try {
		console.log(String(bad()));
	} catch (e) {
		console.log(e.name);
	}
console.log(d.toLocaleString("en-US"), z.toPlainDateTime().toLocaleString("en-US"), d.withCalendar("gregory").era);
