// body.js: what C does with streams that are bodies (web/stream.c). Functions get public
// objects; those that are said to take a stream are given nothing else.
(function (internal) {
'use strict';
const { promise, resolve, reject, resolved, handled, viewBuffer, viewOffset, viewSize, viewNew,
	bufferNew, copyBytes, TypeError } = internal;
const { List } = internal.load('stream_base');
const readable = internal.load('readable');
const bytes = internal.load('byte_stream');
const { drain } = internal.load('pipe');

function locked(stream) { return readable.isLocked(readable.streamOf(stream)); }
function disturbed(stream) { return readable.streamOf(stream).disturbed; }

// A stream of bytes over native functions: byte_stream.js.
function fromNative(pull, cancel) { return bytes.nativeStream(pull, cancel).object; }

// A stream of one chunk, of which nobody else keeps the buffer; of none if it is empty.
function fromBytes(chunk) {
	return fromNative(() => {
		const p = resolved(chunk);
		chunk = undefined;
		return p;
	}, () => undefined);
}

// drain: see pipe.js.
function drainInto(stream, write, end, fail) { drain(readable.streamOf(stream), write, end, fail); }

function cancel(stream, reason) {
	const p = readable.cancelStream(readable.streamOf(stream), reason);
	handled(p);
	return p;
}

// [stream, stream]; chunks of the second one are copies (Fetch 2.2.4 "clone a body").
function tee(stream) {
	const branches = readable.tee(readable.streamOf(stream), internal.structuredClone);
	return [branches[0].object, branches[1].object];
}

// A promise of all bytes as a Uint8Array (Fetch 2.2.4 "fully read").
function collect(stream) {
	const parts = new List(), p = promise();
	let total = 0;
	drain(readable.streamOf(stream), (chunk) => {
		parts.push(chunk);
		total += viewSize(chunk);
	}, () => {
		try {
			const all = bufferNew(total);
			let at = 0;
			while (parts.length > 0) {
				const part = parts.shift(), n = viewSize(part);
				if (at + n > total)
					throw new TypeError('A chunk of a body has changed its size');
				copyBytes(all, at, viewBuffer(part), viewOffset(part), n);
				at += n;
			}
			resolve(p, viewNew(1, all, 0, at));
		} catch (e) {
			reject(p, e);
		}
	}, (e) => reject(p, e));
	return p;
}

// What text() and the others of a body that is a stream give (worker/host/body.c).
function consume(stream, owner, want) {
	return internal.chain(collect(stream), (all) => internal.bodyConvert(owner, want, all));
}

return { consume, locked, disturbed, fromNative, fromBytes, drain: drainInto, cancel, tee, collect };
})
