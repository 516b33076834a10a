import { DateTime, Duration, Interval, Info, Settings } from "luxon";

Settings.now = () => Date.UTC(2024, 1, 29, 12);
const t = DateTime.fromISO("2024-02-29T13:05:09.087", { zone: "America/New_York", locale: "en-US" });
console.log(t.toISO(), t.toUTC().toISO(), t.setZone("Asia/Tokyo").toISO(), t.setZone("UTC+5:30").toString(), t.offset, t.isInDST, t.zoneName);
for (const f of ["yyyy-MM-dd HH:mm:ss.SSS ZZ", "EEEE d MMMM yyyy", "kkkk-'W'WW-c", "h:mm a", "ooo X x", "LLL yy G"])
	console.log(t.toFormat(f));
console.log(t.plus({ months: 1, hours: 30 }).toISO(), t.minus({ weeks: 9 }).toISODate(), t.startOf("quarter").toISO(), t.endOf("week").toISO(), t.weekNumber, t.ordinal);
console.log(JSON.stringify(DateTime.fromISO("2025-01-01").diff(DateTime.fromISO("2024-02-29"), ["months", "days", "hours"]).toObject()), Duration.fromISO("P1Y2M10DT2H30M").toFormat("d hh:mm"), Duration.fromMillis(123456789).shiftTo("days", "hours", "minutes").toISO());
for (const [s, f] of [["05/25/1982", "MM/dd/yyyy"], ["May 3 2020 5 PM", "MMMM d yyyy h a"], ["2020-400", "yyyy-ooo"], ["x", "yyyy"]]) {
	const d = DateTime.fromFormat(s, f, { zone: "utc", locale: "en-US" });
	console.log(d.isValid, d.toISO(), d.invalidReason);
}
const i = Interval.fromDateTimes(t, t.plus({ days: 3 }));
console.log(i.splitBy({ days: 1 }).map((x) => x.toISODate()).join(), i.contains(t.plus({ hours: 1 })), i.length("hours"));
console.log(t.toLocaleString(DateTime.DATETIME_FULL), "|", t.toLocaleString(DateTime.DATE_HUGE), "|", t.toLocaleString(DateTime.TIME_SIMPLE), "|", t.toLocaleString(DateTime.DATETIME_MED_WITH_WEEKDAY));
console.log(Info.months("short", { locale: "en-US" }).join(), Info.weekdays("long", { locale: "en-US" }).join(), Info.isValidIANAZone("Europe/Paris"), Info.isValidIANAZone("Nowhere/City"), t.toRelative(), t.minus({ days: 3 }).toRelativeCalendar());
