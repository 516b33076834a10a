// transform.js: TransformStream (Streams 6), and the streams that are pairs of one:
// TextEncoderStream, TextDecoderStream (Encoding 7.6, 7.8), CompressionStream and
// DecompressionStream (Compression).
(function (internal) {
'use strict';
const { expose, promise, resolve, reject, resolved, rejected, then, chain, promiseCall, call, TypeError, RangeError,
	viewKind } = internal;
const { isObject, objectArgument, callback, badThis, badConstructor, strategyOf, highWaterMarkOf, sizeOf, one,
	token } = internal.load('stream_base');
const readable = internal.load('readable');
const writable = internal.load('writable');

class Stream {
	readable;
	writable;
	backpressure = undefined;
	backpressureChange = undefined;
	controller = undefined;
}

class Controller {
	object;
	stream;
	finish = undefined;
	transform;
	flush;
	cancel;
}

// ---- 6.3.1 ----

// InitializeTransformStream
function initialize(stream, start, writableMark, writableSize, readableMark, readableSize) {
	const started = () => start;
	stream.writable = writable.createStream(started, (chunk) => sinkWrite(stream, chunk), () => sinkClose(stream),
		(reason) => sinkAbort(stream, reason), writableMark, writableSize);
	stream.readable = readable.createStream(started, () => sourcePull(stream), (reason) => sourceCancel(stream, reason),
		readableMark, readableSize);
	setBackpressure(stream, true);
}

// TransformStreamError
function errorStream(stream, e) {
	readable.controllerError(stream.readable.controller, e);
	errorWritable(stream, e);
}

// TransformStreamErrorWritableAndUnblockWrite
function errorWritable(stream, e) {
	clearAlgorithms(stream.controller);
	writable.errorIfNeeded(stream.writable.controller, e);
	unblockWrite(stream);
}

function unblockWrite(stream) {
	if (stream.backpressure)
		setBackpressure(stream, false);
}

// TransformStreamSetBackpressure
function setBackpressure(stream, backpressure) {
	if (stream.backpressureChange !== undefined)
		resolve(stream.backpressureChange, undefined);
	stream.backpressureChange = promise();
	stream.backpressure = backpressure;
}

// ---- 6.3.2 ----

function clearAlgorithms(controller) { controller.transform = controller.flush = controller.cancel = undefined; }

// TransformStreamDefaultControllerEnqueue
function enqueue(controller, chunk) {
	const stream = controller.stream, to = stream.readable.controller;
	if (!readable.canEnqueue(to))
		throw new TypeError('Nothing can be enqueued: the readable side is closed or errored');
	try {
		readable.controllerEnqueue(to, chunk);
	} catch (e) {
		errorWritable(stream, e);
		throw stream.readable.storedError;
	}
	const backpressure = readable.hasBackpressure(to);
	if (backpressure !== stream.backpressure)
		setBackpressure(stream, true);
}

// TransformStreamDefaultControllerPerformTransform
function performTransform(controller, chunk) {
	return chain(controller.transform(chunk), undefined, (e) => {
		errorStream(controller.stream, e);
		throw e;
	});
}

// TransformStreamDefaultControllerTerminate
function terminate(controller) {
	readable.controllerClose(controller.stream.readable.controller);
	errorWritable(controller.stream, new TypeError('The stream was terminated'));
}

// ---- 6.3.3, 6.3.4 ----

// TransformStreamDefaultSinkWriteAlgorithm
function sinkWrite(stream, chunk) {
	const controller = stream.controller;
	if (!stream.backpressure)
		return performTransform(controller, chunk);
	return chain(stream.backpressureChange, () => {
		if (stream.writable.state === 'erroring')
			throw stream.writable.storedError;
		return performTransform(controller, chunk);
	});
}

// An end of one side: the algorithm runs once; then the other side has failed before, or
// is ended by done(); fail(e): the algorithm itself failed.
function finish(controller, algorithm, other, done, fail) {
	if (controller.finish !== undefined)
		return controller.finish;
	controller.finish = promise();
	const p = algorithm();
	clearAlgorithms(controller);
	then(p, () => {
		if (other.state === 'errored') {
			reject(controller.finish, other.storedError);
		} else {
			done();
			resolve(controller.finish, undefined);
		}
	}, (e) => {
		fail(e);
		reject(controller.finish, e);
	});
	return controller.finish;
}

// TransformStreamDefaultSinkAbortAlgorithm
function sinkAbort(stream, reason) {
	const controller = stream.controller, to = stream.readable, fail = (e) => readable.controllerError(to.controller, e);
	return finish(controller, () => controller.cancel(reason), to, () => fail(reason), fail);
}

// TransformStreamDefaultSinkCloseAlgorithm
function sinkClose(stream) {
	const controller = stream.controller, to = stream.readable;
	return finish(controller, () => controller.flush(), to, () => readable.controllerClose(to.controller),
		(e) => readable.controllerError(to.controller, e));
}

// TransformStreamDefaultSourceCancelAlgorithm
function sourceCancel(stream, reason) {
	const controller = stream.controller, from = stream.writable;
	function fail(e) {
		writable.errorIfNeeded(from.controller, e);
		unblockWrite(stream);
	}
	return finish(controller, () => controller.cancel(reason), from, () => fail(reason), fail);
}

// TransformStreamDefaultSourcePullAlgorithm
function sourcePull(stream) {
	setBackpressure(stream, false);
	return stream.backpressureChange;
}

const nothing = () => resolved(undefined);

// A stream whose algorithms are functions of ours: transform(chunk, controller) and
// flush(controller) may throw, cancel() releases something (Streams 9.3.1).
function nativeTransform(transform, flush, cancel) {
	const stream = new Stream(), controller = stream.controller = new Controller();
	controller.stream = stream;
	controller.transform = (chunk) => promiseCall(transform, undefined, chunk, controller);
	controller.flush = flush === undefined ? nothing : () => promiseCall(flush, undefined, controller);
	controller.cancel = cancel === undefined ? nothing : () => promiseCall(cancel, undefined);
	initialize(stream, resolved(undefined), 1, one, 0, one);
	return stream;
}

// ---- TransformStream ----

class TransformStream {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('TransformStream');
		return o.#s;
	}
	constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
		objectArgument(transformer, 'The transformer');
		writableStrategy = strategyOf(writableStrategy);
		readableStrategy = strategyOf(readableStrategy);
		let start, transform, flush, cancel;
		if (transformer !== undefined) {
			cancel = callback(transformer.cancel, 'cancel');
			flush = callback(transformer.flush, 'flush');
			const readableType = transformer.readableType;
			start = callback(transformer.start, 'start');
			transform = callback(transformer.transform, 'transform');
			if (readableType !== undefined)
				throw new RangeError('readableType must be undefined');
			if (transformer.writableType !== undefined)
				throw new RangeError('writableType must be undefined');
		}
		const readableMark = highWaterMarkOf(readableStrategy, 0), readableSize = sizeOf(readableStrategy);
		const writableMark = highWaterMarkOf(writableStrategy, 1), writableSize = sizeOf(writableStrategy);
		const stream = this.#s = new Stream(), started = promise();
		// SetUpTransformStreamDefaultControllerFromTransformer
		const controller = stream.controller = new Controller();
		const object = controller.object = new TransformStreamDefaultController(token, controller);
		controller.stream = stream;
		controller.transform = transform !== undefined ? (chunk) => promiseCall(transform, transformer, chunk, object)
			: (chunk) => {
				try {
					enqueue(controller, chunk);
				} catch (e) {
					return rejected(e);
				}
				return resolved(undefined);
			};
		controller.flush = flush === undefined ? nothing : () => promiseCall(flush, transformer, object);
		controller.cancel = cancel === undefined ? nothing : (reason) => promiseCall(cancel, transformer, reason);
		initialize(stream, started, writableMark, writableSize, readableMark, readableSize);
		resolve(started, start === undefined ? undefined : call(start, transformer, object));
	}
	get readable() { return TransformStream.#of(this).readable.object; }
	get writable() { return TransformStream.#of(this).writable.object; }
}

class TransformStreamDefaultController {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('TransformStreamDefaultController');
		return o.#s;
	}
	constructor() {
		if (arguments[0] !== token)
			throw badConstructor();
		this.#s = arguments[1];
	}
	get desiredSize() {
		return readable.desiredSize(TransformStreamDefaultController.#of(this).stream.readable.controller);
	}
	enqueue(chunk = undefined) { enqueue(TransformStreamDefaultController.#of(this), chunk); }
	error(reason = undefined) { errorStream(TransformStreamDefaultController.#of(this).stream, reason); }
	terminate() { terminate(TransformStreamDefaultController.#of(this)); }
}

// ---- encoding ----

class TextEncoderStream {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('TextEncoderStream');
		return o.#s;
	}
	constructor() {
		// a leading surrogate that waits for the other one
		let pending = '';
		this.#s = nativeTransform((chunk, controller) => {
			let text = `${chunk}`;
			if (text === '')
				return;
			text = pending + text;
			pending = '';
			const last = text[text.length - 1];
			if (last >= '\ud800' && last <= '\udbff') {
				pending = last;
				text = internal.substring(text, 0, text.length - 1);
			}
			if (text !== '')
				enqueue(controller, internal.encode(text));
		}, (controller) => {
			if (pending !== '')
				enqueue(controller, internal.encode(pending));
		});
	}
	get encoding() {
		TextEncoderStream.#of(this);
		return 'utf-8';
	}
	get readable() { return TextEncoderStream.#of(this).readable.object; }
	get writable() { return TextEncoderStream.#of(this).writable.object; }
}

class TextDecoderStream {
	#s;
	#decoder;
	constructor(label = 'utf-8', options = undefined) {
		const decoder = this.#decoder = internal.decoderNew(label, options);
		this.#s = nativeTransform((chunk, controller) => {
			const text = internal.decode(decoder, chunk, true);
			if (text !== '')
				enqueue(controller, text);
		}, (controller) => {
			const text = internal.decode(decoder, undefined, false);
			if (text !== '')
				enqueue(controller, text);
		});
	}
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('TextDecoderStream');
		return o;
	}
	get encoding() { return internal.decoderEncoding(TextDecoderStream.#of(this).#decoder); }
	get fatal() { return internal.decoderFatal(TextDecoderStream.#of(this).#decoder); }
	get ignoreBOM() { return internal.decoderIgnoreBom(TextDecoderStream.#of(this).#decoder); }
	get readable() { return TextDecoderStream.#of(this).#s.readable.object; }
	get writable() { return TextDecoderStream.#of(this).#s.writable.object; }
}

// ---- compression ----

// deflate: whether to compress. The native state takes a chunk whole and gives its output
// in parts of bounded size, undefined once there is no more.
function compressor(format, deflate) {
	const state = internal.zipNew(`${format}`, deflate);
	return nativeTransform((chunk, controller) => {
		let part;
		internal.zipInput(state, chunk);
		while ((part = internal.zipOutput(state, false)) !== undefined)
			enqueue(controller, part);
	}, (controller) => {
		let part;
		while ((part = internal.zipOutput(state, true)) !== undefined)
			enqueue(controller, part);
	});
}

class CompressionStream {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('CompressionStream');
		return o.#s;
	}
	constructor(format) { this.#s = compressor(format, true); }
	get readable() { return CompressionStream.#of(this).readable.object; }
	get writable() { return CompressionStream.#of(this).writable.object; }
}

class DecompressionStream {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('DecompressionStream');
		return o.#s;
	}
	constructor(format) { this.#s = compressor(format, false); }
	get readable() { return DecompressionStream.#of(this).readable.object; }
	get writable() { return DecompressionStream.#of(this).writable.object; }
}

expose(TransformStream);
expose(TransformStreamDefaultController);
expose(TextEncoderStream);
expose(TextDecoderStream);
expose(CompressionStream);
expose(DecompressionStream);

return {
	TransformStream, TransformStreamDefaultController, TextEncoderStream, TextDecoderStream, CompressionStream,
	DecompressionStream,
};
})
