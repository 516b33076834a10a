// writable.js: WritableStream, its writer and its controller (Streams 5). Each public
// object has a record (`Stream`, `Writer`, `Controller`) with its state; the algorithms
// work on records only.
(function (internal) {
'use strict';
const { expose, promise, resolve, reject, resolved, rejected, then, chain, handled, promiseCall, call, TypeError,
	signalNew, signalAbort } = internal;
const { List, SizedQueue, isObject, dictionary, objectArgument, callback, badThis, badConstructor, strategyOf,
	highWaterMarkOf, sizeOf, token } = internal.load('stream_base');

class Stream {
	object;
	state = 'writable';
	storedError = undefined;
	writer = undefined;
	controller = undefined;
	// promises of write() that are queued; of the one in flight
	writeRequests = new List();
	inFlightWrite = undefined;
	closeRequest = undefined;
	inFlightClose = undefined;
	// { promise, reason, wasErroring }
	pendingAbort = undefined;
	backpressure = false;
}

class Controller {
	object;
	stream;
	queue = new SizedQueue();
	started = false;
	signal = undefined;
	highWaterMark;
	size;
	write;
	close;
	abort;
}

class Writer {
	object;
	stream;
	ready;
	closed;
}

const closeSentinel = {};

// ---- working with streams (5.5.1) ----

function isLocked(stream) { return stream.writer !== undefined; }

// CreateWritableStream
function createStream(start, write, close, abort, highWaterMark, size) {
	const stream = newStream();
	const controller = new Controller();
	controller.object = new WritableStreamDefaultController(token, controller);
	setUpController(stream, controller, start, write, close, abort, highWaterMark, size);
	return stream;
}

function newStream() {
	const stream = new Stream();
	stream.object = new WritableStream(token, stream);
	return stream;
}

// WritableStreamAbort
function abortStream(stream, reason) {
	if (stream.state === 'closed' || stream.state === 'errored')
		return resolved(undefined);
	signalAbort(stream.controller.signal, reason);
	const state = stream.state;
	if (state === 'closed' || state === 'errored')
		return resolved(undefined);
	if (stream.pendingAbort !== undefined)
		return stream.pendingAbort.promise;
	const wasErroring = state === 'erroring';
	if (wasErroring)
		reason = undefined;
	const p = promise();
	stream.pendingAbort = { promise: p, reason, wasErroring };
	if (!wasErroring)
		startErroring(stream, reason);
	return p;
}

// WritableStreamClose
function closeStream(stream) {
	const state = stream.state;
	if (state === 'closed' || state === 'errored')
		return rejected(new TypeError(`Cannot close a stream that is ${state}`));
	const p = promise();
	stream.closeRequest = p;
	if (stream.writer !== undefined && stream.backpressure && state === 'writable')
		resolve(stream.writer.ready, undefined);
	// WritableStreamDefaultControllerClose
	stream.controller.queue.push(closeSentinel, 0);
	advanceQueue(stream.controller);
	return p;
}

// ---- interfacing with controllers (5.5.2) ----

// WritableStreamAddWriteRequest
function addWriteRequest(stream) {
	const p = promise();
	stream.writeRequests.push(p);
	return p;
}

function closeQueuedOrInFlight(stream) { return stream.closeRequest !== undefined || stream.inFlightClose !== undefined; }

// WritableStreamDealWithRejection
function dealWithRejection(stream, error) {
	if (stream.state === 'writable')
		startErroring(stream, error);
	else
		finishErroring(stream);
}

// WritableStreamStartErroring
function startErroring(stream, reason) {
	const controller = stream.controller;
	stream.state = 'erroring';
	stream.storedError = reason;
	if (stream.writer !== undefined)
		ensureReadyRejected(stream.writer, reason);
	if (stream.inFlightWrite === undefined && stream.inFlightClose === undefined && controller.started)
		finishErroring(stream);
}

// WritableStreamFinishErroring
function finishErroring(stream) {
	stream.state = 'errored';
	stream.controller.queue.clear();
	const error = stream.storedError;
	while (stream.writeRequests.length > 0)
		reject(stream.writeRequests.shift(), error);
	if (stream.pendingAbort === undefined) {
		rejectCloseAndClosed(stream);
		return;
	}
	const abort = stream.pendingAbort;
	stream.pendingAbort = undefined;
	if (abort.wasErroring) {
		reject(abort.promise, error);
		rejectCloseAndClosed(stream);
		return;
	}
	// WritableStreamDefaultController [[AbortSteps]]
	const p = stream.controller.abort(abort.reason);
	clearAlgorithms(stream.controller);
	then(p, () => {
		resolve(abort.promise, undefined);
		rejectCloseAndClosed(stream);
	}, (reason) => {
		reject(abort.promise, reason);
		rejectCloseAndClosed(stream);
	});
}

// WritableStreamFinishInFlightWrite
function finishWrite(stream) {
	resolve(stream.inFlightWrite, undefined);
	stream.inFlightWrite = undefined;
}

// WritableStreamFinishInFlightWriteWithError
function finishWriteWithError(stream, error) {
	reject(stream.inFlightWrite, error);
	stream.inFlightWrite = undefined;
	dealWithRejection(stream, error);
}

// WritableStreamFinishInFlightClose
function finishClose(stream) {
	resolve(stream.inFlightClose, undefined);
	stream.inFlightClose = undefined;
	if (stream.state === 'erroring') {
		stream.storedError = undefined;
		if (stream.pendingAbort !== undefined) {
			resolve(stream.pendingAbort.promise, undefined);
			stream.pendingAbort = undefined;
		}
	}
	stream.state = 'closed';
	if (stream.writer !== undefined)
		resolve(stream.writer.closed, undefined);
}

// WritableStreamFinishInFlightCloseWithError
function finishCloseWithError(stream, error) {
	reject(stream.inFlightClose, error);
	stream.inFlightClose = undefined;
	if (stream.pendingAbort !== undefined) {
		reject(stream.pendingAbort.promise, error);
		stream.pendingAbort = undefined;
	}
	dealWithRejection(stream, error);
}

// WritableStreamRejectCloseAndClosedPromiseIfNeeded
function rejectCloseAndClosed(stream) {
	if (stream.closeRequest !== undefined) {
		reject(stream.closeRequest, stream.storedError);
		stream.closeRequest = undefined;
	}
	if (stream.writer !== undefined) {
		reject(stream.writer.closed, stream.storedError);
		handled(stream.writer.closed);
	}
}

// WritableStreamUpdateBackpressure
function updateBackpressure(stream, backpressure) {
	const writer = stream.writer;
	if (writer !== undefined && backpressure !== stream.backpressure) {
		if (backpressure)
			writer.ready = promise();
		else
			resolve(writer.ready, undefined);
	}
	stream.backpressure = backpressure;
}

// ---- writers (5.5.3) ----

// SetUpWritableStreamDefaultWriter
function setUpWriter(writer, stream) {
	if (isLocked(stream))
		throw new TypeError('The WritableStream is locked already');
	writer.stream = stream;
	stream.writer = writer;
	switch (stream.state) {
	case 'writable':
		writer.ready = !closeQueuedOrInFlight(stream) && stream.backpressure ? promise() : resolved(undefined);
		writer.closed = promise();
		break;
	case 'erroring':
		writer.ready = rejected(stream.storedError);
		handled(writer.ready);
		writer.closed = promise();
		break;
	case 'closed':
		writer.ready = resolved(undefined);
		writer.closed = resolved(undefined);
		break;
	default:
		writer.ready = rejected(stream.storedError);
		handled(writer.ready);
		writer.closed = rejected(stream.storedError);
		handled(writer.closed);
	}
}

// AcquireWritableStreamDefaultWriter
function acquireWriter(stream) {
	const writer = new Writer();
	setUpWriter(writer, stream);
	writer.object = new WritableStreamDefaultWriter(token, writer);
	return writer;
}

// WritableStreamDefaultWriterCloseWithErrorPropagation
function closeWithErrorPropagation(writer) {
	const stream = writer.stream;
	if (closeQueuedOrInFlight(stream) || stream.state === 'closed')
		return resolved(undefined);
	if (stream.state === 'errored')
		return rejected(stream.storedError);
	return closeStream(stream);
}

// Rejects a promise of a writer that is pending, or replaces it by one that is rejected.
function rejectedAnew(p, error) {
	if (internal.state(p) === 0)
		reject(p, error);
	else
		p = rejected(error);
	handled(p);
	return p;
}

// WritableStreamDefaultWriterEnsureReadyPromiseRejected, …ClosedPromiseRejected
function ensureReadyRejected(writer, error) { writer.ready = rejectedAnew(writer.ready, error); }
function ensureClosedRejected(writer, error) { writer.closed = rejectedAnew(writer.closed, error); }

// WritableStreamDefaultWriterGetDesiredSize
function writerDesiredSize(writer) {
	const stream = writer.stream;
	if (stream.state === 'errored' || stream.state === 'erroring')
		return null;
	return stream.state === 'closed' ? 0 : desiredSize(stream.controller);
}

// WritableStreamDefaultWriterRelease
function releaseWriter(writer) {
	const stream = writer.stream;
	const error = new TypeError('The writer was released');
	ensureReadyRejected(writer, error);
	ensureClosedRejected(writer, error);
	stream.writer = undefined;
	writer.stream = undefined;
}

// WritableStreamDefaultWriterWrite
function writeChunk(writer, chunk) {
	const stream = writer.stream, controller = stream.controller;
	const size = chunkSize(controller, chunk);
	if (stream !== writer.stream)
		return rejected(new TypeError('The writer was released'));
	if (stream.state === 'errored')
		return rejected(stream.storedError);
	if (closeQueuedOrInFlight(stream) || stream.state === 'closed')
		return rejected(new TypeError('Cannot write to a stream that is closing or closed'));
	if (stream.state === 'erroring')
		return rejected(stream.storedError);
	const p = addWriteRequest(stream);
	controllerWrite(controller, chunk, size);
	return p;
}

// ---- controllers (5.5.4) ----

// SetUpWritableStreamDefaultController
function setUpController(stream, controller, start, write, close, abort, highWaterMark, size) {
	controller.stream = stream;
	stream.controller = controller;
	controller.signal = signalNew();
	controller.size = size;
	controller.highWaterMark = highWaterMark;
	controller.write = write;
	controller.close = close;
	controller.abort = abort;
	updateBackpressure(stream, hasBackpressure(controller));
	then(resolved(start()), () => {
		controller.started = true;
		advanceQueue(controller);
	}, (reason) => {
		controller.started = true;
		dealWithRejection(stream, reason);
	});
}

// SetUpWritableStreamDefaultControllerFromUnderlyingSink
function setUpFromSink(stream, sink, methods, highWaterMark, size) {
	const controller = new Controller();
	const object = controller.object = new WritableStreamDefaultController(token, controller);
	const { start, write, close, abort } = methods;
	setUpController(stream, controller,
		() => start === undefined ? undefined : call(start, sink, object),
		write === undefined ? () => resolved(undefined) : (chunk) => promiseCall(write, sink, chunk, object),
		close === undefined ? () => resolved(undefined) : () => promiseCall(close, sink),
		abort === undefined ? () => resolved(undefined) : (reason) => promiseCall(abort, sink, reason),
		highWaterMark, size);
}

// WritableStreamDefaultControllerAdvanceQueueIfNeeded
function advanceQueue(controller) {
	const stream = controller.stream;
	if (!controller.started || stream.inFlightWrite !== undefined)
		return;
	if (stream.state === 'erroring') {
		finishErroring(stream);
		return;
	}
	if (controller.queue.empty || stream.state === 'errored' || stream.state === 'closed')
		return;
	const value = controller.queue.first();
	if (value === closeSentinel)
		processClose(controller);
	else
		processWrite(controller, value);
}

// WritableStreamDefaultControllerClearAlgorithms
function clearAlgorithms(controller) {
	controller.write = controller.close = controller.abort = controller.size = undefined;
}

// WritableStreamDefaultControllerError
function controllerError(controller, error) {
	clearAlgorithms(controller);
	startErroring(controller.stream, error);
}

function errorIfNeeded(controller, error) {
	if (controller.stream.state === 'writable')
		controllerError(controller, error);
}

function desiredSize(controller) { return controller.highWaterMark - controller.queue.total; }
function hasBackpressure(controller) { return desiredSize(controller) <= 0; }

// WritableStreamDefaultControllerGetChunkSize
function chunkSize(controller, chunk) {
	if (controller.size === undefined)
		return 1;
	try {
		return controller.size(chunk);
	} catch (error) {
		errorIfNeeded(controller, error);
		return 1;
	}
}

// WritableStreamDefaultControllerProcessClose
function processClose(controller) {
	const stream = controller.stream;
	stream.inFlightClose = stream.closeRequest;
	stream.closeRequest = undefined;
	controller.queue.shift();
	const p = controller.close();
	clearAlgorithms(controller);
	then(p, () => finishClose(stream), (reason) => finishCloseWithError(stream, reason));
}

// WritableStreamDefaultControllerProcessWrite
function processWrite(controller, chunk) {
	const stream = controller.stream;
	stream.inFlightWrite = stream.writeRequests.shift();
	then(controller.write(chunk), () => {
		finishWrite(stream);
		const state = stream.state;
		controller.queue.shift();
		if (!closeQueuedOrInFlight(stream) && state === 'writable')
			updateBackpressure(stream, hasBackpressure(controller));
		advanceQueue(controller);
	}, (reason) => {
		if (stream.state === 'writable')
			clearAlgorithms(controller);
		finishWriteWithError(stream, reason);
	});
}

// WritableStreamDefaultControllerWrite
function controllerWrite(controller, chunk, size) {
	const stream = controller.stream;
	try {
		controller.queue.push(chunk, size);
	} catch (error) {
		errorIfNeeded(controller, error);
		return;
	}
	if (!closeQueuedOrInFlight(stream) && stream.state === 'writable')
		updateBackpressure(stream, hasBackpressure(controller));
	advanceQueue(controller);
}

// ---- classes ----

let streamOf, writerOf;

class WritableStream {
	#s;
	static { streamOf = (o) => isObject(o) && #s in o ? o.#s : undefined; }
	constructor(underlyingSink = undefined, strategy = undefined) {
		if (underlyingSink === token) {
			this.#s = strategy;
			return;
		}
		objectArgument(underlyingSink, 'The underlying sink');
		strategy = strategyOf(strategy);
		const sink = underlyingSink === undefined ? undefined : underlyingSink;
		const methods = { abort: undefined, close: undefined, start: undefined, write: undefined };
		if (sink !== undefined) {
			methods.abort = callback(sink.abort, 'abort');
			methods.close = callback(sink.close, 'close');
			methods.start = callback(sink.start, 'start');
			const type = sink.type;
			methods.write = callback(sink.write, 'write');
			if (type !== undefined)
				throw new internal.RangeError('The type of an underlying sink must be undefined');
		}
		const stream = this.#s = new Stream();
		stream.object = this;
		const size = sizeOf(strategy);
		setUpFromSink(stream, sink, methods, highWaterMarkOf(strategy, 1), size);
	}
	get locked() {
		const s = streamOf(this);
		if (s === undefined)
			throw badThis('WritableStream');
		return isLocked(s);
	}
	abort(reason = undefined) {
		const s = streamOf(this);
		if (s === undefined)
			return rejected(badThis('WritableStream'));
		if (isLocked(s))
			return rejected(new TypeError('Cannot abort a stream that is locked'));
		return abortStream(s, reason);
	}
	close() {
		const s = streamOf(this);
		if (s === undefined)
			return rejected(badThis('WritableStream'));
		if (isLocked(s))
			return rejected(new TypeError('Cannot close a stream that is locked'));
		if (closeQueuedOrInFlight(s))
			return rejected(new TypeError('The stream is closing already'));
		return closeStream(s);
	}
	getWriter() {
		const s = streamOf(this);
		if (s === undefined)
			throw badThis('WritableStream');
		return acquireWriter(s).object;
	}
}

class WritableStreamDefaultWriter {
	#s;
	static { writerOf = (o) => isObject(o) && #s in o ? o.#s : undefined; }
	constructor(stream) {
		if (stream === token) {
			this.#s = arguments[1];
			return;
		}
		const s = streamOf(stream);
		if (s === undefined)
			throw new TypeError('The argument must be a WritableStream');
		const writer = this.#s = new Writer();
		writer.object = this;
		setUpWriter(writer, s);
	}
	get closed() {
		const w = writerOf(this);
		return w === undefined ? rejected(badThis('WritableStreamDefaultWriter')) : w.closed;
	}
	get desiredSize() {
		const w = writerOf(this);
		if (w === undefined)
			throw badThis('WritableStreamDefaultWriter');
		if (w.stream === undefined)
			throw new TypeError('The writer was released');
		return writerDesiredSize(w);
	}
	get ready() {
		const w = writerOf(this);
		return w === undefined ? rejected(badThis('WritableStreamDefaultWriter')) : w.ready;
	}
	abort(reason = undefined) {
		const w = writerOf(this);
		if (w === undefined)
			return rejected(badThis('WritableStreamDefaultWriter'));
		return w.stream === undefined ? rejected(new TypeError('The writer was released')) : abortStream(w.stream, reason);
	}
	close() {
		const w = writerOf(this);
		if (w === undefined)
			return rejected(badThis('WritableStreamDefaultWriter'));
		if (w.stream === undefined)
			return rejected(new TypeError('The writer was released'));
		if (closeQueuedOrInFlight(w.stream))
			return rejected(new TypeError('The stream is closing already'));
		return closeStream(w.stream);
	}
	releaseLock() {
		const w = writerOf(this);
		if (w === undefined)
			throw badThis('WritableStreamDefaultWriter');
		if (w.stream !== undefined)
			releaseWriter(w);
	}
	write(chunk = undefined) {
		const w = writerOf(this);
		if (w === undefined)
			return rejected(badThis('WritableStreamDefaultWriter'));
		return w.stream === undefined ? rejected(new TypeError('The writer was released')) : writeChunk(w, chunk);
	}
}

class WritableStreamDefaultController {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('WritableStreamDefaultController');
		return o.#s;
	}
	constructor() {
		if (arguments[0] !== token)
			throw badConstructor();
		this.#s = arguments[1];
	}
	get signal() { return WritableStreamDefaultController.#of(this).signal; }
	error(e = undefined) {
		const c = WritableStreamDefaultController.#of(this);
		if (c.stream.state === 'writable')
			controllerError(c, e);
	}
}

expose(WritableStream);
expose(WritableStreamDefaultWriter);
expose(WritableStreamDefaultController);
return {
	WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController,
	streamOf, createStream, isLocked, acquireWriter, releaseWriter, writeChunk, abortStream, closeStream,
	closeWithErrorPropagation, closeQueuedOrInFlight, errorIfNeeded,
};
})
