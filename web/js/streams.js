// streams.js: WHATWG Streams.
(function (internal) {
'use strict';
const { expose, TypeError } = internal;

// ---- queuing strategies (Streams 7) ----

function dictionary(value, what) {
	if (value !== undefined && value !== null && typeof value !== 'object' && typeof value !== 'function')
		throw new TypeError(`${what} must be an object`);
	return value === null ? undefined : value;
}

function strategyInit(init, name) {
	if (dictionary(init, 'The init argument') === undefined || init.highWaterMark === undefined)
		throw new TypeError(`${name}: the highWaterMark property is required`);
	return +init.highWaterMark;
}

const countSize = { size() { return 1; } }.size;
const byteLengthSize = { size(chunk) { return chunk.byteLength; } }.size;

class CountQueuingStrategy {
	#highWaterMark;
	constructor(init) { this.#highWaterMark = strategyInit(init, 'CountQueuingStrategy'); }
	get highWaterMark() { return this.#highWaterMark; }
	get size() { return #highWaterMark in this ? countSize : this.#highWaterMark; }
}

class ByteLengthQueuingStrategy {
	#highWaterMark;
	constructor(init) { this.#highWaterMark = strategyInit(init, 'ByteLengthQueuingStrategy'); }
	get highWaterMark() { return this.#highWaterMark; }
	get size() { return #highWaterMark in this ? byteLengthSize : this.#highWaterMark; }
}

return {
	ByteLengthQueuingStrategy: expose(ByteLengthQueuingStrategy),
	CountQueuingStrategy: expose(CountQueuingStrategy),
};
})
