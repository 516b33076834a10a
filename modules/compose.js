// compose.js: zigttp:compose. Uses syntax only, and a set of its own, so nothing that a
// program does to the built-in objects changes it.
const guards = new WeakSet(), isGuard = guards.has.bind(guards);

function callable(f, what) {
	if (typeof f !== "function")
		throw new TypeError(what + " must be a function");
	return f;
}

function isThenable(v) {
	return v !== null && typeof v === "object" && typeof v.then === "function";
}

function passes(v) {
	return v === undefined || v === null || v === true;
}

function refusal(v) {
	return v === false ? new Response("Forbidden", { status: 403 }) : v;
}

export function guard(check, next) {
	callable(check, "guard: the check");
	if (next === undefined) {
		const step = function guarded(...args) {
			return check(...args);
		};
		guards.add(step);
		return step;
	}
	callable(next, "guard: the function behind it");
	return function guarded(...args) {
		const v = check(...args);
		if (isThenable(v))
			return v.then((w) => passes(w) ? next(...args) : refusal(w));
		return passes(v) ? next(...args) : refusal(v);
	};
}

function run(steps, from, value, rest) {
	for (let i = from; i < steps.length; i++) {
		const step = steps[i], v = step(value, ...rest), guarding = isGuard(step);
		if (isThenable(v)) {
			const before = value;
			return v.then((w) => guarding && !passes(w) ? refusal(w) :
				run(steps, i + 1, guarding ? before : w, rest));
		}
		if (!guarding)
			value = v;
		else if (!passes(v))
			return refusal(v);
	}
	return value;
}

export function pipe(...steps) {
	for (let i = 0; i < steps.length; i++)
		callable(steps[i], "pipe: step " + (i + 1));
	return function piped(value, ...rest) {
		return run(steps, 0, value, rest);
	};
}
