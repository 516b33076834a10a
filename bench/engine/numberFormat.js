// Numbers to text and back: concatenation, toFixed, toString of a radix, parsing.
const texts = ['42', '3.14159', '-17', '1e3', '0x1f', ' 99 '];
function run(n) {
	let sum = 0;
	for (let i = 0; i < n; i++) {
		const price = (i & 1023) * 1.25, s = 'EUR ' + price;
		sum += s.length + price.toFixed(2).length + (i & 4095).toString(16).length + String(i * 0.1).length;
		sum += Number(texts[i % 6]) | 0;
		sum = (sum + (parseFloat(texts[i % 6]) | 0) + parseInt(texts[i % 6], 10) + 100) % 1000003;
	}
	return sum;
}
