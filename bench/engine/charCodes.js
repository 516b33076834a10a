// Loops over the characters of a string: a hash, a count of words, a hex decoder.
const text = 'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor';
const hex = '00ff10a7deadbeef';
function hash(s) {
	let h = 5381;
	for (let i = 0; i < s.length; i++)
		h = ((h << 5) + h ^ s.charCodeAt(i)) | 0;
	return h >>> 0;
}
function words(s) {
	let count = 0, inside = false;
	for (let i = 0; i < s.length; i++) {
		const c = s[i], letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
		if (letter && !inside)
			count++;
		inside = letter;
	}
	return count;
}
function digit(c) { return c <= 57 ? c - 48 : c - 87; }
function decode(s) {
	let sum = 0;
	for (let i = 0; i < s.length; i += 2)
		sum += digit(s.charCodeAt(i)) * 16 + digit(s.charCodeAt(i + 1));
	return sum;
}
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++)
		sum = (sum + hash(text) % 1000 + words(text) + decode(hex) + i) % 1000003;
	return sum;
}
