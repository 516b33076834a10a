// byte_stream.js: readable streams of bytes: ReadableByteStreamController,
// ReadableStreamBYOBRequest, reading into views, tee (Streams 4.7, 4.8, 4.9.1, 4.9.5) and
// streams over native sources. Loaded by readable.js.
(function (internal) {
'use strict';
const { expose, resolved, then, chain, TypeError, RangeError, transfer, copyBytes, bufferNew,
	bufferKind, bufferSize, bufferDetached, viewKind, viewBuffer, viewOffset, viewSize, viewNew, elementSize } = internal;
const { List, isObject, dictionary, wholeNumber, badThis, badConstructor, token } = internal.load('stream_base');
const readable = internal.load('readable');
const { closeStream, waiting, acquireReader, releaseReader, readChunk, callPull, setUpController,
	controllerError, desiredSize } = readable;

// viewKind's number
const UINT8 = 1;

// A part of a buffer in a queue.
class Piece {
	buffer;
	offset;
	length;
	constructor(buffer, offset, length) {
		this.buffer = buffer;
		this.offset = offset;
		this.length = length;
	}
}

// The pieces of a controller's queue; total: their bytes.
class Pieces extends List {
	total = 0;
	clear() {
		super.clear();
		this.total = 0;
	}
}

// 4.7.2 pull-into descriptors; reader: 'default', 'byob' or 'none'
class PullInto {
	buffer;
	bufferSize;
	offset;
	length;
	filled = 0;
	minimum;
	elementSize;
	kind;
	reader;
	constructor(buffer, offset, length, minimum, kind, reader) {
		this.buffer = buffer;
		this.bufferSize = bufferSize(buffer);
		this.offset = offset;
		this.length = length;
		this.minimum = minimum;
		this.elementSize = elementSize(kind);
		this.kind = kind;
		this.reader = reader;
	}
}

class Request {
	object;
	controller;
	view;
}

class Controller {
	isBytes = true;
	object;
	stream;
	queue = new Pieces();
	started = false;
	closeRequested = false;
	pullAgain = false;
	pulling = false;
	highWaterMark;
	pullAlgorithm;
	cancelAlgorithm;
	autoAllocate = undefined;
	request = undefined;
	pullIntos = new List();

	// [[CancelSteps]]
	cancel(reason) {
		this.empty();
		const result = this.cancelAlgorithm(reason);
		this.forget();
		return result;
	}
	empty() {
		clearPullIntos(this);
		this.queue.clear();
	}
	// …ControllerClearAlgorithms
	forget() { this.pullAlgorithm = this.cancelAlgorithm = undefined; }
	// [[PullSteps]]
	read(request) {
		const stream = this.stream;
		if (this.queue.total > 0) {
			fillReadRequest(this, request);
			return;
		}
		if (this.autoAllocate !== undefined) {
			let buffer;
			try {
				buffer = bufferNew(this.autoAllocate);
			} catch (e) {
				request.error(e);
				return;
			}
			this.pullIntos.push(new PullInto(buffer, 0, this.autoAllocate, 1, UINT8, 'default'));
		}
		stream.reader.requests.push(request);
		callPull(this);
	}
	// [[ReleaseSteps]]
	release() {
		if (this.pullIntos.length > 0) {
			const first = this.pullIntos.first();
			first.reader = 'none';
			this.pullIntos.clear();
			this.pullIntos.push(first);
		}
	}
}

// ---- 4.9.5, in alphabetical order like there -------------------------------------------

// …ClearPendingPullIntos
function clearPullIntos(controller) {
	invalidateRequest(controller);
	controller.pullIntos.clear();
}

// …Close
function controllerClose(controller) {
	const stream = controller.stream;
	if (controller.closeRequested || stream.state !== 'readable')
		return;
	if (controller.queue.total > 0) {
		controller.closeRequested = true;
		return;
	}
	if (controller.pullIntos.length > 0) {
		const first = controller.pullIntos.first();
		if (first.filled % first.elementSize !== 0) {
			const e = new TypeError('Insufficient bytes to fill the elements of the given view');
			controllerError(controller, e);
			throw e;
		}
	}
	controller.forget();
	closeStream(stream);
}

// …CommitPullIntoDescriptor
function commit(stream, into) {
	const done = stream.state === 'closed';
	const view = convert(into), request = stream.reader.requests.shift();
	if (done)
		request.close(view);
	else
		request.chunk(view);
}

// …ConvertPullIntoDescriptor
function convert(into) {
	return viewNew(into.kind, transfer(into.buffer), into.offset, into.filled / into.elementSize);
}

// …Enqueue
function controllerEnqueue(controller, chunk) {
	const stream = controller.stream;
	if (controller.closeRequested || stream.state !== 'readable')
		return;
	let buffer = viewBuffer(chunk);
	const offset = viewOffset(chunk), length = viewSize(chunk);
	if (bufferDetached(buffer))
		throw new TypeError('The buffer of the chunk is detached');
	buffer = transfer(buffer);
	if (controller.pullIntos.length > 0) {
		const first = controller.pullIntos.first();
		if (bufferDetached(first.buffer))
			throw new TypeError('The buffer of the pending request is detached');
		invalidateRequest(controller);
		first.buffer = transfer(first.buffer);
		if (first.reader === 'none')
			enqueueDetached(controller, first);
	}
	const reader = stream.reader;
	if (reader !== undefined && !reader.byob) {
		// ProcessReadRequestsUsingQueue
		while (reader.requests.length > 0 && controller.queue.total > 0)
			fillReadRequest(controller, reader.requests.shift());
		if (reader.requests.length === 0) {
			push(controller, buffer, offset, length);
		} else {
			if (controller.pullIntos.length > 0)
				controller.pullIntos.shift();
			reader.requests.shift().chunk(viewNew(UINT8, buffer, offset, length));
		}
	} else if (reader !== undefined) {
		push(controller, buffer, offset, length);
		commitAll(stream, processPullIntos(controller));
	} else {
		push(controller, buffer, offset, length);
	}
	callPull(controller);
}

// …EnqueueChunkToQueue
function push(controller, buffer, offset, length) {
	controller.queue.push(new Piece(buffer, offset, length));
	controller.queue.total += length;
}

// …EnqueueClonedChunkToQueue
function pushCopy(controller, buffer, offset, length) {
	let copy;
	try {
		copy = bufferNew(length);
		copyBytes(copy, 0, buffer, offset, length);
	} catch (e) {
		controllerError(controller, e);
		throw e;
	}
	push(controller, copy, 0, length);
}

// …EnqueueDetachedPullIntoToQueue
function enqueueDetached(controller, into) {
	if (into.filled > 0)
		pushCopy(controller, into.buffer, into.offset, into.filled);
	controller.pullIntos.shift();
}

// …FillPullIntoDescriptorFromQueue
function fillFromQueue(controller, into) {
	const maxCopy = controller.queue.total < into.length - into.filled ? controller.queue.total : into.length - into.filled;
	const maxFilled = into.filled + maxCopy;
	const maxAligned = maxFilled - maxFilled % into.elementSize;
	let remaining = maxCopy, ready = false;
	if (maxAligned >= into.minimum) {
		remaining = maxAligned - into.filled;
		ready = true;
	}
	const queue = controller.queue;
	while (remaining > 0) {
		const head = queue.first();
		const n = remaining < head.length ? remaining : head.length;
		copyBytes(into.buffer, into.offset + into.filled, head.buffer, head.offset, n);
		if (head.length === n) {
			queue.shift();
		} else {
			head.offset += n;
			head.length -= n;
		}
		controller.queue.total -= n;
		into.filled += n;
		remaining -= n;
	}
	return ready;
}

// …FillReadRequestFromQueue
function fillReadRequest(controller, request) {
	const piece = controller.queue.shift();
	controller.queue.total -= piece.length;
	handleDrain(controller);
	request.chunk(viewNew(UINT8, piece.buffer, piece.offset, piece.length));
}

// …GetBYOBRequest
function requestOf(controller) {
	if (controller.request === undefined && controller.pullIntos.length > 0) {
		const first = controller.pullIntos.first();
		const request = new Request();
		request.controller = controller;
		request.view = viewNew(UINT8, first.buffer, first.offset + first.filled, first.length - first.filled);
		request.object = new ReadableStreamBYOBRequest(token, request);
		controller.request = request;
	}
	return controller.request;
}

// …HandleQueueDrain
function handleDrain(controller) {
	if (controller.queue.total === 0 && controller.closeRequested) {
		controller.forget();
		closeStream(controller.stream);
	} else {
		callPull(controller);
	}
}

// …InvalidateBYOBRequest
function invalidateRequest(controller) {
	if (controller.request === undefined)
		return;
	controller.request.controller = undefined;
	controller.request.view = null;
	controller.request = undefined;
}

// …ProcessPullIntoDescriptorsUsingQueue: a list of those that are filled
function processPullIntos(controller) {
	const filled = new List();
	while (controller.pullIntos.length > 0 && controller.queue.total > 0) {
		const into = controller.pullIntos.first();
		if (!fillFromQueue(controller, into))
			break;
		invalidateRequest(controller);
		controller.pullIntos.shift();
		filled.push(into);
	}
	return filled;
}

function commitAll(stream, filled) {
	while (filled.length > 0)
		commit(stream, filled.shift());
}

// …PullInto
function pullInto(controller, view, minimum, request) {
	const stream = controller.stream;
	const kind = viewKind(view), size = elementSize(kind);
	const offset = viewOffset(view), length = viewSize(view);
	let buffer;
	try {
		buffer = transfer(viewBuffer(view));
	} catch (e) {
		request.error(e);
		return;
	}
	const into = new PullInto(buffer, offset, length, minimum * size, kind, 'byob');
	if (controller.pullIntos.length > 0) {
		controller.pullIntos.push(into);
		stream.reader.requests.push(request);
		return;
	}
	if (stream.state === 'closed') {
		request.close(viewNew(kind, buffer, offset, 0));
		return;
	}
	if (controller.queue.total > 0) {
		if (fillFromQueue(controller, into)) {
			const filled = convert(into);
			handleDrain(controller);
			request.chunk(filled);
			return;
		}
		if (controller.closeRequested) {
			const e = new TypeError('Insufficient bytes to fill the elements of the given view');
			controllerError(controller, e);
			request.error(e);
			return;
		}
	}
	controller.pullIntos.push(into);
	stream.reader.requests.push(request);
	callPull(controller);
}

// …Respond
function respond(controller, written) {
	const first = controller.pullIntos.first();
	if (controller.stream.state === 'closed') {
		if (written !== 0)
			throw new TypeError('The number of bytes must be 0 when the stream is closed');
	} else {
		if (written === 0)
			throw new TypeError('The number of bytes must be greater than 0');
		if (first.filled + written > first.length)
			throw new RangeError('The number of bytes is greater than the view');
	}
	first.buffer = transfer(first.buffer);
	respondInternal(controller, written);
}

// …RespondInClosedState
function respondClosed(controller, first) {
	if (first.reader === 'none')
		controller.pullIntos.shift();
	const stream = controller.stream, filled = new List();
	while (filled.length < waiting(stream, true))
		filled.push(controller.pullIntos.shift());
	commitAll(stream, filled);
}

// …RespondInReadableState
function respondReadable(controller, written, into) {
	const stream = controller.stream;
	into.filled += written;
	if (into.reader === 'none') {
		enqueueDetached(controller, into);
		commitAll(stream, processPullIntos(controller));
		return;
	}
	if (into.filled < into.minimum)
		return;
	controller.pullIntos.shift();
	const rest = into.filled % into.elementSize;
	if (rest > 0) {
		const end = into.offset + into.filled;
		pushCopy(controller, into.buffer, end - rest, rest);
	}
	into.filled -= rest;
	const filled = processPullIntos(controller);
	commit(stream, into);
	commitAll(stream, filled);
}

// …RespondInternal
function respondInternal(controller, written) {
	const first = controller.pullIntos.first();
	invalidateRequest(controller);
	if (controller.stream.state === 'closed')
		respondClosed(controller, first);
	else
		respondReadable(controller, written, first);
	callPull(controller);
}

// …RespondWithNewView
function respondWithView(controller, view) {
	const first = controller.pullIntos.first(), length = viewSize(view);
	if (controller.stream.state === 'closed') {
		if (length !== 0)
			throw new TypeError('The length of the view must be 0 when the stream is closed');
	} else if (length === 0) {
		throw new TypeError('The length of the view must be greater than 0');
	}
	if (first.offset + first.filled !== viewOffset(view))
		throw new RangeError('The region of the view does not match the request');
	if (first.bufferSize !== bufferSize(viewBuffer(view)))
		throw new RangeError('The buffer of the view has another size than that of the request');
	if (first.filled + length > first.length)
		throw new RangeError('The region of the view is larger than that of the request');
	first.buffer = transfer(viewBuffer(view));
	respondInternal(controller, length);
}

// SetUpReadableByteStreamControllerFromUnderlyingSource
function setUpFromSource(stream, source, methods, highWaterMark, autoAllocate) {
	const controller = new Controller();
	controller.object = new ReadableByteStreamController(token, controller);
	const algorithms = readable.sourceAlgorithms(source, methods, controller.object);
	if (autoAllocate === 0)
		throw new TypeError('autoAllocateChunkSize must not be 0');
	controller.autoAllocate = autoAllocate;
	setUpController(stream, controller, algorithms, highWaterMark);
}

// CreateReadableByteStream
function createStream(start, pull, cancel, highWaterMark = 0) {
	const stream = readable.newStream(), controller = new Controller();
	controller.object = new ReadableByteStreamController(token, controller);
	setUpController(stream, controller, { start, pull, cancel }, highWaterMark);
	return stream;
}

// ---- ReadableStreamBYOBReader.read (4.5.3) -----------------------------------------------

function read(reader, view, options, request) {
	const kind = viewKind(view);
	if (kind < 0)
		throw new TypeError('The argument must be a view');
	const buffer = viewBuffer(view);
	if (bufferKind(buffer) !== 1)
		throw new TypeError('The view must not show shared memory');
	options = dictionary(options, 'The options');
	let minimum = options === undefined ? undefined : options.min;
	minimum = minimum === undefined ? 1 : wholeNumber(minimum, 'min');
	if (viewSize(view) === 0)
		throw new TypeError('The length of the view must not be 0');
	if (bufferSize(buffer) === 0)
		throw new TypeError('The length of the buffer must not be 0');
	if (bufferDetached(buffer))
		throw new TypeError('The buffer of the view is detached');
	if (minimum === 0)
		throw new TypeError('min must be greater than 0');
	if (minimum > viewSize(view) / elementSize(kind))
		throw new RangeError('min is greater than the length of the view');
	if (reader.stream === undefined)
		throw new TypeError('The reader was released');
	readInto(reader, view, minimum, request);
}

// ReadableStreamBYOBReaderRead
function readInto(reader, view, minimum, request) {
	const stream = reader.stream;
	stream.disturbed = true;
	if (stream.state === 'errored')
		request.error(stream.storedError);
	else
		pullInto(stream.controller, view, minimum, request);
}

// ---- ReadableByteStreamTee (4.9.1) --------------------------------------------------------

// CloneAsUint8Array
function copyOf(view) {
	const n = viewSize(view), buffer = bufferNew(n);
	copyBytes(buffer, 0, viewBuffer(view), viewOffset(view), n);
	return viewNew(UINT8, buffer, 0, n);
}

function tee(stream) {
	let reader = acquireReader(stream);
	let reading = false, again1 = false, again2 = false;
	const both = new readable.Branches(stream);

	function forward(r) { both.follow(r.closed, () => r === reader); }
	function pullMore() {
		reading = false;
		if (again1)
			pull1();
		else if (again2)
			pull2();
	}
	function pullDefault() {
		if (reader.byob) {
			releaseReader(reader);
			reader = acquireReader(stream);
			forward(reader);
		}
		readChunk(reader, {
			chunk(chunk) {
				then(resolved(undefined), () => {
					again1 = again2 = false;
					const chunk1 = chunk;
					let chunk2 = chunk;
					if (!both.canceled1 && !both.canceled2) {
						try {
							chunk2 = copyOf(chunk);
						} catch (e) {
							both.fail(e);
							return;
						}
					}
					if (!both.canceled1)
						controllerEnqueue(both.one.controller, chunk1);
					if (!both.canceled2)
						controllerEnqueue(both.two.controller, chunk2);
					pullMore();
				});
			},
			close() {
				reading = false;
				if (!both.canceled1)
					controllerClose(both.one.controller);
				if (!both.canceled2)
					controllerClose(both.two.controller);
				if (both.one.controller.pullIntos.length > 0)
					respond(both.one.controller, 0);
				if (both.two.controller.pullIntos.length > 0)
					respond(both.two.controller, 0);
				both.end();
			},
			error() { reading = false; },
		});
	}
	function pullByob(view, forBranch2) {
		if (!reader.byob) {
			releaseReader(reader);
			reader = acquireReader(stream, true);
			forward(reader);
		}
		const byobBranch = forBranch2 ? both.two : both.one, otherBranch = forBranch2 ? both.one : both.two;
		readInto(reader, view, 1, {
			chunk(chunk) {
				then(resolved(undefined), () => {
					again1 = again2 = false;
					const byobCanceled = forBranch2 ? both.canceled2 : both.canceled1;
					const otherCanceled = forBranch2 ? both.canceled1 : both.canceled2;
					if (!otherCanceled) {
						let copy;
						try {
							copy = copyOf(chunk);
						} catch (e) {
							both.fail(e);
							return;
						}
						if (!byobCanceled)
							respondWithView(byobBranch.controller, chunk);
						controllerEnqueue(otherBranch.controller, copy);
					} else if (!byobCanceled) {
						respondWithView(byobBranch.controller, chunk);
					}
					pullMore();
				});
			},
			close(chunk) {
				reading = false;
				const byobCanceled = forBranch2 ? both.canceled2 : both.canceled1;
				const otherCanceled = forBranch2 ? both.canceled1 : both.canceled2;
				if (!byobCanceled)
					controllerClose(byobBranch.controller);
				if (!otherCanceled)
					controllerClose(otherBranch.controller);
				if (chunk !== undefined) {
					if (!byobCanceled)
						respondWithView(byobBranch.controller, chunk);
					if (!otherCanceled && otherBranch.controller.pullIntos.length > 0)
						respond(otherBranch.controller, 0);
				}
				both.end();
			},
			error() { reading = false; },
		});
	}
	function pull(branch, forBranch2) {
		reading = true;
		const request = requestOf(branch.controller);
		if (request === undefined)
			pullDefault();
		else
			pullByob(request.view, forBranch2);
		return resolved(undefined);
	}
	function pull1() {
		if (reading) {
			again1 = true;
			return resolved(undefined);
		}
		return pull(both.one, false);
	}
	function pull2() {
		if (reading) {
			again2 = true;
			return resolved(undefined);
		}
		return pull(both.two, true);
	}
	const start = () => undefined;
	both.one = createStream(start, pull1, (reason) => both.cancel(reason, false));
	both.two = createStream(start, pull2, (reason) => both.cancel(reason, true));
	forward(reader);
	return [both.one, both.two];
}

// ---- native sources ----------------------------------------------------------------------

// A stream over native functions: pull() gives a promise of a Uint8Array, of which nobody
// else keeps the buffer, or of undefined at the end; cancel(reason) anything.
function nativeStream(pull, cancel) {
	const stream = createStream(() => undefined, () => chain(pull(), (chunk) => {
		const controller = stream.controller;
		if (chunk !== undefined) {
			if (viewSize(chunk) > 0)
				controllerEnqueue(controller, chunk);
			else
				callPullLater(controller);
			return;
		}
		controllerClose(controller);
		if (controller.pullIntos.length > 0)
			respond(controller, 0);
	}), (reason) => resolved(cancel(reason)));
	return stream;
}

// An empty chunk: pull again once this pull is over.
function callPullLater(controller) { controller.pullAgain = true; }

// ---- classes -----------------------------------------------------------------------------

class ReadableByteStreamController {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('ReadableByteStreamController');
		return o.#s;
	}
	constructor() {
		if (arguments[0] !== token)
			throw badConstructor();
		this.#s = arguments[1];
	}
	get byobRequest() {
		const request = requestOf(ReadableByteStreamController.#of(this));
		return request === undefined ? null : request.object;
	}
	get desiredSize() { return desiredSize(ReadableByteStreamController.#of(this)); }
	close() {
		const c = ReadableByteStreamController.#of(this);
		if (c.closeRequested)
			throw new TypeError('The stream is closing already');
		if (c.stream.state !== 'readable')
			throw new TypeError('The stream is closed already or errored');
		controllerClose(c);
	}
	enqueue(chunk) {
		const c = ReadableByteStreamController.#of(this);
		if (viewKind(chunk) < 0)
			throw new TypeError('The chunk must be a view');
		if (bufferKind(viewBuffer(chunk)) !== 1)
			throw new TypeError('The chunk must not show shared memory');
		if (viewSize(chunk) === 0)
			throw new TypeError('The length of the chunk must not be 0');
		if (bufferSize(viewBuffer(chunk)) === 0)
			throw new TypeError('The length of the buffer must not be 0');
		if (c.closeRequested)
			throw new TypeError('The stream is closing already');
		if (c.stream.state !== 'readable')
			throw new TypeError('Nothing can be enqueued: the stream is closed or errored');
		controllerEnqueue(c, chunk);
	}
	error(e = undefined) { controllerError(ReadableByteStreamController.#of(this), e); }
}

class ReadableStreamBYOBRequest {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('ReadableStreamBYOBRequest');
		return o.#s;
	}
	constructor() {
		if (arguments[0] !== token)
			throw badConstructor();
		this.#s = arguments[1];
	}
	get view() { return ReadableStreamBYOBRequest.#of(this).view; }
	respond(bytesWritten) {
		const r = ReadableStreamBYOBRequest.#of(this);
		if (arguments.length === 0)
			throw new TypeError('respond: 1 argument is needed');
		const n = wholeNumber(bytesWritten, 'bytesWritten');
		if (r.controller === undefined)
			throw new TypeError('The request was answered already');
		if (bufferDetached(viewBuffer(r.view)))
			throw new TypeError('The buffer of the request is detached');
		respond(r.controller, n);
	}
	respondWithNewView(view) {
		const r = ReadableStreamBYOBRequest.#of(this);
		if (viewKind(view) < 0)
			throw new TypeError('The argument must be a view');
		if (bufferKind(viewBuffer(view)) !== 1)
			throw new TypeError('The view must not show shared memory');
		if (r.controller === undefined)
			throw new TypeError('The request was answered already');
		if (bufferDetached(viewBuffer(view)))
			throw new TypeError('The buffer of the view is detached');
		respondWithView(r.controller, view);
	}
}

expose(ReadableByteStreamController);
expose(ReadableStreamBYOBRequest);

return {
	ReadableByteStreamController, ReadableStreamBYOBRequest, setUpFromSource, read, tee, createStream, nativeStream,
	controllerClose, controllerEnqueue, controllerError,
};
})
