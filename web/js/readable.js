// readable.js: ReadableStream with its default reader and controller, tee, async
// iteration and from (Streams 4.1 to 4.3, 4.6, 4.9); pipes are in pipe.js, byte streams in
// byte_stream.js, which this file loads when they are needed. Each public object has a
// record with its state; the algorithms work on records only.
(function (internal) {
'use strict';
const { expose, promise, resolve, reject, resolved, rejected, then, chain, handled, promiseCall, call, TypeError,
	RangeError, symIterator, symAsyncIterator, symToStringTag, AsyncIteratorPrototype } = internal;
const { List, SizedQueue, isObject, dictionary, objectArgument, callback, wholeNumber, badThis, badConstructor,
	strategyOf, highWaterMarkOf, sizeOf, one, token } = internal.load('stream_base');
const bytes = () => internal.load('byte_stream');
const pipes = () => internal.load('pipe');

class Stream {
	object;
	state = 'readable';
	storedError = undefined;
	reader = undefined;
	disturbed = false;
	// a Controller here, or byte_stream.js's
	controller = undefined;
}

// A default reader, or a BYOB reader, whose requests get views.
class Reader {
	object;
	stream = undefined;
	closed;
	requests = new List();
	byob;
	constructor(byob) { this.byob = byob; }
}

class Controller {
	object;
	stream;
	queue = new SizedQueue();
	started = false;
	closeRequested = false;
	pullAgain = false;
	pulling = false;
	highWaterMark;
	size;
	pullAlgorithm;
	cancelAlgorithm;

	// [[CancelSteps]]
	cancel(reason) {
		this.empty();
		const result = this.cancelAlgorithm(reason);
		this.forget();
		return result;
	}
	empty() { this.queue.clear(); }
	// …ControllerClearAlgorithms
	forget() { this.pullAlgorithm = this.cancelAlgorithm = this.size = undefined; }
	// [[PullSteps]]
	read(request) {
		const stream = this.stream;
		if (this.queue.empty) {
			stream.reader.requests.push(request);
			callPull(this);
			return;
		}
		const chunk = this.queue.shift();
		if (this.closeRequested && this.queue.empty) {
			this.forget();
			closeStream(stream);
		} else {
			callPull(this);
		}
		request.chunk(chunk);
	}
	// [[ReleaseSteps]]
	release() { }
}

// Read requests have chunk(v), close() and error(e); those of BYOB readers, read-into
// requests, get a view in close as well. These settle a promise.
class PromiseRequest {
	promise = promise();
	chunk(value) { resolve(this.promise, { value, done: false }); }
	close(value) { resolve(this.promise, { value, done: true }); }
	error(e) { reject(this.promise, e); }
}

// ---- working with streams (4.9.1) ----

function isLocked(stream) { return stream.reader !== undefined; }

function newStream() {
	const stream = new Stream();
	stream.object = new ReadableStream(token, stream);
	return stream;
}

// CreateReadableStream
function createStream(start, pull, cancel, highWaterMark = 1, size = one) {
	const stream = newStream();
	const controller = new Controller();
	controller.object = new ReadableStreamDefaultController(token, controller);
	controller.size = size;
	setUpController(stream, controller, { start, pull, cancel }, highWaterMark);
	return stream;
}

// ReadableStreamFromIterable
function streamFromIterable(iterable) {
	let iterator, method = isObject(iterable) || typeof iterable === 'string' ? iterable[symAsyncIterator] : undefined;
	if (method === undefined || method === null) {
		method = iterable === undefined || iterable === null ? undefined : iterable[symIterator];
		if (typeof method !== 'function')
			throw new TypeError('The argument is not iterable');
		iterator = call(method, iterable);
		if (!isObject(iterator))
			throw new TypeError('The iterator is not an object');
		iterator = internal.syncIterator(iterator, iterator.next);
	} else {
		if (typeof method !== 'function')
			throw new TypeError('The async iterator method is not a function');
		iterator = call(method, iterable);
		if (!isObject(iterator))
			throw new TypeError('The iterator is not an object');
	}
	const next = iterator.next;
	const stream = createStream(() => undefined, () => chain(promiseCall(next, iterator), (result) => {
		if (!isObject(result))
			throw new TypeError('The result of an iterator must be an object');
		if (result.done)
			controllerClose(stream.controller);
		else
			controllerEnqueue(stream.controller, result.value);
	}), (reason) => {
		let end;
		try {
			end = iterator.return;
		} catch (e) {
			return rejected(e);
		}
		if (end === undefined || end === null)
			return resolved(undefined);
		return chain(promiseCall(end, iterator, reason), (result) => {
			if (!isObject(result))
				throw new TypeError('The result of an iterator must be an object');
		});
	}, 0);
	return stream;
}

// ReadableStreamTee; clone: copies chunks for the second branch.
function tee(stream, clone) {
	return stream.controller.isBytes === true ? bytes().tee(stream) : defaultTee(stream, clone);
}

// What the branches of a tee share (4.9.1): who was cancelled with what, and how all ends.
class Branches {
	stream;
	one;
	two;
	cancelled = promise();
	canceled1 = false;
	canceled2 = false;
	reason1 = undefined;
	reason2 = undefined;
	constructor(stream) { this.stream = stream; }
	// The cancel algorithm of a branch
	cancel(reason, second) {
		if (second) {
			this.canceled2 = true;
			this.reason2 = reason;
		} else {
			this.canceled1 = true;
			this.reason1 = reason;
		}
		if (this.canceled1 && this.canceled2)
			resolve(this.cancelled, cancelStream(this.stream, [this.reason1, this.reason2]));
		return this.cancelled;
	}
	error(e) {
		controllerError(this.one.controller, e);
		controllerError(this.two.controller, e);
	}
	// A chunk could not be copied.
	fail(e) {
		this.error(e);
		resolve(this.cancelled, cancelStream(this.stream, e));
	}
	end() {
		if (!this.canceled1 || !this.canceled2)
			resolve(this.cancelled, undefined);
	}
	// The branches fail when the stream does, as its reader's promise says while it is theirs.
	follow(closed, current) {
		then(closed, undefined, (e) => {
			if (!current())
				return;
			this.error(e);
			this.end();
		});
	}
}

// ReadableStreamDefaultTee
function defaultTee(stream, clone) {
	const reader = acquireReader(stream);
	let reading = false, again = false;
	const both = new Branches(stream);
	const request = {
		chunk(chunk) {
			// A microtask, so that a pull that is due is not lost (4.9.1).
			then(resolved(undefined), () => {
				again = false;
				let chunk2 = chunk;
				if (!both.canceled2 && clone !== undefined) {
					try {
						chunk2 = clone(chunk);
					} catch (e) {
						both.fail(e);
						return;
					}
				}
				if (!both.canceled1)
					enqueueIfPossible(both.one.controller, chunk);
				if (!both.canceled2)
					enqueueIfPossible(both.two.controller, chunk2);
				reading = false;
				if (again)
					pull();
			});
		},
		close() {
			reading = false;
			if (!both.canceled1)
				controllerClose(both.one.controller);
			if (!both.canceled2)
				controllerClose(both.two.controller);
			both.end();
		},
		error() { reading = false; },
	};
	function pull() {
		if (reading) {
			again = true;
			return resolved(undefined);
		}
		reading = true;
		readChunk(reader, request);
		return resolved(undefined);
	}
	const start = () => undefined;
	both.one = createStream(start, pull, (reason) => both.cancel(reason, false));
	both.two = createStream(start, pull, (reason) => both.cancel(reason, true));
	both.follow(reader.closed, () => true);
	return [both.one, both.two];
}

// ---- interfacing with controllers (4.9.2) ----

// ReadableStreamCancel
function cancelStream(stream, reason) {
	stream.disturbed = true;
	if (stream.state === 'closed')
		return resolved(undefined);
	if (stream.state === 'errored')
		return rejected(stream.storedError);
	closeStream(stream);
	const reader = stream.reader;
	if (reader !== undefined && reader.byob) {
		const requests = reader.requests;
		reader.requests = new List();
		while (requests.length > 0)
			requests.shift().close(undefined);
	}
	return chain(stream.controller.cancel(reason), () => undefined);
}

// ReadableStreamClose
function closeStream(stream) {
	stream.state = 'closed';
	const reader = stream.reader;
	if (reader === undefined)
		return;
	resolve(reader.closed, undefined);
	if (reader.byob)
		return;
	const requests = reader.requests;
	reader.requests = new List();
	while (requests.length > 0)
		requests.shift().close(undefined);
}

// ReadableStreamError
function errorStream(stream, e) {
	stream.state = 'errored';
	stream.storedError = e;
	const reader = stream.reader;
	if (reader === undefined)
		return;
	reject(reader.closed, e);
	handled(reader.closed);
	errorRequests(reader, e);
}

// How many requests of the given kind of reader wait.
function waiting(stream, byob) {
	const reader = stream.reader;
	return reader !== undefined && reader.byob === byob ? reader.requests.length : 0;
}

// ---- readers (4.9.3) ----

// ReadableStreamDefaultReaderErrorReadRequests and its BYOB sibling
function errorRequests(reader, e) {
	const requests = reader.requests;
	reader.requests = new List();
	while (requests.length > 0)
		requests.shift().error(e);
}

// ReadableStreamReaderGenericInitialize
function setUpReader(reader, stream) {
	if (isLocked(stream))
		throw new TypeError('The ReadableStream is locked');
	if (reader.byob && stream.controller.isBytes !== true)
		throw new TypeError('A BYOB reader needs a stream of bytes');
	reader.stream = stream;
	stream.reader = reader;
	if (stream.state === 'readable') {
		reader.closed = promise();
	} else if (stream.state === 'closed') {
		reader.closed = resolved(undefined);
	} else {
		reader.closed = rejected(stream.storedError);
		handled(reader.closed);
	}
}

// AcquireReadableStreamDefaultReader, AcquireReadableStreamBYOBReader
function acquireReader(stream, byob = false) {
	const reader = new Reader(byob);
	setUpReader(reader, stream);
	return reader;
}

// ReadableStreamReaderGenericRelease, then the requests
function releaseReader(reader) {
	const stream = reader.stream;
	const error = new TypeError('The reader was released');
	if (stream.state === 'readable')
		reject(reader.closed, error);
	else
		reader.closed = rejected(error);
	handled(reader.closed);
	stream.controller.release();
	stream.reader = undefined;
	reader.stream = undefined;
	errorRequests(reader, error);
}

// ReadableStreamDefaultReaderRead
function readChunk(reader, request) {
	const stream = reader.stream;
	stream.disturbed = true;
	if (stream.state === 'closed')
		request.close(undefined);
	else if (stream.state === 'errored')
		request.error(stream.storedError);
	else
		stream.controller.read(request);
}

// ---- controllers of both kinds (4.9.4, 4.9.5): empty() drops what is queued, forget() the
// algorithms ----

// ReadableStreamDefaultControllerShouldCallPull and its byte sibling: only a stream of
// bytes has a BYOB reader
function shouldPull(controller) {
	if (!canEnqueue(controller) || !controller.started)
		return false;
	const stream = controller.stream;
	return waiting(stream, false) > 0 || waiting(stream, true) > 0 || desiredSize(controller) > 0;
}

// Readable…ControllerCallPullIfNeeded
function callPull(controller) {
	if (!shouldPull(controller))
		return;
	if (controller.pulling) {
		controller.pullAgain = true;
		return;
	}
	controller.pulling = true;
	then(controller.pullAlgorithm(), () => {
		controller.pulling = false;
		if (controller.pullAgain) {
			controller.pullAgain = false;
			callPull(controller);
		}
	}, (e) => controllerError(controller, e));
}

// Readable…ControllerError
function controllerError(controller, e) {
	const stream = controller.stream;
	if (stream.state !== 'readable')
		return;
	controller.empty();
	controller.forget();
	errorStream(stream, e);
}

// Readable…ControllerGetDesiredSize
function desiredSize(controller) {
	const state = controller.stream.state;
	if (state === 'errored')
		return null;
	return state === 'closed' ? 0 : controller.highWaterMark - controller.queue.total;
}

// SetUpReadable…Controller
function setUpController(stream, controller, algorithms, highWaterMark) {
	controller.stream = stream;
	controller.highWaterMark = highWaterMark;
	controller.pullAlgorithm = algorithms.pull;
	controller.cancelAlgorithm = algorithms.cancel;
	stream.controller = controller;
	then(resolved(algorithms.start()), () => {
		controller.started = true;
		callPull(controller);
	}, (e) => controllerError(controller, e));
}

// ---- default controllers (4.9.4) ----

// ReadableStreamDefaultControllerClose
function controllerClose(controller) {
	if (!canEnqueue(controller))
		return;
	controller.closeRequested = true;
	if (controller.queue.empty) {
		controller.forget();
		closeStream(controller.stream);
	}
}

// ReadableStreamDefaultControllerEnqueue
function controllerEnqueue(controller, chunk) {
	const stream = controller.stream;
	if (!canEnqueue(controller))
		return;
	if (waiting(stream, false) > 0) {
		stream.reader.requests.shift().chunk(chunk);
	} else {
		try {
			controller.queue.push(chunk, controller.size(chunk));
		} catch (e) {
			controllerError(controller, e);
			throw e;
		}
	}
	callPull(controller);
}

// An error of size() has errored the stream.
function enqueueIfPossible(controller, chunk) {
	try {
		controllerEnqueue(controller, chunk);
	} catch { }
}

// ReadableStreamDefaultControllerHasBackpressure
function hasBackpressure(controller) { return !shouldPull(controller); }

// ReadableStreamDefaultControllerCanCloseOrEnqueue
function canEnqueue(controller) { return !controller.closeRequested && controller.stream.state === 'readable'; }

// The methods of an underlying source as algorithms; object: the public controller.
function sourceAlgorithms(source, methods, object) {
	const { start, pull, cancel } = methods;
	return {
		start: () => start === undefined ? undefined : call(start, source, object),
		pull: pull === undefined ? () => resolved(undefined) : () => promiseCall(pull, source, object),
		cancel: cancel === undefined ? () => resolved(undefined) : (reason) => promiseCall(cancel, source, reason),
	};
}

// ---- async iteration (4.2.5) ----

class Iteration {
	reader;
	preventCancel;
	ongoing = undefined;
	pending = 0;
	finished = false;
	constructor(reader, preventCancel) {
		this.reader = reader;
		this.preventCancel = preventCancel;
	}
	// "get the next iteration result"
	step() {
		if (this.finished)
			return resolved({ value: undefined, done: true });
		const reader = this.reader, p = promise();
		readChunk(reader, {
			chunk: (value) => resolve(p, { value, done: false }),
			close: () => {
				this.finished = true;
				releaseReader(reader);
				resolve(p, { value: undefined, done: true });
			},
			error: (e) => {
				this.finished = true;
				releaseReader(reader);
				reject(p, e);
			},
		});
		return p;
	}
	// "asynchronous iterator return"
	end(value) {
		if (this.finished)
			return resolved({ value, done: true });
		this.finished = true;
		const reader = this.reader;
		if (this.preventCancel) {
			releaseReader(reader);
			return resolved({ value, done: true });
		}
		const p = cancelStream(reader.stream, value);
		releaseReader(reader);
		return chain(p, () => ({ value, done: true }));
	}
}

// Puts the iteration into any object, as if the object were of this class.
function Given(o) { return o; }
let iterationOf;
class Iterator extends Given {
	#s;
	static { iterationOf = (o) => isObject(o) && #s in o ? o.#s : undefined; }
	constructor(o, iteration) {
		super(o);
		this.#s = iteration;
	}
}

// One after the other (Web IDL 3.7.10.2).
function queued(iteration, step) {
	const p = iteration.pending === 0 ? step() : chain(iteration.ongoing, step, step);
	const done = () => { iteration.pending--; };
	iteration.pending++;
	iteration.ongoing = p;
	then(p, done, done);
	return p;
}

const iteratorPrototype = {
	__proto__: AsyncIteratorPrototype,
	next() {
		const iteration = iterationOf(this);
		if (iteration === undefined)
			return rejected(badThis('ReadableStreamAsyncIterator'));
		return queued(iteration, () => iteration.step());
	},
	return(value) {
		const iteration = iterationOf(this);
		if (iteration === undefined)
			return rejected(badThis('ReadableStreamAsyncIterator'));
		return queued(iteration, () => iteration.end(value));
	},
};
internal.define(iteratorPrototype, symToStringTag, 'ReadableStream AsyncIterator', false);

// ---- classes ----

let streamOf, readerOf, byobReaderOf;

class ReadableStream {
	#s;
	static { streamOf = (o) => isObject(o) && #s in o ? o.#s : undefined; }
	constructor(underlyingSource = undefined, strategy = undefined) {
		if (underlyingSource === token) {
			this.#s = strategy;
			return;
		}
		const source = objectArgument(underlyingSource, 'The underlying source');
		strategy = strategyOf(strategy);
		const methods = { cancel: undefined, pull: undefined, start: undefined };
		let type, autoAllocate;
		if (source !== undefined) {
			autoAllocate = source.autoAllocateChunkSize;
			if (autoAllocate !== undefined)
				autoAllocate = wholeNumber(autoAllocate, 'autoAllocateChunkSize');
			methods.cancel = callback(source.cancel, 'cancel');
			methods.pull = callback(source.pull, 'pull');
			methods.start = callback(source.start, 'start');
			type = source.type;
			if (type !== undefined && `${type}` !== 'bytes')
				throw new TypeError('The type of an underlying source must be "bytes" or undefined');
		}
		const stream = this.#s = new Stream();
		stream.object = this;
		if (type !== undefined) {
			if (strategy.size !== undefined)
				throw new RangeError('A stream of bytes cannot have a size function');
			bytes().setUpFromSource(stream, source, methods, highWaterMarkOf(strategy, 0), autoAllocate);
			return;
		}
		const controller = new Controller();
		controller.object = new ReadableStreamDefaultController(token, controller);
		controller.size = sizeOf(strategy);
		setUpController(stream, controller, sourceAlgorithms(source, methods, controller.object), highWaterMarkOf(strategy, 1));
	}
	static from(asyncIterable) { return streamFromIterable(asyncIterable).object; }
	get locked() {
		const s = streamOf(this);
		if (s === undefined)
			throw badThis('ReadableStream');
		return isLocked(s);
	}
	cancel(reason = undefined) {
		const s = streamOf(this);
		if (s === undefined)
			return rejected(badThis('ReadableStream'));
		if (isLocked(s))
			return rejected(new TypeError('Cannot cancel a stream that is locked'));
		return cancelStream(s, reason);
	}
	getReader(options = undefined) {
		const s = streamOf(this);
		if (s === undefined)
			throw badThis('ReadableStream');
		options = dictionary(options, 'The options');
		const mode = options === undefined ? undefined : options.mode;
		if (mode === undefined)
			return new ReadableStreamDefaultReader(this);
		if (`${mode}` !== 'byob')
			throw new TypeError('The mode of a reader must be "byob" or undefined');
		return new ReadableStreamBYOBReader(this);
	}
	pipeThrough(transform, options = undefined) {
		const s = streamOf(this);
		if (s === undefined)
			throw badThis('ReadableStream');
		return pipes().pipeThrough(s, transform, options);
	}
	pipeTo(destination, options = undefined) {
		const s = streamOf(this);
		if (s === undefined)
			return rejected(badThis('ReadableStream'));
		return pipes().pipeTo(s, destination, options);
	}
	tee() {
		const s = streamOf(this);
		if (s === undefined)
			throw badThis('ReadableStream');
		const branches = tee(s, undefined);
		return [branches[0].object, branches[1].object];
	}
	values(options = undefined) {
		const s = streamOf(this);
		if (s === undefined)
			throw badThis('ReadableStream');
		options = dictionary(options, 'The options');
		const preventCancel = options !== undefined && !!options.preventCancel;
		const iterator = { __proto__: iteratorPrototype };
		new Iterator(iterator, new Iteration(acquireReader(s), preventCancel));
		return iterator;
	}
}

class ReadableStreamDefaultReader {
	#s;
	static { readerOf = (o) => isObject(o) && #s in o ? o.#s : undefined; }
	constructor(stream) {
		const s = streamOf(stream);
		if (s === undefined)
			throw new TypeError('The argument must be a ReadableStream');
		const reader = new Reader(false);
		setUpReader(reader, s);
		this.#s = reader;
	}
	get closed() {
		const r = readerOf(this);
		return r === undefined ? rejected(badThis('ReadableStreamDefaultReader')) : r.closed;
	}
	cancel(reason = undefined) {
		const r = readerOf(this);
		if (r === undefined)
			return rejected(badThis('ReadableStreamDefaultReader'));
		return r.stream === undefined ? rejected(new TypeError('The reader was released')) : cancelStream(r.stream, reason);
	}
	read() {
		const r = readerOf(this);
		if (r === undefined)
			return rejected(badThis('ReadableStreamDefaultReader'));
		if (r.stream === undefined)
			return rejected(new TypeError('The reader was released'));
		const request = new PromiseRequest();
		readChunk(r, request);
		return request.promise;
	}
	releaseLock() {
		const r = readerOf(this);
		if (r === undefined)
			throw badThis('ReadableStreamDefaultReader');
		if (r.stream !== undefined)
			releaseReader(r);
	}
}

class ReadableStreamBYOBReader {
	#s;
	static { byobReaderOf = (o) => isObject(o) && #s in o ? o.#s : undefined; }
	constructor(stream) {
		const s = streamOf(stream);
		if (s === undefined)
			throw new TypeError('The argument must be a ReadableStream');
		const reader = new Reader(true);
		setUpReader(reader, s);
		this.#s = reader;
	}
	get closed() {
		const r = byobReaderOf(this);
		return r === undefined ? rejected(badThis('ReadableStreamBYOBReader')) : r.closed;
	}
	cancel(reason = undefined) {
		const r = byobReaderOf(this);
		if (r === undefined)
			return rejected(badThis('ReadableStreamBYOBReader'));
		return r.stream === undefined ? rejected(new TypeError('The reader was released')) : cancelStream(r.stream, reason);
	}
	read(view, options = undefined) {
		const r = byobReaderOf(this);
		if (r === undefined)
			return rejected(badThis('ReadableStreamBYOBReader'));
		const request = new PromiseRequest();
		try {
			bytes().read(r, view, options, request);
		} catch (e) {
			return rejected(e);
		}
		return request.promise;
	}
	releaseLock() {
		const r = byobReaderOf(this);
		if (r === undefined)
			throw badThis('ReadableStreamBYOBReader');
		if (r.stream !== undefined)
			releaseReader(r);
	}
}

class ReadableStreamDefaultController {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('ReadableStreamDefaultController');
		return o.#s;
	}
	constructor() {
		if (arguments[0] !== token)
			throw badConstructor();
		this.#s = arguments[1];
	}
	get desiredSize() { return desiredSize(ReadableStreamDefaultController.#of(this)); }
	close() {
		const c = ReadableStreamDefaultController.#of(this);
		if (!canEnqueue(c))
			throw new TypeError('The stream is closed already or cannot be closed');
		controllerClose(c);
	}
	enqueue(chunk = undefined) {
		const c = ReadableStreamDefaultController.#of(this);
		if (!canEnqueue(c))
			throw new TypeError('Nothing can be enqueued: the stream is closed or errored');
		controllerEnqueue(c, chunk);
	}
	error(e = undefined) { controllerError(ReadableStreamDefaultController.#of(this), e); }
}

expose(ReadableStream);
expose(ReadableStreamDefaultReader);
expose(ReadableStreamBYOBReader);
expose(ReadableStreamDefaultController);
internal.define(ReadableStream.prototype, symAsyncIterator, ReadableStream.prototype.values, true);

return {
	ReadableStream, ReadableStreamDefaultReader, ReadableStreamBYOBReader, ReadableStreamDefaultController,
	streamOf, newStream, createStream, isLocked, tee, cancelStream, closeStream, errorStream, waiting, acquireReader,
	releaseReader, readChunk, callPull, setUpController, controllerClose, controllerEnqueue, controllerError, desiredSize,
	hasBackpressure, canEnqueue, sourceAlgorithms, Branches,
};
})
