import Papa from "papaparse";

const csv = "name,age,note\nAnn,3,\"a, \"\"q\"\"\nline\"\n\"Bob\",-4.5,\n# c\nCy,1e3,true,extra\n\n";
for (const o of [{}, { header: true, dynamicTyping: true, skipEmptyLines: true }, { comments: "#", preview: 2 }, { header: true, transform: (v, f) => `${f}=${v}`, transformHeader: (h) => h.toUpperCase() }, { delimiter: ";" }])
	console.log(JSON.stringify(Papa.parse(csv, o)));
for (const s of ["a\tb\n1\t2", "a;b;c\r\n1;2;3", "a|b\n1|2", "x", "", "a,\"b\nc", "a\rb\rc"])
	console.log(JSON.stringify(Papa.parse(s)));
const rows = [];
Papa.parse(csv, { step: (r) => rows.push(r.data.length), complete: () => rows.push("done") });
console.log(rows.join());
console.log(Papa.unparse([{ a: 1, b: "x,y" }, { a: null, b: "q\"r" }, { a: " s", b: new Date(0) }]));
console.log(Papa.unparse({ fields: ["p", "q"], data: [["=1+1", "2"], [true, undefined]] }, { quotes: true, delimiter: ";", newline: "\n", escapeFormulae: true }));
