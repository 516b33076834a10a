// A query string and a cookie header taken apart by hand.
const query = 'q=hello%20world&page=12&sort=name&sort=age&flag&empty=&utf=%C3%A9t%C3%A9';
const cookies = 'session=abc123def456; theme=dark; lang=en-GB; _ga=GA1.2.345';
function parse(text) {
	const out = {};
	for (const part of text.split('&')) {
		const at = part.indexOf('=');
		const name = decodeURIComponent(at < 0 ? part : part.slice(0, at));
		const value = at < 0 ? '' : decodeURIComponent(part.slice(at + 1).replace(/\+/g, ' '));
		if (name in out)
			out[name] = [].concat(out[name], value);
		else
			out[name] = value;
	}
	return out;
}
function cookie(text, name) {
	let from = 0;
	while (from < text.length) {
		let end = text.indexOf(';', from);
		if (end < 0)
			end = text.length;
		const eq = text.indexOf('=', from);
		if (text.substring(from, eq).trim() === name)
			return text.substring(eq + 1, end);
		from = end + 1;
	}
	return null;
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const q = parse(query);
		sum += parseInt(q.page, 10) + q.sort.length + q.utf.length + q.q.length;
		sum = (sum + cookie(cookies, 'lang').length + (cookie(cookies, 'none') === null ? 1 : 0)) % 1000003;
	}
	return sum;
}
