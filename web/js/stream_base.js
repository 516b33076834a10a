// stream_base.js: what the files about streams share: lists, conversions of Web IDL,
// queues with sizes and queuing strategies (Streams 7, 8.1). Nothing here calls a method
// that a program could have replaced.
(function (internal) {
'use strict';
const { expose, call, TypeError, RangeError } = internal;

// ---- lists ----

class Link {
	value;
	next = null;
	constructor(value) { this.value = value; }
}

class List {
	head = null;
	tail = null;
	length = 0;
	push(value) {
		const link = new Link(value);
		if (this.head === null)
			this.head = link;
		else
			this.tail.next = link;
		this.tail = link;
		this.length++;
	}
	shift() {
		const link = this.head;
		this.head = link.next;
		if (this.head === null)
			this.tail = null;
		this.length--;
		return link.value;
	}
	first() { return this.head.value; }
	clear() {
		this.head = this.tail = null;
		this.length = 0;
	}
}

// ---- queues with sizes (8.1) ----

class Sized {
	value;
	size;
	constructor(value, size) {
		this.value = value;
		this.size = size;
	}
}

class SizedQueue {
	list = new List();
	total = 0;
	get empty() { return this.list.length === 0; }
	// EnqueueValueWithSize
	push(value, size) {
		if (typeof size !== 'number' || !(size >= 0) || size === Infinity)
			throw new RangeError('The size of a chunk must be a finite, non-negative number');
		this.list.push(new Sized(value, size));
		this.total += size;
	}
	// DequeueValue
	shift() {
		const { value, size } = this.list.shift();
		this.total -= size;
		if (this.total < 0)
			this.total = 0;
		return value;
	}
	first() { return this.list.first().value; }
	// ResetQueue
	clear() {
		this.list.clear();
		this.total = 0;
	}
}

// ---- conversions (Web IDL 3.2) ----

function isObject(v) { return typeof v === 'function' || (typeof v === 'object' && v !== null); }

// A dictionary type: an object, or undefined for none.
function dictionary(v, what) {
	if (v === undefined || v === null)
		return undefined;
	if (!isObject(v))
		throw new TypeError(`${what} must be an object`);
	return v;
}

// An argument of type `object`.
function objectArgument(v, what) {
	if (v !== undefined && !isObject(v))
		throw new TypeError(`${what} must be an object`);
	return v;
}

function callback(v, what) {
	if (v !== undefined && typeof v !== 'function')
		throw new TypeError(`${what} must be a function`);
	return v;
}

// [EnforceRange] unsigned long long
function wholeNumber(v, what) {
	v = +v;
	if (!(v > -1 && v <= 9007199254740991))
		throw new TypeError(`${what} is out of range`);
	v = v - v % 1;
	return v === 0 ? 0 : v;
}

function badThis(name) { return new TypeError(`Value of "this" must be of type ${name}`); }
function badConstructor() { return new TypeError('Illegal constructor'); }

// ---- strategies as arguments (7.4) ----

// QueuingStrategy → { highWaterMark, size }: size is a function of ours, or undefined.
function strategyOf(strategy) {
	strategy = dictionary(strategy, 'The strategy');
	if (strategy === undefined)
		return { highWaterMark: undefined, size: undefined };
	let highWaterMark = strategy.highWaterMark;
	if (highWaterMark !== undefined)
		highWaterMark = +highWaterMark;
	const size = callback(strategy.size, 'The size of a strategy');
	return { highWaterMark, size: size === undefined ? undefined : (chunk) => +call(size, undefined, chunk) };
}

// ExtractHighWaterMark
function highWaterMarkOf(strategy, fallback) {
	const mark = strategy.highWaterMark;
	if (mark === undefined)
		return fallback;
	if (!(mark >= 0))
		throw new RangeError('The highWaterMark must be a non-negative number');
	return mark;
}

// ExtractSizeAlgorithm
function one() { return 1; }
function sizeOf(strategy) { return strategy.size === undefined ? one : strategy.size; }

// ---- the strategies' classes (7.2, 7.3) ----

function strategyInit(init, name) {
	init = dictionary(init, 'The argument');
	const mark = init === undefined ? undefined : init.highWaterMark;
	if (mark === undefined)
		throw new TypeError(`${name}: highWaterMark is required`);
	return +mark;
}

const countSize = { size() { return 1; } }.size;
const byteLengthSize = { size(chunk) { return chunk.byteLength; } }.size;

class CountQueuingStrategy {
	#mark;
	constructor(init) { this.#mark = strategyInit(init, 'CountQueuingStrategy'); }
	get highWaterMark() {
		if (!isObject(this) || !(#mark in this))
			throw badThis('CountQueuingStrategy');
		return this.#mark;
	}
	get size() {
		if (!isObject(this) || !(#mark in this))
			throw badThis('CountQueuingStrategy');
		return countSize;
	}
}

class ByteLengthQueuingStrategy {
	#mark;
	constructor(init) { this.#mark = strategyInit(init, 'ByteLengthQueuingStrategy'); }
	get highWaterMark() {
		if (!isObject(this) || !(#mark in this))
			throw badThis('ByteLengthQueuingStrategy');
		return this.#mark;
	}
	get size() {
		if (!isObject(this) || !(#mark in this))
			throw badThis('ByteLengthQueuingStrategy');
		return byteLengthSize;
	}
}

return {
	List, SizedQueue, isObject, dictionary, objectArgument, callback, wholeNumber, badThis, badConstructor,
	strategyOf, highWaterMarkOf, sizeOf, one,
	// The first argument of a constructor that makes the object of a record.
	token: {},
	ByteLengthQueuingStrategy: expose(ByteLengthQueuingStrategy),
	CountQueuingStrategy: expose(CountQueuingStrategy),
};
})
