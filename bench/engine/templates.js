// Rows of a table by template literals, with numbers and nested templates.
const people = [];
for (let k = 0; k < 10; k++)
	people.push({ id: k, name: 'user ' + k, score: k * 1.25, tags: k & 1 ? ['a', 'b'] : [] });
function row(p, i) {
	return `<tr class="${i & 1 ? 'odd' : 'even'}"><td>${p.id}</td><td><a href="/u/${p.id}?r=${i}">${p.name}</a></td>` +
		`<td>${p.score}</td><td>${p.tags.length ? `${p.tags[0]} and ${p.tags.length - 1} more` : 'none'}</td></tr>`;
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		let out = '';
		for (let k = 0; k < 10; k++)
			out += row(people[k], i & 7);
		const page = `<table id="t${i & 63}">${out}</table>`;
		sum = (sum + page.length + page.charCodeAt(page.length >> 1)) % 1000003;
	}
	return sum;
}
