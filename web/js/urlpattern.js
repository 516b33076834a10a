// urlpattern.js: URLPattern (WHATWG URL Pattern).
(function (internal) {
'use strict';
const { expose, call, TypeError } = internal;
const { URL, RegExp } = globalThis;
const exec = RegExp.prototype.exec;

const COMPONENTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
const SPECIAL = ['http', 'https', 'ws', 'wss', 'ftp', 'file'];
const DEFAULT_PORT = { __proto__: null, http: '80', ws: '80', https: '443', wss: '443', ftp: '21' };

const PLAIN = { delimiter: '', prefix: '' };
const HOSTNAME = { delimiter: '.', prefix: '' };
const PATHNAME = { delimiter: '/', prefix: '/' };

const has = (list, v) => { for (let i = 0; i < list.length; i++) if (list[i] === v) return true; return false; };
const matches = (re, s) => call(exec, re, s) !== null;

// ---- tokens (2.1.1) ----

const nameStart = /^[\p{ID_Start}$_]$/u;
const namePart = /^[\p{ID_Continue}$_\u200c\u200d]$/u;
const isNameChar = (c, first) => matches(first ? nameStart : namePart, c);
const isAscii = (c) => c.length === 1 && c <= '\x7f';

// The code point at i as a string; '' behind the end.
function pointAt(s, i) {
	const c = s[i] ?? '', d = s[i + 1] ?? '';
	return c >= '\ud800' && c <= '\udbff' && d >= '\udc00' && d <= '\udfff' ? c + d : c;
}

// Where the regular expression that begins at `start` ends, behind its parenthesis; -1: it is
// not well-formed.
function regexpEnd(s, start) {
	let depth = 1, i = start;
	for (; i < s.length; i++) {
		const c = s[i];
		if (!isAscii(c) || (i === start && c === '?'))
			return -1;
		if (c === '\\') {
			if (++i === s.length || !isAscii(s[i]))
				return -1;
		} else if (c === ')') {
			if (--depth === 0)
				return i === start ? -1 : i + 1;
		} else if (c === '(') {
			depth++;
			if (s[i + 1] !== '?')
				return -1;
		}
	}
	return -1;
}

const SINGLE = { __proto__: null, '*': 'asterisk', '+': 'modifier', '?': 'modifier', '{': 'open', '}': 'close' };

// strict: what is malformed throws; else it is a token of its own.
function tokenize(s, strict) {
	const list = [];
	let i = 0;
	const add = (type, next, from, value) => {
		list[list.length] = { type, index: i, value: value ?? s.slice(from, next) };
		i = next;
	};
	const bad = (next, what) => {
		if (strict)
			throw new TypeError(`Invalid pattern '${s}': ${what} at ${i}`);
		add('invalid', next, i);
	};
	while (i < s.length) {
		const c = pointAt(s, i), next = i + c.length;
		if (SINGLE[c] !== undefined) {
			add(SINGLE[c], next, i);
		} else if (c === '\\') {
			if (next === s.length)
				bad(next, 'a backslash with nothing behind it');
			else
				add('escaped', next + pointAt(s, next).length, next);
		} else if (c === ':') {
			let end = next;
			while (end < s.length && isNameChar(pointAt(s, end), end === next))
				end += pointAt(s, end).length;
			if (end === next)
				bad(next, 'a group without a name');
			else
				add('name', end, next);
		} else if (c === '(') {
			const end = regexpEnd(s, next);
			if (end < 0)
				bad(next, 'a malformed regular expression');
			else
				add('regexp', end, next, s.slice(next, end - 1));
		} else {
			add('char', next, i);
		}
	}
	add('end', i, i);
	return list;
}

// ---- parts of a pattern (2.1.2 to 2.1.6) ----

function escaped(s, chars) {
	let out = '';
	for (let i = 0; i < s.length; i++)
		out += has(chars, s[i]) ? '\\' + s[i] : s[i];
	return out;
}
const escapeRegExp = (s) => escaped(s, '.+*?^${}()[]|/\\');
const escapePattern = (s) => escaped(s, '+*?:{}()\\');
const segmentWildcard = (options) => `[^${escapeRegExp(options.delimiter)}]+?`;
const anyOf = (options) => options.delimiter === '' ? '[\\s\\S]+?' : segmentWildcard(options);

function parsePattern(input, options, encode) {
	const tokens = tokenize(input, true), parts = [], segment = segmentWildcard(options), names = { __proto__: null };
	let at = 0, pending = '', number = 0;
	const take = (type) => tokens[at].type === type ? tokens[at++] : undefined;
	const need = (type) => take(type) ??
		(() => { throw new TypeError(`Invalid pattern '${input}': unexpected '${tokens[at].value}' at ${tokens[at].index}`); })();
	const takeModifier = () => (take('modifier') ?? take('asterisk'))?.value ?? '';
	const takeMatcher = (name) => take('regexp') ?? (name ? undefined : take('asterisk'));
	const takeText = () => {
		for (let text = '', t; ; text += t.value)
			if ((t = take('char') ?? take('escaped')) === undefined)
				return text;
	};
	const push = (type, value, modifier, name = '', prefix = '', suffix = '') => {
		parts[parts.length] = { type, value, modifier, name, prefix, suffix };
	};
	const flush = () => {
		if (pending !== '')
			push('fixed', encode(pending), '');
		pending = '';
	};
	const addPart = (prefix, nameToken, matcher, suffix, modifier) => {
		if (!nameToken && !matcher && modifier === '') {
			pending += prefix;
			return;
		}
		flush();
		if (!nameToken && !matcher) {
			if (prefix !== '')
				push('fixed', encode(prefix), modifier);
			return;
		}
		const re = !matcher ? segment : matcher.type === 'asterisk' ? '.*' : matcher.value;
		const name = nameToken ? nameToken.value : String(number++);
		if (names[name])
			throw new TypeError(`Invalid pattern '${input}': the name '${name}' occurs twice`);
		names[name] = true;
		if (re === segment)
			push('segment', '', modifier, name, encode(prefix), encode(suffix));
		else if (re === '.*')
			push('full', '', modifier, name, encode(prefix), encode(suffix));
		else
			push('regexp', re, modifier, name, encode(prefix), encode(suffix));
	};
	while (at < tokens.length) {
		const char = take('char'), name = take('name'), matcher = takeMatcher(name);
		if (name || matcher) {
			let prefix = char?.value ?? '';
			if (prefix !== '' && prefix !== options.prefix) {
				pending += prefix;
				prefix = '';
			}
			flush();
			addPart(prefix, name, matcher, '', takeModifier());
			continue;
		}
		const fixed = char ?? take('escaped');
		if (fixed) {
			pending += fixed.value;
		} else if (take('open')) {
			const prefix = takeText(), inner = take('name'), innerMatcher = takeMatcher(inner), suffix = takeText();
			need('close');
			addPart(prefix, inner, innerMatcher, suffix, takeModifier());
		} else {
			flush();
			need('end');
		}
	}
	return parts;
}

function regexpOf(parts, options) {
	let out = '^';
	for (let i = 0; i < parts.length; i++) {
		const { type, value, modifier: m, prefix, suffix } = parts[i];
		if (type === 'fixed') {
			out += m === '' ? escapeRegExp(value) : `(?:${escapeRegExp(value)})${m}`;
			continue;
		}
		const v = type === 'segment' ? anyOf(options) : type === 'full' ? '.*' : value;
		const p = escapeRegExp(prefix), s = escapeRegExp(suffix), repeats = m === '*' || m === '+';
		if (p === '' && s === '')
			out += repeats ? `((?:${v})${m})` : `(${v})${m}`;
		else if (!repeats)
			out += `(?:${p}(${v})${s})${m}`;
		else
			out += `(?:${p}((?:${v})(?:${s}${p}(?:${v}))*)${s})${m === '*' ? '?' : ''}`;
	}
	return out + '$';
}

const isNumbered = (part) => part.name[0] >= '0' && part.name[0] <= '9';

// Do the braces around a part change what it means?
function needsGroup(parts, i, options) {
	const part = parts[i], prev = parts[i - 1], next = parts[i + 1];
	if (part.suffix !== '' || (part.prefix !== '' && part.prefix !== options.prefix))
		return true;
	if (!isNumbered(part) && part.type === 'segment' && part.modifier === '' && next && next.prefix === '' && next.suffix === '' &&
	    (next.type === 'fixed' ? isNameChar(pointAt(next.value, 0), false) : isNumbered(next)))
		return true;
	return part.prefix === '' && prev?.type === 'fixed' && options.prefix !== '' && prev.value[prev.value.length - 1] === options.prefix;
}

function patternOf(parts, options) {
	let out = '';
	for (let i = 0; i < parts.length; i++) {
		const part = parts[i], { type, value, modifier, name, prefix, suffix } = part, prev = parts[i - 1];
		if (type === 'fixed') {
			out += modifier === '' ? escapePattern(value) : `{${escapePattern(value)}}${modifier}`;
			continue;
		}
		const custom = !isNumbered(part), group = needsGroup(parts, i, options);
		out += (group ? '{' : '') + escapePattern(prefix) + (custom ? ':' + name : '');
		if (type === 'regexp')
			out += `(${value})`;
		else if (type === 'segment' && !custom)
			out += `(${segmentWildcard(options)})`;
		else if (type === 'full')
			out += !custom && (!prev || prev.type === 'fixed' || prev.modifier !== '' || group || prefix !== '') ? '*' : '(.*)';
		if (type === 'segment' && custom && suffix !== '' && isNameChar(pointAt(suffix, 0), false))
			out += '\\';
		out += escapePattern(suffix) + (group ? '}' : '') + modifier;
	}
	return out;
}

function compile(input, encode, options, ignoreCase) {
	const parts = parsePattern(input, options, encode), names = [];
	let regexp, hasRegExp = false;
	for (let i = 0; i < parts.length; i++) {
		if (parts[i].type !== 'fixed')
			names[names.length] = parts[i].name;
		hasRegExp ||= parts[i].type === 'regexp';
	}
	try {
		regexp = new RegExp(regexpOf(parts, options), ignoreCase ? 'vi' : 'v');
	} catch (e) {
		throw new TypeError(`Invalid pattern '${input}': ${e.message}`);
	}
	return { pattern: patternOf(parts, options), regexp, names, hasRegExp };
}

const matchesSpecial = (component) => {
	for (let i = 0; i < SPECIAL.length; i++)
		if (matches(component.regexp, SPECIAL[i]))
			return true;
	return false;
};

// ---- canonical forms (3.1) ----

function invalid(what, v) { throw new TypeError(`Invalid ${what} '${v}'`); }

function parsed(v, what) {
	try {
		return new URL(v);
	} catch {
		return invalid(what, v);
	}
}

// A URL whose member was set to v.
function dummy(member, v, base = 'https://dummy.invalid/') {
	const u = new URL(base);
	u[member] = v;
	return u[member];
}

const withoutLast = (s) => s.slice(0, s.length - 1);
const encodeProtocol = (v) => v === '' ? v : withoutLast(parsed(`${v}://dummy.invalid`, 'protocol').protocol);
const encodeUsername = (v) => v === '' ? v : dummy('username', v);
const encodePassword = (v) => v === '' ? v : dummy('password', v);

function hostname(v, base, unset) {
	if (v === '')
		return v;
	if (matches(/[#\/:<>?@[\\\]^|]/, v))
		invalid('hostname', v);
	const got = dummy('hostname', v, base);
	return got === unset && v !== unset ? invalid('hostname', v) : got;
}
const encodeDomain = (v) => hostname(v, 'https://dummy.invalid/', 'dummy.invalid');
const encodeHostname = (v) => hostname(v, 'dummy://dummy.invalid/', 'dummy.invalid');

function encodeIPv6(v) {
	return matches(/^[0-9a-fA-F:[\]]*$/, v) ? v.toLowerCase() : invalid('hostname', v);
}

function encodePort(v, protocol = '') {
	if (v === '')
		return v;
	const digits = call(exec, /^[\t\n\r]*([0-9]+)/, v);
	if (digits === null || +digits[1] > 65535)
		invalid('port', v);
	const port = String(+digits[1]);
	return DEFAULT_PORT[protocol] === port ? '' : port;
}

function encodePathname(v) {
	if (v === '')
		return v;
	return v[0] === '/' ? dummy('pathname', v) : dummy('pathname', '/-' + v).slice(2);
}

const encodeOpaque = (v) => v === '' ? v : parsed(`data:${v}`, 'pathname').pathname;
const afterMark = (s) => s.slice(1);
const encodeSearch = (v) => v === '' ? v : afterMark(dummy('search', v));
const encodeHash = (v) => v === '' ? v : afterMark(dummy('hash', v));

// ---- constructor strings (2.3) ----

const BEFORE_HOST = ['protocol', 'authority', 'username', 'password'];
const BEFORE_PATH = ['protocol', 'authority', 'username', 'password', 'hostname', 'port'];
const BEFORE_SEARCH = ['protocol', 'authority', 'username', 'password', 'hostname', 'port', 'pathname'];

function parseConstructorString(input) {
	const tokens = tokenize(input, false), result = { __proto__: null };
	let at = 0, start = 0, step = 1, depth = 0, brackets = 0, special = false, state = 'init';
	const token = (i) => tokens[i < tokens.length ? i : tokens.length - 1];
	const isChar = (i, c) => {
		const t = token(i);
		return t.value === c && (t.type === 'char' || t.type === 'escaped' || t.type === 'invalid');
	};
	const text = () => input.slice(token(start).index, tokens[at].index);
	const is = (c) => isChar(at, c);
	const isSearch = () => {
		if (is('?'))
			return true;
		if (tokens[at].value !== '?' || tokens[at].type === 'regexp' || tokens[at].type === 'name')
			return false;
		return at === 0 || !has(['name', 'regexp', 'close', 'asterisk'], tokens[at - 1].type);
	};
	const change = (next, skip) => {
		if (state !== 'init' && state !== 'authority' && state !== 'done')
			result[state] = text();
		if (state !== 'init' && next !== 'done') {
			if (has(BEFORE_HOST, state) && has(['port', 'pathname', 'search', 'hash'], next))
				result.hostname ??= '';
			if (has(BEFORE_PATH, state) && has(['search', 'hash'], next))
				result.pathname ??= special ? '/' : '';
			if (has(BEFORE_SEARCH, state) && next === 'hash')
				result.search ??= '';
		}
		state = next;
		at += skip;
		start = at;
		step = 0;
	};
	const rewind = (next) => {
		at = start;
		step = 0;
		state = next;
	};
	const behindHost = () => {
		if (is('/'))
			change('pathname', 0);
		else
			behindPath();
	};
	const behindPath = () => {
		if (isSearch())
			change('search', 1);
		else if (is('#'))
			change('hash', 1);
	};
	for (; at < tokens.length; at += step) {
		step = 1;
		if (tokens[at].type === 'end') {
			if (state === 'init') {
				rewind('init');
				if (is('#'))
					change('hash', 1);
				else if (isSearch())
					change('search', 1);
				else
					change('pathname', 0);
				continue;
			}
			if (state === 'authority') {
				rewind('hostname');
				continue;
			}
			change('done', 0);
			break;
		}
		if (tokens[at].type === 'open') {
			depth++;
			continue;
		}
		if (depth > 0) {
			if (tokens[at].type !== 'close')
				continue;
			depth--;
		}
		switch (state) {
		case 'init':
			if (is(':'))
				rewind('protocol');
			break;
		case 'protocol':
			if (!is(':'))
				break;
			special = matchesSpecial(compile(text(), encodeProtocol, PLAIN, false));
			if (isChar(at + 1, '/') && isChar(at + 2, '/'))
				change('authority', 3);
			else
				change(special ? 'authority' : 'pathname', 1);
			break;
		case 'authority':
			if (is('@'))
				rewind('username');
			else if (is('/') || isSearch() || is('#'))
				rewind('hostname');
			break;
		case 'username':
			if (is(':'))
				change('password', 1);
			else if (is('@'))
				change('hostname', 1);
			break;
		case 'password':
			if (is('@'))
				change('hostname', 1);
			break;
		case 'hostname':
			if (is('['))
				brackets++;
			else if (is(']'))
				brackets--;
			else if (is(':') && brackets === 0)
				change('port', 1);
			else
				behindHost();
			break;
		case 'port':
			behindHost();
			break;
		case 'pathname':
			behindPath();
			break;
		case 'search':
			if (is('#'))
				change('hash', 1);
			break;
		}
	}
	if (result.hostname !== undefined)
		result.port ??= '';
	return result;
}

// ---- URLPatternInit (3.2) ----

function isAbsolutePath(v, pattern) {
	return v[0] === '/' || (pattern && (v[0] === '\\' || v[0] === '{') && v[1] === '/');
}

// Members that exist of the dictionary, as strings.
function readInit(init) {
	const out = { __proto__: null };
	for (let i = -1; i < COMPONENTS.length; i++) {
		const name = i < 0 ? 'baseURL' : COMPONENTS[i], v = init[name];
		if (v !== undefined)
			out[name] = String(v);
	}
	return out;
}

// Members that the base URL gives, of those that come before the first that init has.
function inherit(result, init, base, pattern) {
	const text = (s) => pattern ? escapePattern(s) : s;
	const none = (...names) => {
		for (let i = 0; i < names.length; i++)
			if (init[names[i]] !== undefined)
				return false;
		return true;
	};
	if (none('protocol'))
		result.protocol = text(withoutLast(base.protocol));
	if (!pattern && none('protocol', 'hostname', 'port', 'username'))
		result.username = base.username;
	if (!pattern && none('protocol', 'hostname', 'port', 'username', 'password'))
		result.password = base.password;
	if (none('protocol', 'hostname'))
		result.hostname = text(base.hostname);
	if (none('protocol', 'hostname', 'port'))
		result.port = base.port;
	if (none('protocol', 'hostname', 'port', 'pathname'))
		result.pathname = text(base.pathname);
	if (none('protocol', 'hostname', 'port', 'pathname', 'search'))
		result.search = text(afterMark(base.search));
	if (none('protocol', 'hostname', 'port', 'pathname', 'search', 'hash'))
		result.hash = text(afterMark(base.hash));
}

const isOpaque = (url) => url.pathname[0] !== '/' && url.pathname !== '';

function processInit(init, pattern, result) {
	let base;
	if (init.baseURL !== undefined) {
		base = parsed(init.baseURL, 'base URL');
		inherit(result, init, base, pattern);
	}
	const put = (name, encode) => {
		if (init[name] !== undefined)
			result[name] = pattern ? init[name] : encode(init[name]);
	};
	if (init.protocol !== undefined) {
		const v = init.protocol[init.protocol.length - 1] === ':' ? withoutLast(init.protocol) : init.protocol;
		result.protocol = pattern ? v : encodeProtocol(v);
	}
	put('username', encodeUsername);
	put('password', encodePassword);
	put('hostname', (v) => v[0] === '[' ? encodeIPv6(v) : result.protocol === '' || has(SPECIAL, result.protocol) ? encodeDomain(v) : encodeHostname(v));
	put('port', (v) => encodePort(v, result.protocol));
	if (init.pathname !== undefined) {
		let v = init.pathname;
		if (base && !isOpaque(base) && !isAbsolutePath(v, pattern)) {
			const path = pattern ? escapePattern(base.pathname) : base.pathname;
			v = path.slice(0, path.lastIndexOf('/') + 1) + v;
		}
		if (!pattern)
			v = !result.protocol || has(SPECIAL, result.protocol) ? encodePathname(v) : encodeOpaque(v);
		result.pathname = v;
	}
	if (init.search !== undefined) {
		const v = init.search[0] === '?' ? afterMark(init.search) : init.search;
		result.search = pattern ? v : encodeSearch(v);
	}
	if (init.hash !== undefined) {
		const v = init.hash[0] === '#' ? afterMark(init.hash) : init.hash;
		result.hash = pattern ? v : encodeHash(v);
	}
	return result;
}

// ---- the class ----

const isObject = (v) => (typeof v === 'object' && v !== null) || typeof v === 'function';
const isIPv6 = (v) => v.length >= 2 && (v[0] === '[' || ((v[0] === '{' || v[0] === '\\') && v[1] === '['));

function compileAll(init, ignoreCase) {
	const c = { __proto__: null };
	for (let i = 0; i < COMPONENTS.length; i++)
		init[COMPONENTS[i]] ??= '*';
	if (DEFAULT_PORT[init.protocol] !== undefined && DEFAULT_PORT[init.protocol] === init.port)
		init.port = '';
	c.protocol = compile(init.protocol, encodeProtocol, PLAIN, false);
	c.username = compile(init.username, encodeUsername, PLAIN, false);
	c.password = compile(init.password, encodePassword, PLAIN, false);
	const special = matchesSpecial(c.protocol);
	c.hostname = compile(init.hostname, isIPv6(init.hostname) ? encodeIPv6 : special ? encodeDomain : encodeHostname, HOSTNAME, false);
	c.port = compile(init.port, (v) => encodePort(v), PLAIN, false);
	c.pathname = special ? compile(init.pathname, encodePathname, PATHNAME, ignoreCase)
		: compile(init.pathname, encodeOpaque, PLAIN, ignoreCase);
	c.search = compile(init.search, encodeSearch, PLAIN, ignoreCase);
	c.hash = compile(init.hash, encodeHash, PLAIN, ignoreCase);
	return c;
}

// The components of what is matched; undefined: it is no URL.
function inputOf(input, baseURL, inputs) {
	if (isObject(input) || input === undefined || input === null) {
		if (baseURL !== undefined)
			throw new TypeError('A base URL goes with a string only');
		inputs[0] = input ?? {};
		const result = { __proto__: null };
		for (let i = 0; i < COMPONENTS.length; i++)
			result[COMPONENTS[i]] = '';
		const init = readInit(input ?? {});
		try {
			return processInit(init, false, result);
		} catch {
			return undefined;
		}
	}
	inputs[0] = String(input);
	if (baseURL !== undefined)
		inputs[1] = String(baseURL);
	const u = URL.parse(inputs[0], inputs[1]);
	return u === null ? undefined : {
		protocol: withoutLast(u.protocol), username: u.username, password: u.password, hostname: u.hostname, port: u.port,
		pathname: u.pathname, search: afterMark(u.search), hash: afterMark(u.hash),
	};
}

class URLPattern {
	#components;

	constructor(input = {}, baseURL, options) {
		if (isObject(baseURL) || (baseURL === null && arguments.length < 3)) {
			options = baseURL;
			baseURL = undefined;
		} else if (baseURL !== undefined) {
			baseURL = String(baseURL);
		}
		if (options !== undefined && options !== null && !isObject(options))
			throw new TypeError('URLPattern: the options must be an object');
		const ignoreCase = !!options?.ignoreCase;
		let init;
		if (isObject(input) || input === null) {
			if (baseURL !== undefined)
				throw new TypeError('URLPattern: a base URL goes with a string only');
			init = readInit(input ?? {});
		} else {
			init = parseConstructorString(String(input));
			if (baseURL !== undefined)
				init.baseURL = baseURL;
			else if (init.protocol === undefined)
				throw new TypeError(`URLPattern: '${input}' is relative and needs a base URL`);
		}
		this.#components = compileAll(processInit(init, true, { __proto__: null }), ignoreCase);
	}

	test(input = {}, baseURL = undefined) {
		const components = this.#components, values = inputOf(input, baseURL, []);
		for (let i = 0; i < COMPONENTS.length; i++)
			if (values === undefined || !matches(components[COMPONENTS[i]].regexp, values[COMPONENTS[i]]))
				return false;
		return true;
	}

	exec(input = {}, baseURL = undefined) {
		const components = this.#components, result = { inputs: [] }, values = inputOf(input, baseURL, result.inputs);
		if (values === undefined)
			return null;
		for (let i = 0; i < COMPONENTS.length; i++) {
			const name = COMPONENTS[i], { regexp, names } = components[name], m = call(exec, regexp, values[name]), groups = {};
			if (m === null)
				return null;
			for (let k = 0; k < names.length; k++)
				groups[names[k]] = m[k + 1];
			result[name] = { input: values[name], groups };
		}
		return result;
	}

	get protocol() { return this.#components.protocol.pattern; }
	get username() { return this.#components.username.pattern; }
	get password() { return this.#components.password.pattern; }
	get hostname() { return this.#components.hostname.pattern; }
	get port() { return this.#components.port.pattern; }
	get pathname() { return this.#components.pathname.pattern; }
	get search() { return this.#components.search.pattern; }
	get hash() { return this.#components.hash.pattern; }
	get hasRegExpGroups() {
		for (let i = 0; i < COMPONENTS.length; i++)
			if (this.#components[COMPONENTS[i]].hasRegExp)
				return true;
		return false;
	}
}

return { URLPattern: expose(URLPattern) };
})
