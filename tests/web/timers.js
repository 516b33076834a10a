// Timers: order by time and then by number, jobs after each callback, intervals, clearing.
// Delays are far enough apart that a busy machine changes no order.
const out = [];
const say = typeof print === "function" ? print : console.log;
const log = (s) => out.push(s);
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

setTimeout(() => log("late"), 60);
setTimeout((...a) => log("args " + a.join()), 20, 1, "two", null);
setTimeout(() => {
  log("a");
  Promise.resolve().then(() => log("job of a"));
  setTimeout(() => log("nested"), 1);
}, 40);
setTimeout(() => log("b"), 40);
queueMicrotaskLike(() => log("job first"));
log("sync");
const gone = setTimeout(() => log("never"), 10);
clearTimeout(gone);
clearTimeout(gone);
clearTimeout(undefined);
clearTimeout(123456);
clearTimeout();

let n = 0;
const every = setInterval((tag) => {
  log(tag + ++n);
  if (n === 3) clearInterval(every);
}, 100, "interval ");

// The text forms of delays.
setTimeout(() => log("string delay"), "450");

function queueMicrotaskLike(f) {
  Promise.resolve().then(f);
}

for (const f of [() => setTimeout(), () => setTimeout(1, 2), () => setInterval(null)]) {
  try {
    f();
    log("no error");
  } catch (e) {
    log(e.name);
  }
}
log([setTimeout.name, setInterval.name, clearTimeout.name, clearInterval.name].join());
log([typeof setTimeout, Object.keys(globalThis).includes("nothing")].join());

(async () => {
  await sleep(600);
  const order = [];
  await Promise.all([30, 10, 20].map(async (ms) => {
    await sleep(ms * 4);
    order.push(ms);
  }));
  log(order.join());
  const t0 = Date.now();
  await sleep(50);
  const dt = Date.now() - t0;
  log(dt >= 49 && dt < 5000 ? "clock moved" : "clock: " + dt);
  // a callback clears a later one that is due at the same time
  let later;
  setTimeout(() => { log("clears"); clearTimeout(later); }, 20);
  later = setTimeout(() => log("cleared"), 20);
  await sleep(60);
  let depth = 0;
  await new Promise((done) => {
    (function deeper() {
      if (++depth === 12) done();
      else setTimeout(deeper, 0);
    })();
  });
  log("depth " + depth);
  const r = await Promise.race([sleep(20).then(() => "fast"), sleep(200).then(() => "slow")]);
  log(r);
  say(out.join("\n"));
})();
