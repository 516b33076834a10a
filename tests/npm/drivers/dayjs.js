import dayjs from "dayjs";
import utc from "dayjs/plugin/utc";
import duration from "dayjs/plugin/duration";
import relativeTime from "dayjs/plugin/relativeTime";
import customParse from "dayjs/plugin/customParseFormat";
import advanced from "dayjs/plugin/advancedFormat";
import weekOfYear from "dayjs/plugin/weekOfYear";
import timezone from "dayjs/plugin/timezone";
import "dayjs/locale/de";

for (const p of [utc, duration, relativeTime, customParse, advanced, weekOfYear, timezone])
	dayjs.extend(p);
const t = dayjs.utc("2024-02-29T13:05:09.087Z");
for (const f of ["YYYY-MM-DDTHH:mm:ss.SSSZ", "dddd, MMMM Do, h:mm A", "[Q]Q w ww X x", "ddd D/M/YY"])
	console.log(t.format(f), "|", t.locale("de").format(f));
for (const [n, u] of [[1, "year"], [-13, "month"], [90, "day"], [1e6, "second"], [3, "week"]])
	console.log(t.add(n, u).toISOString(), t.add(n, u).from(t), t.diff(t.add(n, u), u), t.startOf(u).toISOString(), t.endOf(u).toISOString());
console.log(dayjs("05/02/69 1:02:03 PM -05:00", "MM/DD/YY H:mm:ss A Z").toISOString(), dayjs("31-02-2020", "DD-MM-YYYY", true).isValid());
console.log(dayjs.duration(123456789).format("D[d] HH:mm:ss"), dayjs.duration({ hours: 30, minutes: 90 }).humanize(), dayjs.duration("P1Y2M3DT4H").toISOString());
for (const z of ["America/New_York", "Asia/Tokyo", "Europe/Berlin", "Asia/Kathmandu"])
	console.log(t.tz(z).format(), dayjs.tz("2024-03-10 02:30", z).toISOString());
