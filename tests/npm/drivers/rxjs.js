import * as rx from "rxjs";

const { of, from, range, merge, concat, zip, combineLatest, Subject, BehaviorSubject, ReplaySubject, throwError, defer, EMPTY, generate, iif, forkJoin, race, partition } = rx;
const log = (name) => ({ next: (v) => console.log(name, JSON.stringify(v)), error: (e) => console.log(name, "error", e.name, e.message), complete: () => console.log(name, "complete") });
const run = (name, o) => o.subscribe(log(name));
run("pipe", range(1, 10).pipe(rx.filter((x) => x % 2 === 1), rx.map((x) => x * x), rx.scan((a, b) => a + b, 0), rx.takeWhile((x) => x < 100, true), rx.pairwise()));
run("merge", merge(of(1, 2), of(3), from([4, 5])).pipe(rx.toArray()));
run("zip", zip(of("a", "b"), range(5)).pipe(rx.mergeMap(([a, n]) => of(a + n, n))));
run("latest", combineLatest({ a: of(1, 2), b: of("x") }).pipe(rx.withLatestFrom(of(9))));
run("group", from([{ k: 1, v: "a" }, { k: 2, v: "b" }, { k: 1, v: "c" }]).pipe(rx.groupBy((x) => x.k), rx.mergeMap((g) => g.pipe(rx.reduce((s, x) => s + x.v, `${g.key}:`)))));
run("error", concat(of(1), throwError(() => new TypeError("t"))).pipe(rx.retry(1), rx.catchError((e) => of(`caught ${e.message}`)), rx.endWith("end"), rx.finalize(() => console.log("finalized"))));
run("expand", of(1).pipe(rx.expand((x) => (x < 50 ? of(x * 3) : EMPTY)), rx.bufferCount(2, 1)));
run("window", range(6).pipe(rx.windowCount(4), rx.concatMap((w) => w.pipe(rx.toArray())), rx.delayWhen(() => of(0))));
run("empty", EMPTY.pipe(rx.first()));
run("distinct", of(1, 1, 2, 2, 1).pipe(rx.distinctUntilChanged(), rx.materialize(), rx.dematerialize(), rx.elementAt(1)));
run("gen", generate({ initialState: 1, condition: (x) => x < 20, iterate: (x) => x * 2 }).pipe(rx.skipLast(1), rx.startWith(0), rx.count()));
run("iif", iif(() => false, of(1), defer(() => of(2))).pipe(rx.repeat(2), rx.isEmpty()));
const s = new Subject(), b = new BehaviorSubject(0), r = new ReplaySubject(2);
const subs = [s.pipe(rx.switchMap((x) => of(x, x * 10)), rx.share()).subscribe(log("s")), b.subscribe(log("b"))];
[1, 2, 3].forEach((x) => { s.next(x); b.next(x); r.next(x); });
r.subscribe(log("r"));
subs.forEach((x) => x.unsubscribe());
s.next(4);
s.error(new RangeError("late"));
run("s2", s);
const [ev, od] = partition(range(6), (x) => x % 2 === 0);
run("part", forkJoin([ev.pipe(rx.toArray()), od.pipe(rx.last())]));
run("race", race(of("first"), of("second")).pipe(rx.tap({ subscribe: () => console.log("sub") }), rx.exhaustMap((x) => from(Promise.resolve(x)))));
console.log(await rx.firstValueFrom(from((async function* () { yield 1; yield 2; })()).pipe(rx.skip(1))), await rx.lastValueFrom(from([1, 2, 3]), { defaultValue: 0 }));
try {
	await rx.lastValueFrom(EMPTY);
} catch (e) {
	console.log(e.name, e.message, e instanceof rx.EmptyError);
}
for await (const v of { [Symbol.asyncIterator]: async function* () { yield* [7, 8]; } })
	run("async", from([v]).pipe(rx.observeOn(rx.asapScheduler), rx.subscribeOn(rx.queueScheduler), rx.ignoreElements()));
run("test", new rx.Observable((o) => { o.next(1); o.complete(); o.next(2); return () => console.log("teardown"); }));
