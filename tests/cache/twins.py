#!/usr/bin/env python3
"""twins.py: the cache tells nobody a difference.

Two servers of the same handlers, one with the response cache and one without,
are asked the same random requests while methods, headers, cookies, parameters
and bodies are toggled. Their answers must be equal in every byte but Date, Age
and X-Zigttp-Proof-Cache (and the coding, where gzip was acceptable). Handlers
whose name begins with "never" must never be answered from the cache; the others
must be when their inputs repeat.

    twins.py ZIGTTPD [-n REQUESTS] [-v] [-s SEED]   (default 30000)
Prints the share of hits of each handler with -v; ends with "N passed, N failed"."""
import argparse, gzip, os, random, re, signal, socket, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import ports
BATCH = 40
SKIPPED = (b"date:", b"age:", b"x-zigttp-proof-cache:")

POOL = {
    "Accept": ["text/html", "application/json", "*/*"],
    "Accept-Language": ["de", "fr-FR,fr;q=0.8", "en"],
    "Accept-Encoding": ["gzip", "gzip;q=0, identity", "br"],
    "Cookie": ["session=1", "session=2; theme=dark"],
    "Authorization": ["Bearer one", "Bearer two"],
    "User-Agent": ["browser/1.0", "GoogleBot"],
    "X-A": ["1", "2", ""],
    "X-B": ["p", "q"],
    "X-Noise": ["n1", "n2", "n3"],
    "Referer": ["http://x/1", "http://x/2"],
    "Cache-Control": ["no-cache", "max-age=0"],
    "If-None-Match": ['"own-1"', '"nothing"', "*"],
}
PARAMS = {"a": ["1", "2", "x%20y", ""], "b": ["1", "2"], "c": ["red", "blue"], "d": ["", "z", "zz"], "noise": ["1", "2", "3"]}

class Server:
    def __init__(self, daemon, *options):
        self.port = ports.take()
        self.log = open(os.path.join(os.environ.get("builddir", "/tmp"), "toggle.stderr"), "ab")
        self.proc = subprocess.Popen([daemon, "-q", "-n", "2", "-p", str(self.port), *options,
                                      os.path.join(HERE, "toggle.js")], stderr=self.log)
        for _ in range(100):
            try:
                self.sock = socket.create_connection(("127.0.0.1", self.port), 5)
                break
            except OSError:
                time.sleep(0.05)
        else:
            sys.exit("the server does not start")
        self.sock.settimeout(30)
        self.have = b""

    def more(self):
        d = self.sock.recv(1 << 17)
        if not d:
            sys.exit("the server closed the connection")
        self.have += d

    def answer(self, method):
        while True:
            end = self.have.find(b"\r\n\r\n")
            if end >= 0:
                break
            self.more()
        lines = self.have[:end].split(b"\r\n")
        status = int(lines[0].split()[1])
        length = 0
        for l in lines[1:]:
            if l[:15].lower() == b"content-length:":
                length = int(l[15:])
        if method == "HEAD" or status in (204, 304):
            length = 0
        while len(self.have) < end + 4 + length:
            self.more()
        body = self.have[end + 4:end + 4 + length]
        self.have = self.have[end + 4 + length:]
        return status, lines, body

    def stop(self):
        self.sock.close()
        self.proc.send_signal(signal.SIGTERM)
        self.proc.wait(10)

def comparable(lines, body):
    """What must be equal: all lines but those that tell a hit, and the body."""
    packed = any(l.lower() == b"content-encoding: gzip" for l in lines)
    keep = [l for l in lines if not l.lower().startswith(SKIPPED)]
    if packed:
        keep = [l for l in keep if not l.lower().startswith((b"content-encoding:", b"content-length:"))]
        body = gzip.decompress(body) if body else body
    return keep, body, packed

def request(rng, name):
    method = rng.choices(["GET", "HEAD", "POST"], [90, 6, 4])[0]
    path = "/" + name + rng.choice(["", "", "", "/users/1", "/items/2", "/7"])
    query = []
    for k, values in PARAMS.items():
        if rng.random() < 0.35:
            query.append(k + "=" + rng.choice(values))
            if rng.random() < 0.1:
                query.append(k + "=" + rng.choice(values))
    rng.shuffle(query)
    target = path + ("?" + "&".join(query) if query else "")
    lines = ["%s %s HTTP/1.1" % (method, target), "Host: t"]
    for k, values in POOL.items():
        rare = k in ("Cache-Control", "If-None-Match", "Cookie", "Authorization")
        if rng.random() < (0.06 if rare else 0.3):
            lines.append(k + ": " + rng.choice(values))
    body = ""
    if method == "POST":
        body = rng.choice(['{"k":1}', '{"k":2}'])
        lines.append("Content-Length: %d" % len(body))
    return method, ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("daemon")
    ap.add_argument("-n", type=int, default=int(os.environ.get("TOGGLE_REQUESTS", "30000")))
    ap.add_argument("-s", type=int, default=int(time.time()))
    ap.add_argument("-v", action="store_true")
    a = ap.parse_args()
    rng = random.Random(a.s)
    names = re.findall(r"^  (\w+): ", open(os.path.join(HERE, "toggle.js")).read().split("const handlers")[1], re.M)
    cached, plain = Server(a.daemon), Server(a.daemon, "--no-cache")
    asked, gets, hits, differences, stale = 0, {n: 0 for n in names}, {n: 0 for n in names}, 0, 0
    packed = 0
    while asked < a.n:
        batch = []
        for _ in range(BATCH):
            name = rng.choice(names)
            # repeats, so that there is something to be hit
            if batch and rng.random() < 0.3:
                batch.append(batch[-1])
            else:
                batch.append((name,) + request(rng, name))
        wire = b"".join(b[2] for b in batch)
        cached.sock.sendall(wire)
        plain.sock.sendall(wire)
        for name, method, raw in batch:
            sc, lc, bc = cached.answer(method)
            sp, lp, bp = plain.answer(method)
            hit = any(l.lower() == b"x-zigttp-proof-cache: hit" for l in lc)
            kc, bc, gz = comparable(lc, bc)
            kp, bp, _ = comparable(lp, bp)
            if gz:
                packed += 1
                kp = [l for l in kp if not l.lower().startswith(b"content-length:")]
            if kc != kp or bc != bp:
                differences += 1
                if differences <= 5:
                    print("different:\n%s\ncached: %s %r\nplain:  %s %r" % (raw.decode(), kc, bc[:200], kp, bp[:200]))
            if method == "GET":
                gets[name] += 1
                hits[name] += hit
            if hit and (name.startswith("never") or method == "POST"):
                stale += 1
                print("must never be a hit: " + raw.decode())
        asked += len(batch)
    cached.stop()
    plain.stop()
    lazy = [n for n in names if not n.startswith("never") and hits[n] == 0]
    if a.v:
        for n in names:
            print("%-20s %7d GET %6.1f %% hits" % (n, gets[n], 100 * hits[n] / max(1, gets[n])))
    should = [n for n in names if not n.startswith("never")]
    print("%d handlers, %d requests (seed %d): %d differences; %.1f %% hits where they should be, %d wrong hits, %d in gzip" %
          (len(names), asked, a.s, differences, 100 * sum(hits[n] for n in should) / sum(gets[n] for n in should), stale, packed))
    for n in lazy:
        print("never hit: " + n)
    checks = [differences == 0, stale == 0, not lazy, packed > 0 or a.n < 5000]
    print("%d passed, %d failed" % (sum(checks), len(checks) - sum(checks)))
    sys.exit(0 if all(checks) else 1)

main()
