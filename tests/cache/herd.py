#!/usr/bin/env python3
"""herd.py: many simultaneous requests for a response that is not there yet run
the handler once; what happens when whoever runs it dies, stalls, fails, or makes
something that cannot be kept.    herd.py ZIGTTPD [-n REQUESTS]

Each run of the handler writes a line at its start and at its end, so runs are
counted where they happen."""
import argparse, os, resource, selectors, signal, socket, sys, time
from served import Server, Score

HANDLER = """
function burn(n) { let x = 1; for (let i = 0; i < n; i++) x = (x * 31 + i) | 0; return x; }
function handler(r) {
  const n = Number(r.query.n);
  console.log("begin " + r.path);
  let x = burn(n);
  if (r.path.startsWith("/clock")) x += Date.now();
  console.log("end " + r.path);
  if (r.path.startsWith("/throw")) throw new Error("as asked");
  return Response.json({ x });
}
"""

class Herd:
    """So many connections, each with one request under way."""
    def __init__(self, server, n):
        self.socks = []
        for _ in range(n):
            s = socket.create_connection(("127.0.0.1", server.port), 20)
            self.socks.append(s)
        self.answers, self.lost = [], 0

    def send(self, target):
        raw = ("GET %s HTTP/1.1\r\nHost: t\r\n\r\n" % target).encode()
        for s in self.socks:
            s.send(raw)
            s.setblocking(False)

    def gather(self, seconds=60, tick=None):
        sel = selectors.DefaultSelector()
        have = {}
        for s in self.socks:
            sel.register(s, selectors.EVENT_READ)
            have[s] = b""
        end = time.monotonic() + seconds
        while have and time.monotonic() < end:
            if tick:
                tick()
            for key, _ in sel.select(0.005 if tick else 0.5):
                s = key.fileobj
                try:
                    d = s.recv(65536)
                except OSError:
                    d = b""
                if not d:
                    self.lost += 1
                elif b"}" in d or b"500 Internal" in have[s] + d:
                    self.answers.append(have[s] + d)
                else:
                    have[s] += d
                    continue
                sel.unregister(s)
                del have[s]
        self.unanswered = len(have)
        sel.close()
        for s in self.socks:
            s.close()

    def bodies(self):
        return {a.partition(b"\r\n\r\n")[2] for a in self.answers}

syncs = 0

def lines(server, what):
    """When such lines were written. They come through a pipe, in order: all that
    were written before now have come when one of ours has."""
    global syncs
    syncs += 1
    path = "/clock-sync-%d" % syncs
    c = server.connect()
    c.ask(path + "?n=1")
    c.close()
    end = time.monotonic() + 10
    while time.monotonic() < end and not any(text == "begin " + path for _, text in server.lines):
        time.sleep(0.002)
    return [at for at, text in server.lines if text == what]

def calibrate(server, ms):
    c = server.connect()
    n, took = 1 << 16, 0
    while took < 0.05:
        n *= 2
        t = time.monotonic()
        c.ask("/calibrate?n=%d" % n)
        took = time.monotonic() - t
    c.close()
    return max(1000, int(n * ms / 1000 / took))

def leader(server, path):
    for w in server.workers():
        if path in w["request"]:
            return w["pid"]
    return None

def cold(t, server, count, n):
    h = Herd(server, count)
    h.send("/cold?n=%d" % n)
    h.gather()
    st = server.stats()
    runs = len(lines(server, "begin /cold"))
    shares = [w["accepted"] for w in server.workers()]
    print("%d requests at once, over workers %s: %d execution, %d waited, %d hits" % (count, shares, runs, st["waits"], st["hits"]))
    t.check(runs == 1, "the handler ran %d times" % runs)
    t.check(len(h.answers) == count and len(h.bodies()) == 1, "%d answers, %d bodies" % (len(h.answers), len(h.bodies())))
    t.check(len(shares) == 4, "four workers")

def leader_of(t, server, path):
    """Who runs this, stopped in the middle of it."""
    end = time.monotonic() + 20
    pid = None
    while not pid and time.monotonic() < end:
        pid = leader(server, path)
    if t.check(pid is not None, "a leader is to be seen"):
        os.kill(pid, signal.SIGSTOP)
    return pid

def killed(t, server, count, n):
    """One request first; when its leader is known and stands still, all others;
    then it dies."""
    first = Herd(server, 1)
    h = Herd(server, count - 1)
    before = server.stats()["waits"]
    first.send("/killed?n=%d" % (n * 10))
    pid = leader_of(t, server, "/killed")
    if not pid:
        return
    h.send("/killed?n=%d" % (n * 10))
    end = time.monotonic() + 5
    while server.stats()["waits"] == before and time.monotonic() < end:
        time.sleep(0.01)
    at = time.time()
    os.kill(pid, signal.SIGKILL)
    h.gather()
    began = lines(server, "begin /killed")
    print("leader killed: %d executions, the next one %.1f ms after the death; %d answers, %d connections lost with it" %
          (len(began), (began[-1] - at) * 1000 if len(began) > 1 else -1, len(h.answers), h.lost))
    t.check(len(began) == 2, "%d executions" % len(began))
    t.check(h.unanswered == 0 and len(h.bodies()) == 1 and len(h.answers) + h.lost == count - 1 and h.lost < count - 1,
            "%d answers, %d lost, %d unanswered" % (len(h.answers), h.lost, h.unanswered))
    t.check(began[-1] - at < 1, "the next leader is late")

def brief(t, server, paths):
    """Runs so short that a worker can look in vain, lose the processor, and find
    nobody at it any more when it comes back: it looks again."""
    twice = answers = 0
    for i in range(paths):
        h = Herd(server, 12)
        h.send("/brief-%d?n=500" % i)
        h.gather()
        answers += len(h.answers)
    lines(server, "")
    seen = {}
    for _, text in list(server.lines):
        if text.startswith("begin /brief-"):
            seen[text] = seen.get(text, 0) + 1
    twice = sum(k - 1 for k in seen.values())
    print("%d brief runs, 12 requests for each: %d executions too many" % (paths, twice))
    t.check(twice == 0 and len(seen) == paths and answers == 12 * paths,
            "brief runs: %d too many, %d of %d, %d answers" % (twice, len(seen), paths, answers))

def uncacheable(t, server, path, n):
    count = 24
    before = server.stats()["waits"]
    h = Herd(server, count)
    h.send("%s?n=%d" % (path, n))
    h.gather()
    began, ended = lines(server, "begin " + path), lines(server, "end " + path)
    soon = [b for b in began if ended[0] - 0.002 <= b]
    print("%s: %d executions; after the first had ended the next began within %.1f ms; %d waited" %
          (path, len(began), (min(soon) - ended[0]) * 1000, server.stats()["waits"] - before))
    t.check(len(began) == count and len(h.answers) == count, "%s: %d executions, %d answers" % (path, len(began), len(h.answers)))
    # everybody at once, not one after the other: runs overlap as soon as there are two workers
    began.sort()
    ended.sort()
    overlap = any(b < e for b, e in zip(began[2:], ended[1:]))
    h = Herd(server, 8)
    waits = server.stats()["waits"]
    h.send("%s?n=%d" % (path, n))
    h.gather()
    t.check(server.stats()["waits"] == waits and len(h.answers) == 8, path + ": it is known that waiting is of no use")
    return overlap

def stalled(t, daemon, n):
    """A leader that does not go on: others wait for cache.wait, and then do it themselves."""
    s = Server(daemon, HANDLER, "-s", "cache.wait=300ms", "-s", "limits.queue_age=30s", workers=4)
    h = Herd(s, 40)
    h.send("/stall?n=%d" % (n * 10))
    pid = leader_of(t, s, "/stall")
    if not pid:
        return
    gone, at = [], time.monotonic()

    def tick():  # it has some of the connections itself
        if not gone and time.monotonic() - at > 1.5:
            os.kill(pid, signal.SIGCONT)
            gone.append(1)
    h.gather(30, tick)
    began, ended = sorted(lines(s, "begin /stall")), sorted(lines(s, "end /stall"))
    print("leader stopped: the next one began after %.0f ms (cache.wait 300 ms); %d executions, %d answers" %
          ((began[1] - began[0]) * 1000 if len(began) > 1 else -1, len(began), len(h.answers)))
    t.check(2 <= len(began) <= 8, "%d executions" % len(began))
    t.check(len(began) > 1 and began[1] - began[0] >= 0.25 and h.unanswered == 0 and len(h.bodies()) == 1,
            "waiters have a deadline: %s, %d unanswered" % (began, h.unanswered))
    s.stop()

def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("daemon")
    ap.add_argument("-n", type=int, default=int(os.environ.get("HERD", "1000")))
    a = ap.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    count = min(a.n, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100)
    t = Score()
    s = Server(a.daemon, HANDLER, "-s", "limits.queue_age=30s", "-s", "cache.wait=60s", "-s", "limits.handler_timeout=60s",
               workers=4)
    n = calibrate(s, 50)
    cold(t, s, count, n)
    brief(t, s, 60)
    killed(t, s, count, n)
    for path in "/clock", "/throw":  # one worker may have got all connections: try again
        t.check(any(uncacheable(t, s, "%s-%d" % (path, i), n) for i in range(5)), path + ": runs are in a row")
    s.stop()
    stalled(t, a.daemon, n)
    t.end()

main()
