// Appended to a row by run.sh. Finds how many operations fill a sample, takes
// samples, prints: name, best and median ns per operation, checksum of a fixed
// number of operations (equal in all engines that compute the same). A row
// whose run(n) answers with a promise is timed until that is fulfilled.
(function () {
	var now = typeof performance === 'object' && performance && typeof performance.now === 'function'
		? function () { return performance.now(); }
		: function () { return Date.now(); };
	var say = typeof print === 'function' ? print : console.log;
	var n = 1, samples = [], check;

	function time(k, next) {
		var t0 = now(), r = run(k);
		if (r && typeof r.then === 'function')
			r.then(function (value) { next(now() - t0, value); });
		else
			next(now() - t0, r);
	}
	function grow(t) {
		if (t < BENCH_MS / 4) {
			n *= t < BENCH_MS / 40 ? 4 : 2;
			time(n, grow);
		} else {
			n = Math.max(1, Math.round(n * BENCH_MS / t));
			time(n, sample);
		}
	}
	function sample(t) {
		samples.push(t * 1e6 / n);
		if (samples.length < BENCH_SAMPLES) {
			time(n, sample);
			return;
		}
		samples.sort(function (a, b) { return a - b; });
		say(BENCH_NAME + ' ' + samples[0].toFixed(2) + ' ' + samples[samples.length >> 1].toFixed(2) + ' ' + check);
	}
	time(1000, function (t, value) {
		check = value;
		time(n, grow);
	});
})();
