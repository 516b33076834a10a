// Lines and fields of a small CSV: split, trim, map, join.
const csv = 'id,name,mail,age\n1,Ada,ada@example.org,36\n2,Grace,grace@example.org,45\n3,Alan, alan@example.org ,41\n4,Edsger,e@example.org,72';
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const lines = csv.split('\n'), head = lines[0].split(',');
		const out = lines.slice(1).map((line) => {
			const f = line.split(',');
			return head.map((name, k) => name + '=' + f[k].trim()).join('&');
		});
		sum = (sum + out.join('\n').length + 'a-b-c'.split('-').length + 'word'.split('').length + i) % 1000003;
	}
	return sum;
}
