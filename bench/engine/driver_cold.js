// Appended by run.sh -c to a row's source as a string. Compiles it, runs its
// top level and BENCH_N operations, once, in a process that did nothing before;
// prints what driver.js prints.
(function () {
	var now = typeof performance === 'object' && performance && typeof performance.now === 'function'
		? function () { return performance.now(); }
		: function () { return Date.now(); };
	var say = typeof print === 'function' ? print : console.log;
	var t0 = now(), r = new Function(BENCH_SOURCE + '\nreturn run(' + BENCH_N + ');')();

	function done(value) {
		var ns = ((now() - t0) * 1e6 / BENCH_N).toFixed(2);
		say(BENCH_NAME + ' ' + ns + ' ' + ns + ' ' + value);
	}
	if (r && typeof r.then === 'function')
		r.then(done);
	else
		done(r);
})();
