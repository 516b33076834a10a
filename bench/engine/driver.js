// Appended to a row by run.sh. Finds how many operations fill a sample, takes
// samples, prints: name, best and median ns per operation, checksum of a fixed
// number of operations (equal in all engines that compute the same).
(function () {
	var now = typeof performance === 'object' && performance && typeof performance.now === 'function'
		? function () { return performance.now(); }
		: function () { return Date.now(); };
	var say = typeof print === 'function' ? print : console.log;
	var check = run(1000), n = 1, t, i, samples = [];

	function time(k) {
		var t0 = now();
		run(k);
		return now() - t0;
	}
	for (;;) {
		t = time(n);
		if (t >= BENCH_MS / 4)
			break;
		n *= t < BENCH_MS / 40 ? 4 : 2;
	}
	n = Math.max(1, Math.round(n * BENCH_MS / t));
	for (i = 0; i < BENCH_SAMPLES; i++)
		samples.push(time(n) * 1e6 / n);
	samples.sort(function (a, b) { return a - b; });
	say(BENCH_NAME + ' ' + samples[0].toFixed(2) + ' ' + samples[samples.length >> 1].toFixed(2) + ' ' + check);
})();
