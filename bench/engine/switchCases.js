// A machine driven by a dense switch, and a switch over strings.
const program = [1, 5, 2, 3, 4, 2, 5, 6, 7, 3, 1, 0, 6, 2, 8, 9];
const kinds = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'];
function weight(kind) {
	switch (kind) {
	case 'GET': return 1;
	case 'HEAD': return 2;
	case 'POST': return 3;
	case 'PUT': return 4;
	case 'PATCH': return 5;
	case 'DELETE': return 6;
	case 'OPTIONS': return 7;
	default: return 8;
	}
}
function run(n) {
	let acc = 1, sum = 0;
	for (let i = 0; i < n; i++) {
		switch (program[i & 15]) {
		case 0: acc = 1; break;
		case 1: acc += 3; break;
		case 2: acc ^= 21; break;
		case 3: acc <<= 1; break;
		case 4: acc = acc * 3 & 1023; break;
		case 5: acc--; break;
		case 6: acc >>= 1; break;
		case 7: acc |= 8; break;
		default: acc = acc & 255; break;
		}
		sum = (sum + (acc & 63) + weight(kinds[i & 7])) % 1000003;
	}
	return sum;
}
