// subtle.js: SubtleCrypto and CryptoKey (Web Cryptography 13, 14 and the algorithms of
// 20 to 34). What libcrypto computes is in web/subtle.c; here are the rules: which
// algorithm takes which parameters, which key may be used for what, JSON Web Keys. All
// is computed at once: promises are settled when they are returned.
(function (internal) {
'use strict';
const { expose, TypeError, DOMException, resolved, rejected, bufferKind, bufferNew, bufferSize, copyBytes,
	viewKind, viewBuffer, viewOffset, viewSize, viewNew } = internal;
const { isObject, badThis, badConstructor, token } = internal.load('stream_base');
internal.cryptoOpen();

const none = viewNew(1, bufferNew(0), 0, 0);
const USAGES = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];

function fail(name, message) { return new DOMException(message, name); }
function unsupported(what) { return fail('NotSupportedError', `${what} is not supported`); }
function denied(message) { return fail('InvalidAccessError', message); }
function malformed(message) { return fail('DataError', message); }

// ---- lists: no method of Array's prototype is used, which a program could replace ----

function has(list, x) {
	for (let i = 0; i < list.length; i++)
		if (list[i] === x)
			return true;
	return false;
}

const isBuffer = (x) => bufferKind(x) !== 0;

function bytesOf(x, what) {
	if (isObject(x)) {
		let buffer, at, n;
		if (isBuffer(x)) {
			buffer = x;
			at = 0;
			n = bufferSize(x);
		} else if (viewKind(x) >= 0) {
			buffer = viewBuffer(x);
			at = viewOffset(x);
			n = viewSize(x);
		}
		if (buffer !== undefined) {
			const copy = bufferNew(n);
			copyBytes(copy, 0, buffer, at, n);
			return viewNew(1, copy, 0, n);
		}
	}
	throw new TypeError(`${what} must be an ArrayBuffer or a view of one`);
}

function part(bytes, from, to) {
	const b = bufferNew(to - from);
	copyBytes(b, 0, viewBuffer(bytes), viewOffset(bytes) + from, to - from);
	return viewNew(1, b, 0, to - from);
}

// ---- base64url ----

function decode(text, name) {
	if (typeof text !== 'string')
		throw malformed(`The key has no member ${name}`);
	const bytes = internal.base64urlBytes(text);
	if (bytes === undefined)
		throw malformed(`The key's member ${name} is not base64url`);
	return bytes;
}

// ---- algorithms: what each operation of each one needs ----

const HASHES = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
const CURVES = ['P-256', 'P-384', 'P-521'];
const HASH_BITS = { __proto__: null, 'SHA-1': 160, 'SHA-256': 256, 'SHA-384': 384, 'SHA-512': 512 };
const BLOCK_BITS = { __proto__: null, 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };

const RSA = ['RSASSA-PKCS1-v1_5', 'RSA-PSS', 'RSA-OAEP'];
const AES = ['AES-GCM', 'AES-CBC', 'AES-CTR', 'AES-KW'];
const EC = ['ECDSA', 'ECDH'];
const OKP = ['Ed25519', 'X25519'];
const NAMES = [...RSA, ...AES, ...EC, ...OKP, 'HMAC', 'HKDF', 'PBKDF2', ...HASHES];

// What the public, the private or the secret key of an algorithm is good for.
const PUBLIC = { __proto__: null, 'RSASSA-PKCS1-v1_5': ['verify'], 'RSA-PSS': ['verify'], 'RSA-OAEP': ['encrypt', 'wrapKey'],
	ECDSA: ['verify'], ECDH: [], Ed25519: ['verify'], X25519: [] };
const PRIVATE = { __proto__: null, 'RSASSA-PKCS1-v1_5': ['sign'], 'RSA-PSS': ['sign'], 'RSA-OAEP': ['decrypt', 'unwrapKey'],
	ECDSA: ['sign'], ECDH: ['deriveKey', 'deriveBits'], Ed25519: ['sign'], X25519: ['deriveKey', 'deriveBits'] };
const CIPHER = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
const SECRET = { __proto__: null, 'AES-GCM': CIPHER, 'AES-CBC': CIPHER, 'AES-CTR': CIPHER, 'AES-KW': ['wrapKey', 'unwrapKey'],
	HMAC: ['sign', 'verify'], HKDF: ['deriveKey', 'deriveBits'], PBKDF2: ['deriveKey', 'deriveBits'] };

function known(list, text) {
	for (let i = 0; i < list.length; i++)
		if (internal.sameName(list[i], text))
			return list[i];
	return undefined;
}

// 18.4.4 "normalize an algorithm": { name, given }
function normal(algorithm) {
	const given = isObject(algorithm) ? algorithm : { name: algorithm };
	if (isObject(algorithm) && algorithm.name === undefined)
		throw new TypeError('The algorithm has no name');
	const text = `${given.name}`, name = known(NAMES, text);
	if (name === undefined)
		throw unsupported(`The algorithm ${text}`);
	return { name, given };
}

function hashOf(given) {
	if (given.hash === undefined)
		throw new TypeError('The algorithm needs a hash');
	const text = `${isObject(given.hash) ? given.hash.name : given.hash}`, name = known(HASHES, text);
	if (name === undefined)
		throw unsupported(`The hash ${text}`);
	return name;
}

function curveOf(given) {
	const curve = `${given.namedCurve}`;
	if (given.namedCurve === undefined)
		throw new TypeError('The algorithm needs a namedCurve');
	if (!has(CURVES, curve))
		throw unsupported(`The curve ${curve}`);
	return curve;
}

function number(x, what, most) {
	const n = +x;
	if (!(n >= 0) || n > most || x === undefined)
		throw new TypeError(`${what} must be a number from 0 to ${most}`);
	return n - n % 1;
}

// ---- keys ----

class State {
	type;
	extractable;
	algorithm;
	usages;
	// a secret key's bytes; PKCS #8; SubjectPublicKeyInfo
	data;
}

class CryptoKey {
	#s;
	static of(o, what) {
		if (!isObject(o) || !(#s in o))
			throw new TypeError(`${what} must be a CryptoKey`);
		return o.#s;
	}
	constructor() {
		if (arguments[0] !== token)
			throw badConstructor();
		this.#s = arguments[1];
	}
	get type() { return stateOf(this, 'this').type; }
	get extractable() { return stateOf(this, 'this').extractable; }
	get algorithm() { return stateOf(this, 'this').algorithm; }
	get usages() { return stateOf(this, 'this').usages; }
}
const stateOf = CryptoKey.of;
delete CryptoKey.of;

function usagesOf(list, allowed) {
	const out = [], seen = { __proto__: null };
	for (const x of list) {
		const u = `${x}`;
		if (!has(USAGES, u))
			throw new TypeError(`"${u}" is no key usage`);
		if (allowed !== undefined && !has(allowed, u))
			throw fail('SyntaxError', `A key of this kind cannot be used for "${u}"`);
		seen[u] = true;
	}
	for (let i = 0; i < USAGES.length; i++)
		if (seen[USAGES[i]])
			out[out.length] = USAGES[i];
	return out;
}

function key(type, extractable, algorithm, usages, data) {
	const s = new State();
	s.type = type;
	s.extractable = extractable;
	s.algorithm = algorithm;
	s.usages = usages;
	s.data = data;
	return new CryptoKey(token, s);
}

function usable(state, usage, name) {
	if (state.algorithm.name !== name)
		throw denied(`The key is one of ${state.algorithm.name}, not of ${name}`);
	if (!has(state.usages, usage))
		throw denied(`The key is not to be used for "${usage}"`);
	return state;
}

// ---- making keys ----

function aesLength(given) {
	const n = number(given.length, 'length', 65535);
	if (n !== 128 && n !== 192 && n !== 256)
		throw fail('OperationError', 'The length of an AES key is 128, 192 or 256 bits');
	return n;
}

function hmacLength(given, hash) {
	if (given.length === undefined)
		return BLOCK_BITS[hash];
	const n = number(given.length, 'length', 0xffffffff);
	if (n === 0)
		throw fail('OperationError', 'The length of a key cannot be 0');
	return n;
}

function random(bits) {
	const n = bits + 7 >> 3, bytes = viewNew(1, bufferNew(n), 0, n);
	internal.randomFill(bytes);
	return bytes;
}

function generate(algorithm, extractable, usages) {
	const { name, given } = normal(algorithm);
	if (has(AES, name) || name === 'HMAC') {
		const hash = name === 'HMAC' ? hashOf(given) : undefined;
		const length = hash ? hmacLength(given, hash) : aesLength(given);
		const list = usagesOf(usages, SECRET[name]);
		if (list.length === 0)
			throw fail('SyntaxError', 'A key needs a usage');
		return key('secret', extractable, hash ? { name, hash: { name: hash }, length } : { name, length }, list, random(length));
	}
	if (PUBLIC[name] === undefined)
		throw unsupported(`generateKey for ${name}`);
	let about, kind = name, bits = 0;
	if (has(RSA, name)) {
		const e = bytesOf(given.publicExponent, 'publicExponent');
		about = { name, modulusLength: bits = number(given.modulusLength, 'modulusLength', 0xffffffff), publicExponent: e, hash: { name: hashOf(given) } };
		if (bits < 512 || bits > 8192 || bits % 8 !== 0 || viewSize(e) !== 3 || e[0] !== 1 || e[1] !== 0 || e[2] !== 1)
			throw fail('OperationError', 'RSA keys have 512 to 8192 bits and the exponent 65537');
		kind = 'RSA';
	} else {
		about = has(EC, name) ? { name, namedCurve: kind = curveOf(given) } : { name };
	}
	const all = usagesOf(usages, [...PUBLIC[name], ...PRIVATE[name]]);
	const forPublic = [], forPrivate = [];
	for (let i = 0; i < all.length; i++)
		if (has(PRIVATE[name], all[i]))
			forPrivate[forPrivate.length] = all[i];
		else
			forPublic[forPublic.length] = all[i];
	if (forPrivate.length === 0)
		throw fail('SyntaxError', 'The private key needs a usage');
	const pair = internal.keyGenerate(kind, bits);
	return {
		privateKey: key('private', extractable, about, forPrivate, pair[0]),
		publicKey: key('public', true, about, forPublic, pair[1]),
	};
}

// ---- JSON Web Keys (RFC 7517, 7518, 8037) ----

const RSA_ALG = { __proto__: null, 'RSASSA-PKCS1-v1_5': ['RS1', 'RS256', 'RS384', 'RS512'], 'RSA-PSS': ['PS1', 'PS256', 'PS384', 'PS512'],
	'RSA-OAEP': ['RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'] };
const HMAC_ALG = ['HS1', 'HS256', 'HS384', 'HS512'];
const PARTS = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

function hashIndex(name) {
	for (let i = 0; i < 4; i++)
		if (HASHES[i] === name)
			return i;
}

function algOf(about) {
	const { name } = about;
	if (name === 'HMAC')
		return HMAC_ALG[hashIndex(about.hash.name)];
	if (RSA_ALG[name])
		return RSA_ALG[name][hashIndex(about.hash.name)];
	return has(AES, name) ? `A${about.length}${name === 'AES-KW' ? 'KW' : name === 'AES-GCM' ? 'GCM' : name === 'AES-CBC' ? 'CBC' : 'CTR'}` : undefined;
}

function checkJwk(jwk, about, extractable, usages, kty) {
	if (jwk.kty !== kty)
		throw malformed(`The key's kty is not "${kty}"`);
	const alg = algOf(about);
	if (alg !== undefined && jwk.alg !== undefined && jwk.alg !== alg)
		throw malformed(`The key's alg is "${jwk.alg}", not "${alg}"`);
	if (jwk.ext === false && extractable)
		throw malformed('The key is not to be extractable');
	if (jwk.use !== undefined && usages.length > 0) {
		const want = has(['sign', 'verify'], usages[0]) ? 'sig' : 'enc';
		if (jwk.use !== want)
			throw malformed(`The key's use is "${jwk.use}"`);
	}
	if (jwk.key_ops !== undefined)
		for (let i = 0; i < usages.length; i++)
			if (!has(jwk.key_ops, usages[i]))
				throw malformed(`The key's key_ops have no "${usages[i]}"`);
}

function jwkParts(jwk, isPrivate, names) {
	const parts = {};
	for (let i = 0; i < names.length; i++)
		if (jwk[names[i]] !== undefined && (isPrivate || i < 2))
			parts[names[i]] = decode(jwk[names[i]], names[i]);
	return parts;
}

// ---- import ----

function importSecret(format, data, name, given, extractable, usages) {
	const list = usagesOf(usages, SECRET[name]);
	const hash = name === 'HMAC' ? hashOf(given) : undefined;
	let bytes;
	if (format === 'raw') {
		bytes = bytesOf(data, 'The key');
	} else if (format === 'jwk' && name !== 'HKDF' && name !== 'PBKDF2') {
		if (!isObject(data) || isBuffer(data) || viewKind(data) >= 0)
			throw new TypeError('The key must be an object');
		if (data.kty !== 'oct')
			throw malformed('The key\'s kty is not "oct"');
		bytes = decode(data.k, 'k');
	} else {
		throw unsupported(`The format ${format} of a key of ${name}`);
	}
	const bits = viewSize(bytes) * 8;
	let about;
	if (has(AES, name)) {
		if (bits !== 128 && bits !== 192 && bits !== 256)
			throw malformed('The length of an AES key is 128, 192 or 256 bits');
		about = { name, length: bits };
	} else if (hash) {
		const length = given.length === undefined ? bits : number(given.length, 'length', 0xffffffff);
		if (bits === 0 || length > bits || length <= bits - 8)
			throw malformed('The length of the key is not that of its bytes');
		about = { name, hash: { name: hash }, length };
	} else {
		if (extractable)
			throw fail('SyntaxError', `Keys of ${name} cannot be extractable`);
		about = { name };
	}
	if (format === 'jwk')
		checkJwk(data, about, extractable, list, 'oct');
	if (list.length === 0)
		throw fail('SyntaxError', 'A key needs a usage');
	return key('secret', extractable, about, list, bytes);
}

function importKey(format, data, algorithm, extractable, usages) {
	const { name, given } = normal(algorithm);
	if (SECRET[name] !== undefined)
		return importSecret(format, data, name, given, extractable, usages);
	if (PUBLIC[name] === undefined)
		throw unsupported(`importKey for ${name}`);
	const isPrivate = format === 'pkcs8' || (format === 'jwk' && isObject(data) && data.d !== undefined);
	const list = usagesOf(usages, isPrivate ? PRIVATE[name] : PUBLIC[name]);
	const about = has(RSA, name) ? { name, modulusLength: 0, publicExponent: undefined, hash: { name: hashOf(given) } } :
		has(EC, name) ? { name, namedCurve: curveOf(given) } : { name };
	const kind = about.namedCurve || (has(RSA, name) ? 'RSA' : name);
	let der;
	if (format === 'spki' || format === 'pkcs8') {
		der = bytesOf(data, 'The key');
	} else if (format === 'raw' && kind !== 'RSA') {
		const raw = bytesOf(data, 'The key'), n = viewSize(raw), half = n - 1 >> 1;
		if (about.namedCurve && (raw[0] !== 4 || n % 2 !== 1))
			throw malformed('The key is no uncompressed point');
		der = internal.keyMake(kind, false, about.namedCurve ? { x: part(raw, 1, 1 + half), y: part(raw, 1 + half, n) } : { x: raw });
	} else if (format === 'jwk') {
		if (!isObject(data) || isBuffer(data) || viewKind(data) >= 0)
			throw new TypeError('The key must be an object');
		checkJwk(data, about, extractable, list, kind === 'RSA' ? 'RSA' : about.namedCurve ? 'EC' : 'OKP');
		if (kind !== 'RSA' && data.crv !== kind)
			throw malformed(`The key's crv is not "${kind}"`);
		der = internal.keyMake(kind, isPrivate, jwkParts(data, isPrivate, kind === 'RSA' ? PARTS : about.namedCurve ? ['x', 'y', 'd'] : ['x', '', 'd']));
	} else {
		throw unsupported(`The format ${format} of a key of ${name}`);
	}
	const read = der === undefined ? undefined : internal.keyRead(der, isPrivate);
	if (read === undefined || read.kind !== kind)
		throw malformed('The key is malformed, or one of another kind');
	if (kind === 'RSA') {
		about.modulusLength = read.bits;
		about.publicExponent = read.e;
	}
	if (isPrivate && list.length === 0)
		throw fail('SyntaxError', 'A private key needs a usage');
	return key(isPrivate ? 'private' : 'public', isPrivate ? extractable : !!extractable, about, list, der);
}

// ---- export ----

function exportKey(format, k) {
	const s = stateOf(k, 'The key'), { name } = s.algorithm;
	if (!s.extractable)
		throw denied('The key is not extractable');
	if (format === 'jwk') {
		const jwk = { key_ops: [...s.usages], ext: true }, alg = algOf(s.algorithm);
		if (s.type === 'secret') {
			jwk.kty = 'oct';
			jwk.k = internal.base64url(s.data);
		} else {
			const read = internal.keyRead(s.data, s.type === 'private');
			jwk.kty = read.kind === 'RSA' ? 'RSA' : s.algorithm.namedCurve ? 'EC' : 'OKP';
			if (read.kind !== 'RSA')
				jwk.crv = read.kind;
			const names = read.kind === 'RSA' ? PARTS : ['x', 'y', 'd'];
			for (let i = 0; i < names.length; i++)
				if (read[names[i]] !== undefined)
					jwk[names[i]] = internal.base64url(read[names[i]]);
		}
		if (alg !== undefined)
			jwk.alg = alg;
		return jwk;
	}
	if (s.type === 'secret' && format === 'raw' || s.type === 'public' && format === 'spki' || s.type === 'private' && format === 'pkcs8')
		return viewBuffer(bytesOf(s.data, 'The key'));
	if (s.type === 'public' && format === 'raw' && !has(RSA, name)) {
		const { x, y } = internal.keyRead(s.data, false);
		if (y === undefined)
			return viewBuffer(x);
		const n = viewSize(x), out = viewNew(1, bufferNew(1 + 2 * n), 0, 1 + 2 * n);
		out[0] = 4;
		copyBytes(viewBuffer(out), 1, viewBuffer(x), 0, n);
		copyBytes(viewBuffer(out), 1 + n, viewBuffer(y), 0, n);
		return viewBuffer(out);
	}
	throw s.type === 'secret' || format === 'raw' ? unsupported(`The format ${format} of a key of ${name}`) :
		denied(`A ${s.type} key has no format ${format}`);
}

// ---- encrypting ----

function cipher(encrypt, { name, given }, state, data) {
	if (name === 'RSA-OAEP') {
		const label = given.label === undefined ? none : bytesOf(given.label, 'label');
		if (state.type !== (encrypt ? 'public' : 'private'))
			throw denied('The key is of the wrong type');
		return internal.oaep(encrypt, state.data, state.algorithm.hash.name, label, data);
	}
	if (name === 'AES-CTR') {
		const counter = bytesOf(given.counter, 'counter'), length = number(given.length, 'length', 255);
		if (viewSize(counter) !== 16 || length === 0 || length > 128)
			throw fail('OperationError', 'The counter has 16 bytes, of which 1 to 128 bits count');
		const blocks = (viewSize(data) + 15 - (viewSize(data) + 15) % 16) / 16;
		if (length < 32 && blocks > 2 ** length)
			throw fail('OperationError', 'The data is too long for the counter');
		return ctr(encrypt, state.data, counter, length, data, blocks);
	}
	const iv = bytesOf(given.iv, 'iv');
	if (name === 'AES-CBC') {
		if (viewSize(iv) !== 16)
			throw fail('OperationError', 'The iv has 16 bytes');
		return internal.aes('CBC', encrypt, state.data, iv, data, none, 0);
	}
	if (name !== 'AES-GCM')
		throw unsupported(`${encrypt ? 'encrypt' : 'decrypt'} for ${name}`);
	const tag = given.tagLength === undefined ? 128 : number(given.tagLength, 'tagLength', 255);
	if (!has([32, 64, 96, 104, 112, 120, 128], tag) || viewSize(iv) === 0)
		throw fail('OperationError', 'The tag has 32, 64, 96, 104, 112, 120 or 128 bits, the iv at least one byte');
	const aad = given.additionalData === undefined ? none : bytesOf(given.additionalData, 'additionalData');
	return internal.aes('GCM', encrypt, state.data, iv, data, aad, tag / 8);
}

// The counter's last `length` bits wrap around by themselves (29.3): the data is done in
// two parts when they do. libcrypto counts in all 128 bits.
function ctr(encrypt, k, counter, length, data, blocks) {
	let left = 0, weight = 1;
	for (let bit = 0; bit < length && bit < 48; bit++) {
		if (!(counter[15 - (bit >> 3)] >> (bit & 7) & 1))
			left += weight;
		weight *= 2;
	}
	left++;
	if (length === 128 || blocks <= left)
		return internal.aes('CTR', encrypt, k, counter, data, none, 0);
	const start = part(counter, 0, 16);
	for (let bit = 0; bit < length; bit++)
		start[15 - (bit >> 3)] &= ~(1 << (bit & 7));
	const n = viewSize(data), out = bufferNew(n);
	copyBytes(out, 0, internal.aes('CTR', encrypt, k, counter, part(data, 0, left * 16), none, 0), 0, left * 16);
	copyBytes(out, left * 16, internal.aes('CTR', encrypt, k, start, part(data, left * 16, n), none, 0), 0, n - left * 16);
	return out;
}

// ---- signing ----

function scheme({ name, given }, state, usage) {
	usable(state, usage, name);
	if (state.type === (usage === 'sign' ? 'public' : 'private'))
		throw denied(`A ${state.type} key cannot ${usage}`);
	const hash = name === 'ECDSA' ? hashOf(given) : state.algorithm.hash ? state.algorithm.hash.name : '';
	return { hash, salt: name === 'RSA-PSS' ? number(given.saltLength, 'saltLength', 0xffff) : 0 };
}

function sign(normalised, state, data) {
	const { name } = normalised, { hash, salt } = scheme(normalised, state, 'sign');
	if (name === 'HMAC')
		return internal.hmac(hash, state.data, data);
	return name === 'ECDSA' || name === 'RSA-PSS' ? internal.signRandomly(state.data, name, hash, salt, data) :
		internal.sign(state.data, name, hash, salt, data);
}

function verify(normalised, state, signature, data) {
	const { name } = normalised, { hash, salt } = scheme(normalised, state, 'verify');
	if (name !== 'HMAC')
		return internal.verify(state.data, name, hash, salt, signature, data);
	const right = viewNew(1, internal.hmac(hash, state.data, data), 0, HASH_BITS[hash] / 8);
	let different = viewSize(right) ^ viewSize(signature);
	for (let i = 0; i < viewSize(right) && i < viewSize(signature); i++)
		different |= right[i] ^ signature[i];
	return different === 0;
}

// ---- deriving ----

function deriveBits({ name, given }, state, length) {
	if (name === 'ECDH' || name === 'X25519') {
		const peer = stateOf(given.public, 'public');
		if (state.type !== 'private' || peer.type !== 'public' || peer.algorithm.name !== name ||
		    peer.algorithm.namedCurve !== state.algorithm.namedCurve)
			throw denied('The other key must be a public one of the same algorithm and curve');
		const secret = internal.agree(state.data, peer.data), all = bufferSize(secret) * 8;
		if (length === null || length === undefined)
			return secret;
		if (length > all)
			throw fail('OperationError', `There are only ${all} bits`);
		const out = part(viewNew(1, secret, 0, all / 8), 0, length + 7 >> 3);
		if (length % 8)
			out[viewSize(out) - 1] &= 0xff << 8 - length % 8;
		return viewBuffer(out);
	}
	if (name !== 'HKDF' && name !== 'PBKDF2')
		throw unsupported(`deriveBits for ${name}`);
	const hash = hashOf(given), salt = bytesOf(given.salt, 'salt');
	const info = name === 'HKDF' ? bytesOf(given.info, 'info') : none;
	const rounds = name === 'PBKDF2' ? number(given.iterations, 'iterations', 0xffffffff) : 1;
	if (length === null || length === undefined || length % 8 !== 0 || rounds === 0)
		throw fail('OperationError', 'The length must be a multiple of 8 bits, and iterations at least 1');
	if (length === 0)
		return bufferNew(0);
	return name === 'HKDF' ? internal.hkdf(hash, state.data, salt, info, length / 8) :
		internal.pbkdf2(hash, state.data, salt, rounds, length / 8);
}

// 18.4.4 "get key length"
function lengthFor({ name, given }) {
	if (has(AES, name))
		return aesLength(given);
	return name === 'HMAC' ? hmacLength(given, hashOf(given)) : null;
}

// ---- wrapping ----

function wrap(normalised, state, bytes) {
	if (normalised.name !== 'AES-KW')
		return cipher(true, normalised, state, bytes);
	if (viewSize(bytes) % 8 !== 0)
		throw fail('OperationError', 'AES-KW wraps multiples of 8 bytes');
	return internal.aes('KW', true, state.data, none, bytes, none, 0);
}

function unwrap(normalised, state, bytes) {
	return normalised.name === 'AES-KW' ? internal.aes('KW', false, state.data, none, bytes, none, 0) :
		cipher(false, normalised, state, bytes);
}

// ---- the interface ----

function promised(self, f) {
	try {
		if (!isObject(self) || !brand(self))
			throw badThis('SubtleCrypto');
		return resolved(f());
	} catch (e) {
		return rejected(e);
	}
}

const FORMATS = ['raw', 'spki', 'pkcs8', 'jwk'];
function formatOf(format) {
	const f = `${format}`;
	if (!has(FORMATS, f))
		throw new TypeError(`"${f}" is no format of keys`);
	return f;
}

class SubtleCrypto {
	#brand = true;
	static brand(o) { return #brand in o; }
	constructor() {
		if (arguments[0] !== token)
			throw badConstructor();
	}
	digest(algorithm, data) {
		return promised(this, () => {
			const { name } = normal(algorithm), bytes = bytesOf(data, 'The data');
			if (!has(HASHES, name))
				throw unsupported(`digest for ${name}`);
			return internal.digest(name, bytes);
		});
	}
	encrypt(algorithm, key, data) {
		return promised(this, () => {
			const n = normal(algorithm), bytes = bytesOf(data, 'The data');
			return cipher(true, n, usable(stateOf(key, 'The key'), 'encrypt', n.name), bytes);
		});
	}
	decrypt(algorithm, key, data) {
		return promised(this, () => {
			const n = normal(algorithm), bytes = bytesOf(data, 'The data');
			return cipher(false, n, usable(stateOf(key, 'The key'), 'decrypt', n.name), bytes);
		});
	}
	sign(algorithm, key, data) {
		return promised(this, () => sign(normal(algorithm), stateOf(key, 'The key'), bytesOf(data, 'The data')));
	}
	verify(algorithm, key, signature, data) {
		return promised(this, () => verify(normal(algorithm), stateOf(key, 'The key'), bytesOf(signature, 'The signature'), bytesOf(data, 'The data')));
	}
	generateKey(algorithm, extractable, keyUsages) {
		return promised(this, () => generate(algorithm, !!extractable, keyUsages));
	}
	importKey(format, keyData, algorithm, extractable, keyUsages) {
		return promised(this, () => importKey(formatOf(format), keyData, algorithm, !!extractable, keyUsages));
	}
	exportKey(format, key) {
		return promised(this, () => exportKey(formatOf(format), key));
	}
	deriveBits(algorithm, baseKey, length = null) {
		return promised(this, () => {
			const n = normal(algorithm);
			return deriveBits(n, usable(stateOf(baseKey, 'The key'), 'deriveBits', n.name), length === null ? null : number(length, 'length', 0xffffffff));
		});
	}
	deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
		return promised(this, () => {
			const n = normal(algorithm), length = lengthFor(normal(derivedKeyType));
			const bits = deriveBits(n, usable(stateOf(baseKey, 'The key'), 'deriveKey', n.name), length);
			return importKey('raw', bits, derivedKeyType, !!extractable, keyUsages);
		});
	}
	wrapKey(format, key, wrappingKey, wrapAlgorithm) {
		return promised(this, () => {
			const n = normal(wrapAlgorithm), by = usable(stateOf(wrappingKey, 'The wrapping key'), 'wrapKey', n.name);
			const out = exportKey(formatOf(format), key);
			return wrap(n, by, isBuffer(out) ? bytesOf(out, 'The key') : internal.jsonBytes(out));
		});
	}
	unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, unwrappedKeyAlgorithm, extractable, keyUsages) {
		return promised(this, () => {
			const f = formatOf(format), n = normal(unwrapAlgorithm);
			const by = usable(stateOf(unwrappingKey, 'The unwrapping key'), 'unwrapKey', n.name);
			const bytes = unwrap(n, by, bytesOf(wrappedKey, 'The wrapped key'));
			return importKey(f, f === 'jwk' ? internal.jsonParse(bytes) : bytes, unwrappedKeyAlgorithm, !!extractable, keyUsages);
		});
	}
}
const { brand } = SubtleCrypto;
delete SubtleCrypto.brand;

return { CryptoKey: expose(CryptoKey), SubtleCrypto: expose(SubtleCrypto), subtle: new SubtleCrypto(token) };
})
