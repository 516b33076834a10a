// Escaping of a user's text for HTML: a class and a function, and a chain of texts.
const plain = 'An ordinary sentence that needs nothing.';
const rude = '<b>Tom & "Jerry"</b> <script>alert(1 < 2 && "x")</script>';
const names = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
function escape1(s) { return s.replace(/[&<>"]/g, (c) => names[c]); }
function escape2(s) { return s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;'); }
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		sum += escape1(plain).length + escape1(rude).length;
		sum += escape2(plain).length + escape2(rude).length + (i & 3);
		sum %= 1000003;
	}
	return sum;
}
