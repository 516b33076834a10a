// pipe.js: pipeTo and pipeThrough (Streams 4.2.4, 4.9.1 ReadableStreamPipeTo), and draining
// a stream into native functions. Loaded by readable.js.
(function (internal) {
'use strict';
const { promise, resolve, reject, resolved, rejected, then, chain, handled, TypeError, isSignal, signalAborted,
	signalReason, signalStep } = internal;
const { dictionary, isObject } = internal.load('stream_base');
const readable = internal.load('readable');
const writable = internal.load('writable');

// StreamPipeOptions; members in the order of Web IDL. A bad signal is a TypeError.
function pipeOptions(options) {
	options = dictionary(options, 'The options');
	if (options === undefined)
		return { preventAbort: false, preventCancel: false, preventClose: false, signal: undefined };
	const preventAbort = !!options.preventAbort, preventCancel = !!options.preventCancel;
	const preventClose = !!options.preventClose, signal = options.signal;
	if (signal !== undefined && !isSignal(signal))
		throw new TypeError('The signal must be an AbortSignal');
	return { preventAbort, preventCancel, preventClose, signal };
}

function pipeThrough(source, transform, options) {
	if (!isObject(transform))
		throw new TypeError('The transform must be an object');
	const readableEnd = transform.readable;
	if (readable.streamOf(readableEnd) === undefined)
		throw new TypeError('The readable side of the transform must be a ReadableStream');
	const dest = writable.streamOf(transform.writable);
	if (dest === undefined)
		throw new TypeError('The writable side of the transform must be a WritableStream');
	options = pipeOptions(options);
	if (readable.isLocked(source))
		throw new TypeError('Cannot pipe a stream that is locked');
	if (writable.isLocked(dest))
		throw new TypeError('Cannot pipe to a stream that is locked');
	handled(pipe(source, dest, options));
	return readableEnd;
}

function pipeTo(source, destination, options) {
	const dest = writable.streamOf(destination);
	if (dest === undefined)
		return rejected(new TypeError('The destination must be a WritableStream'));
	try {
		options = pipeOptions(options);
	} catch (e) {
		return rejected(e);
	}
	if (readable.isLocked(source))
		return rejected(new TypeError('Cannot pipe a stream that is locked'));
	if (writable.isLocked(dest))
		return rejected(new TypeError('Cannot pipe to a stream that is locked'));
	return pipe(source, dest, options);
}

// ReadableStreamPipeTo
function pipe(source, dest, { preventAbort, preventCancel, preventClose, signal }) {
	const reader = readable.acquireReader(source), writer = writable.acquireWriter(dest);
	const p = promise();
	let shuttingDown = false, currentWrite = resolved(undefined);
	source.disturbed = true;

	function writesDone() {
		const last = currentWrite;
		return chain(last, () => last !== currentWrite ? writesDone() : undefined);
	}
	function finalize(isError, error) {
		writable.releaseWriter(writer);
		readable.releaseReader(reader);
		if (isError)
			reject(p, error);
		else
			resolve(p, undefined);
	}
	function shutdownWithAction(action, isError, error) {
		if (shuttingDown)
			return;
		shuttingDown = true;
		const act = () => then(action(), () => finalize(isError, error), (e) => finalize(true, e));
		if (dest.state === 'writable' && !writable.closeQueuedOrInFlight(dest))
			then(writesDone(), act);
		else
			act();
	}
	function shutdown(isError, error) {
		if (shuttingDown)
			return;
		shuttingDown = true;
		if (dest.state === 'writable' && !writable.closeQueuedOrInFlight(dest))
			then(writesDone(), () => finalize(isError, error));
		else
			finalize(isError, error);
	}
	function aborted() {
		const error = signalReason(signal);
		shutdownWithAction(() => {
			let first, second;
			if (!preventAbort && dest.state === 'writable')
				first = writable.abortStream(dest, error);
			if (!preventCancel && source.state === 'readable')
				second = readable.cancelStream(source, error);
			return both(first, second);
		}, true, error);
	}
	if (signal !== undefined) {
		if (signalAborted(signal)) {
			aborted();
			return p;
		}
		signalStep(signal, aborted);
	}

	const onStates = (state, promiseOf, want, action) => {
		if (state === want)
			action();
		else if (want === 'errored')
			then(promiseOf, undefined, action);
		else
			then(promiseOf, action, ignore);
	};
	// Errors go forward, then backward; closing goes forward, then backward.
	onStates(source.state, reader.closed, 'errored', () => {
		const error = source.storedError;
		if (preventAbort)
			shutdown(true, error);
		else
			shutdownWithAction(() => writable.abortStream(dest, error), true, error);
	});
	onStates(dest.state, writer.closed, 'errored', () => {
		const error = dest.storedError;
		if (preventCancel)
			shutdown(true, error);
		else
			shutdownWithAction(() => readable.cancelStream(source, error), true, error);
	});
	onStates(source.state, reader.closed, 'closed', () => {
		if (preventClose)
			shutdown(false, undefined);
		else
			shutdownWithAction(() => writable.closeWithErrorPropagation(writer), false, undefined);
	});
	if (writable.closeQueuedOrInFlight(dest) || dest.state === 'closed') {
		const error = new TypeError('The destination is closed');
		if (preventCancel)
			shutdown(true, error);
		else
			shutdownWithAction(() => readable.cancelStream(source, error), true, error);
	}

	const request = {
		chunk(chunk) {
			currentWrite = chain(writable.writeChunk(writer, chunk), undefined, ignore);
			step();
		},
		close() { },
		error() { },
	};
	const readOne = () => {
		if (!shuttingDown)
			readable.readChunk(reader, request);
	};
	const step = () => {
		if (!shuttingDown)
			then(writer.ready, readOne, ignore);
	};
	step();
	return p;
}

function ignore() { }

// A promise that waits for both; either may be undefined.
function both(first, second) {
	if (first === undefined)
		return second === undefined ? resolved(undefined) : second;
	if (second === undefined)
		return first;
	const p = promise();
	let left = 2;
	const one = () => {
		if (--left === 0)
			resolve(p, undefined);
	};
	const bad = (e) => reject(p, e);
	then(first, one, bad);
	then(second, one, bad);
	return p;
}

// Reads all of a stream: write(chunk) gets each Uint8Array and returns undefined or a
// promise to be waited for; then end() or fail(error), once. A chunk of another type, or a
// write that fails, cancels the stream. The stream must not be locked.
function drain(stream, write, end, fail) {
	const reader = readable.acquireReader(stream);
	let next;
	const stop = (e) => {
		handled(readable.cancelStream(stream, e));
		fail(e);
	};
	const request = {
		chunk(chunk) {
			let p;
			try {
				if (internal.viewKind(chunk) !== 1)
					throw new TypeError('A chunk of a body must be a Uint8Array');
				p = write(chunk);
			} catch (e) {
				stop(e);
				return;
			}
			then(resolved(p), next, stop);
		},
		close() { end(); },
		error(e) { fail(e); },
	};
	next = () => readable.readChunk(reader, request);
	next();
}

return { pipeTo, pipeThrough, drain };
})
