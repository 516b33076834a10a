// message.js: MessageEvent, MessageChannel, MessagePort (HTML 9.4). A message is cloned when
// it is posted and delivered in a turn of the event loop of its own.
(function (internal) {
'use strict';
const { expose, TypeError, structuredClone, symIterator } = internal;
const { List, isObject, dictionary, badThis, badConstructor, token } = internal.load('stream_base');
const Event = internal.eventClass(), EventTarget = internal.eventTargetClass();

class MessageEvent extends Event {
	#data;
	#origin;
	#lastEventId;
	#source;
	#ports;
	constructor(type, eventInitDict = undefined) {
		super(type, eventInitDict);
		const init = dictionary(eventInitDict, 'The init argument');
		this.#data = init === undefined || init.data === undefined ? null : init.data;
		this.#lastEventId = init === undefined || init.lastEventId === undefined ? '' : `${init.lastEventId}`;
		this.#origin = init === undefined || init.origin === undefined ? '' : `${init.origin}`;
		this.#ports = init === undefined || init.ports === undefined ? [] : [...init.ports];
		this.#source = init === undefined || init.source === undefined ? null : init.source;
	}
	static #of(o) {
		if (!isObject(o) || !(#data in o))
			throw badThis('MessageEvent');
		return o;
	}
	get data() { return MessageEvent.#of(this).#data; }
	get origin() { return MessageEvent.#of(this).#origin; }
	get lastEventId() { return MessageEvent.#of(this).#lastEventId; }
	get source() { return MessageEvent.#of(this).#source; }
	get ports() { return MessageEvent.#of(this).#ports; }
}

class Port {
	object;
	other;
	// messages that were posted to this port
	queue = new List();
	started = false;
	closed = false;
	// a turn was asked for
	due = false;
}

function ask(port) {
	if (port.due || !port.started || port.closed || port.queue.length === 0)
		return;
	port.due = true;
	internal.later(deliver, port);
}

function deliver(port) {
	port.due = false;
	if (port.closed || port.queue.length === 0)
		return;
	const data = port.queue.shift();
	ask(port);
	internal.dispatch(port.object, new MessageEvent('message', { data }));
}

// StructuredSerializeOptions, or a sequence of what is transferred.
function transferOf(options) {
	if (!isObject(options))
		return dictionary(options, 'The options');
	return options[symIterator] === undefined ? options.transfer : options;
}

class MessagePort extends EventTarget {
	#s;
	static #of(o) {
		if (!isObject(o) || !(#s in o))
			throw badThis('MessagePort');
		return o.#s;
	}
	constructor() {
		if (arguments[0] !== token)
			throw badConstructor();
		super();
		this.#s = arguments[1];
	}
	postMessage(message, options = undefined) {
		const port = MessagePort.#of(this);
		if (arguments.length === 0)
			throw new TypeError('postMessage: 1 argument is needed');
		const transfer = transferOf(options);
		const data = transfer === undefined ? structuredClone(message) : structuredClone(message, { transfer });
		const other = port.other;
		if (port.closed || other.closed)
			return;
		other.queue.push(data);
		ask(other);
	}
	start() {
		const port = MessagePort.#of(this);
		port.started = true;
		ask(port);
	}
	close() {
		const port = MessagePort.#of(this);
		port.closed = true;
		port.queue.clear();
	}
	get onmessage() {
		MessagePort.#of(this);
		return internal.handler(this, 'message');
	}
	set onmessage(f) {
		const port = MessagePort.#of(this);
		internal.setHandler(this, 'message', f);
		port.started = true;
		ask(port);
	}
	get onmessageerror() {
		MessagePort.#of(this);
		return internal.handler(this, 'messageerror');
	}
	set onmessageerror(f) {
		MessagePort.#of(this);
		internal.setHandler(this, 'messageerror', f);
	}
}

function newPort() {
	const port = new Port();
	port.object = new MessagePort(token, port);
	return port;
}

class MessageChannel {
	#port1 = newPort();
	#port2 = newPort();
	constructor() {
		this.#port1.other = this.#port2;
		this.#port2.other = this.#port1;
	}
	get port1() {
		if (!isObject(this) || !(#port1 in this))
			throw badThis('MessageChannel');
		return this.#port1.object;
	}
	get port2() {
		if (!isObject(this) || !(#port2 in this))
			throw badThis('MessageChannel');
		return this.#port2.object;
	}
}

expose(MessageEvent);
expose(MessagePort);
expose(MessageChannel);
return { MessageEvent, MessagePort, MessageChannel };
})
