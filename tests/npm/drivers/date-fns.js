import * as d from "date-fns";
import { de, fr, ja, enGB } from "date-fns/locale";

const base = [new Date(2024, 1, 29, 13, 5, 9, 87), new Date(1999, 11, 31, 23, 59, 59), new Date(2020, 5, 15), new Date(1, 0, 1)];
const forms = ["yyyy-MM-dd'T'HH:mm:ss.SSS", "EEEE, do MMMM yyyy", "PPPPpppp", "Qo 'quarter', w 'week' RRRR-II-i", "h:mm aaaa b B", "t T", "DDD yy G eee", "xxx XX O"];
for (const t of base) {
	for (const f of forms)
		console.log(f, "|", d.format(t, f, { useAdditionalDayOfYearTokens: true }));
	for (const locale of [de, fr, ja, enGB])
		console.log(d.format(t, "PPPP p", { locale }), d.formatRelative(t, base[0], { locale }), d.formatDistance(t, base[0], { locale, addSuffix: true }));
	console.log(d.addMonths(t, -13).toISOString(), d.endOfWeek(t, { weekStartsOn: 1 }).toISOString(), d.getISOWeek(t), d.differenceInBusinessDays(t, base[2]));
	console.log(JSON.stringify(d.intervalToDuration({ start: base[2], end: t })), d.formatDuration(d.intervalToDuration({ start: base[2], end: t })));
}
for (const [s, f] of [["2024-02-30", "yyyy-MM-dd"], ["3rd of March 2021 5pm", "do 'of' MMMM yyyy haaa"], ["Tue, 12", "EEE, dd"], ["99/1/2", "yy/M/d"], ["10:61", "HH:mm"]]) {
	const r = d.parse(s, f, base[0]);
	console.log(s, d.isValid(r) ? r.toISOString() : String(r));
}
for (const s of ["2024-W09-4", "2024-060T10", "20240229", "2024-02-29T10:00:00+02:30", "x"])
	console.log(s, String(d.parseISO(s)));
console.log(d.eachDayOfInterval({ start: base[2], end: d.addDays(base[2], 4) }).map((x) => d.format(x, "iii")).join());
console.log([...base].sort(d.compareDesc).map((x) => d.getYear(x)).join(), d.closestTo(base[2], base).getFullYear());
try {
	d.format(base[0], "YYYY-DD");
} catch (e) {
	console.log(e.name, e.message);
}
