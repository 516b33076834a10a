#!/usr/bin/env python3
"""bits.py: bits of the cache's memory are turned at random while a server answers
from it: no worker dies, no answer is wrong.    bits.py ZIGTTPD [-n FLIPS] [-a]

Writes through /proc/PID/mem, which takes root; else nothing is tested. All of the
cache but the locks, which are the C library's; with -a those too."""
import argparse, os, random, struct, sys, threading, time
from served import Server, Score

HANDLER = """
const letters = "abcdefghijklmnopqrstuvwxyz";
function handler(r) {
  const a = Number(r.query.a), b = r.headers.get("x-b") ?? "none";
  let s = r.path + " " + a + " " + b + "\\n";
  for (let i = 0; i < a * 37 % 50; i++) s += letters[(a * 7 + i) % 26].repeat(a % 90 + 1) + "\\n";
  return Response.text(s);
}
"""
LETTERS = "abcdefghijklmnopqrstuvwxyz"

def expected(path, a, b):
    return "%s %d %s\n" % (path, a, b) + "".join(LETTERS[(a * 7 + i) % 26] * (a % 90 + 1) + "\n" for i in range(a * 37 % 50))

class Memory:
    """The cache of a server, as bytes that can be changed."""
    def __init__(self, pid, locks):
        self.mem = open("/proc/%d/mem" % pid, "r+b", buffering=0)
        for line in open("/proc/%d/maps" % pid):
            span, mode = line.split()[:2]
            at, end = (int(x, 16) for x in span.split("-"))
            if mode == "rw-s" and struct.unpack("<I", self.read(at, 4))[0] == 0x5a545348:
                break
        else:
            raise OSError("no shared memory")
        # shm/layout.h: the first of shm_header's parts is the cache
        version, = struct.unpack("<I", self.read(at + 4, 4))
        off, self.size = struct.unpack("<QQ", self.read(at + 128, 16))
        if version != 6 or self.size == 0 or off + self.size > end - at:
            sys.exit("shm/layout.h is not what is known here: version %d, %d bytes at %d" % (version, self.size, off))
        self.at, self.locks = at + off, locks

    def read(self, at, n):
        self.mem.seek(at)
        return self.mem.read(n)

    def is_lock(self, i):
        return 64 <= i < 576

    def flip(self, rng):
        while True:
            i = rng.randrange(self.size)
            if self.locks or not self.is_lock(i):
                break
        byte = self.read(self.at + i, 1)[0] ^ 1 << rng.randrange(8)
        self.mem.seek(self.at + i)
        self.mem.write(bytes([byte]))

def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("daemon")
    ap.add_argument("-n", type=int, default=int(os.environ.get("CACHE_FLIPS", "20000")))
    ap.add_argument("-a", action="store_true")
    ap.add_argument("-s", type=int, default=int(time.time()))
    a = ap.parse_args()
    t, rng = Score(), random.Random(a.s)
    s = Server(a.daemon, HANDLER, "-s", "cache.size=1M", "-s", "cache.entries=256", "-s", "cache.wait=20ms", workers=3)
    try:
        memory = Memory(s.proc.pid, a.a)
    except OSError as e:
        print("skipped: %s\n0 passed, 0 failed" % e)
        s.stop()
        sys.exit(77)
    flips = [0]

    def flipper():
        own = random.Random(a.s + 1)
        while flips[0] < a.n:
            for _ in range(20):
                memory.flip(own)
            flips[0] += 20
            time.sleep(0.0005)

    worker = threading.Thread(target=flipper)
    worker.start()
    conns = [s.connect() for _ in range(6)]
    asked = hits = wrong = lost = 0
    while worker.is_alive():
        plans = []
        for k, c in enumerate(conns):
            plan = [("/" + rng.choice("pq"), rng.randrange(60), rng.choice(["none", "1", "2"])) for _ in range(8)]
            try:
                c.send("".join("GET %s?a=%d HTTP/1.1\r\nHost: t\r\n%s\r\n" % (p, n, "" if b == "none" else "X-B: %s\r\n" % b) for p, n, b in plan))
            except OSError:
                pass
            plans.append(plan)
        for k, c in enumerate(conns):
            try:
                for p, n, b in plans[k]:
                    r = c.reply()
                    asked += 1
                    hits += r.hit
                    if r.status != 200 or r.body.decode("latin-1") != expected(p, n, b):
                        wrong += 1
                        if wrong < 4:
                            print("wrong: %s %d %s: %s %r" % (p, n, b, r.lines, r.body[:300]))
            except OSError:
                lost += 1
                conns[k] = s.connect()
    worker.join()
    st, status = s.stats(), s.json("status")
    print("%d bits turned while %d requests were answered, %d from the cache: %d wrong, %d workers died, %d connections lost; %d damaged seen" %
          (flips[0], asked, hits, wrong, status["deaths"], lost, st["damaged"]))
    t.check(wrong == 0, "%d wrong answers" % wrong)
    t.check(status["deaths"] == 0 and lost == 0, "deaths: " + "\n".join(x for _, x in s.lines[-20:]))
    t.check(hits > 100, "%d hits of %d" % (hits, asked))  # how many depends on who is faster
    s.stop()
    t.end()

main()
