#!/usr/bin/env python3
"""control.py: the operator's side of a real zigttpd: every verb of zigttpctl,
hostile clients of the control socket, metrics, logs and their rotation.
Usage: control.py ZIGTTPD ZIGTTPCTL [name of one test]"""
import http.client
import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import ports
import scratch

ZIGTTPD, ZIGTTPCTL = map(os.path.abspath, sys.argv[1:3])
TMP = scratch.folder("zigttpd-ctl-")
os.chmod(TMP, 0o755)
WORKERS = 3
HANDLER = """
let n = 0;
function spin(k) { let x = 0; for (let i = 0; i < k; i++) x = (x * 31 + i) | 0; return x; }
function handler(r) {
  if (r.path === '/slow') return String(spin(2e7));
  if (r.path === '/throw') throw new Error('asked for');
  return 'hello';
}
"""
passed = failed = 0


def check(ok, text):
    global passed, failed
    print(("ok " if ok else "not ok ") + text, flush=True)
    if ok:
        passed += 1
    else:
        failed += 1
    return ok


class Server:
    count = 0

    def __init__(self, top="", log="", handler=HANDLER, wait=True, **env):
        Server.count += 1
        self.dir = os.path.join(TMP, "s%d" % Server.count)
        os.mkdir(self.dir, 0o755)
        self.port, self.metrics_port = ports.take(), ports.take()
        self.sock = os.path.join(self.dir, "control")
        self.handler = os.path.join(self.dir, "handler.js")
        self.conf = os.path.join(self.dir, "zigttpd.conf")
        self.top, self.log = top, log
        self.write(self.handler, handler)
        self.write_conf()
        self.start(wait)

    @staticmethod
    def write(path, text):
        with open(path, "w") as f:
            f.write(text)

    def write_conf(self, extra=""):
        self.write(self.conf, """listen = { "127.0.0.1:%d" }
workers = %d
control = "%s"
metrics_listen = "127.0.0.1:%d"
%s
log { %s }
app "test" { handler = "%s" }
%s""" % (self.port, WORKERS, self.sock, self.metrics_port, self.top, self.log, self.handler, extra))

    def start(self, wait=True):
        self.err = open(os.path.join(self.dir, "stderr"), "a")
        self.p = subprocess.Popen([ZIGTTPD, "-c", self.conf], stdin=subprocess.DEVNULL, stdout=self.err, stderr=self.err)
        end = time.monotonic() + 10
        while wait and time.monotonic() < end:
            try: # the control socket says that it is this one, not what a killed one has left
                if self.json("status")["pid"] == self.p.pid and self.get("/")[0] == 200:
                    break
            except (OSError, AssertionError):
                time.sleep(0.02)

    def get(self, path, method="GET", port=None, body=None):
        c = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        try:
            c.request(method, path, body)
            r = c.getresponse()
            return r.status, r.read().decode()
        finally:
            c.close()

    def ctl(self, *args, sock=None):
        return subprocess.run([ZIGTTPCTL, "-s", sock or self.sock] + list(args), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30)

    def json(self, verb):
        r = self.ctl("--json", verb)
        assert r.returncode == 0, r
        return json.loads(r.stdout)

    def connect(self):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(5)
        s.connect(self.sock)
        return s

    def text(self):
        with open(os.path.join(self.dir, "stderr")) as f:
            return f.read()

    def end(self):
        """SIGTERM; True: status 0 and nobody left."""
        self.p.terminate()
        try:
            return self.p.wait(10) == 0
        except subprocess.TimeoutExpired:
            self.p.kill()
            return False


def frame(body):
    return struct.pack(">I", len(body)) + body


def answer(s):
    """A whole frame, or what came before the end of the stream."""
    data = b""
    while len(data) < 4 or len(data) < 4 + struct.unpack(">I", data[:4])[0]:
        more = s.recv(65536)
        if not more:
            break
        data += more
    return data[4:]


STATUS = b"\x81\xa4verb\xa6status"


def parse_metrics(text):
    """{name{labels}: value}; asserts the format."""
    series, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert name not in types and kind in ("counter", "gauge", "histogram"), line
            types[name] = kind
        elif line.startswith("# HELP "):
            assert len(line.split(" ", 3)) == 4, line
        else:
            m = re.fullmatch(r"(zigttpd_[a-z_]+)(\{(?:[a-z_]+=\"[^\"\\]*\",?)*\})? (\d+(?:\.\d+)?)", line)
            assert m, line
            base = re.sub(r"_(bucket|sum|count)$", "", m[1])
            assert m[1] in types or types.get(base) == "histogram", line
            assert m[1] + (m[2] or "") not in series, line
            series[m[1] + (m[2] or "")] = float(m[3])
    return series, types


def total(series, name):
    return sum(v for k, v in series.items() if k == name or k.startswith(name + "{"))


# ---- tests ------------------------------------------------------------------------


def test_verbs():
    s = Server(log="slow = 50ms")
    for _ in range(20):
        s.get("/")
    s.get("/slow")
    s.get("/throw")
    m = s.json("status")
    check(m["ok"] and m["pid"] == s.p.pid and m["generation"] == 1 and m["workers"] == WORKERS, "status: JSON")
    check(m["requests"] >= 22 and m["errors"] == 1, "status: counts requests (%d) and errors (%d)" % (m["requests"], m["errors"]))
    r = s.ctl("status")
    check(r.returncode == 0 and "generation   1" in r.stdout and str(s.port) in r.stdout, "status: text")
    w = s.json("workers")["workers"]
    check(len(w) == WORKERS and all(x["state"] == "serving" and x["pid"] > 0 for x in w) and
          sum(x["requests"] for x in w) >= 22, "workers: JSON")
    r = s.ctl("workers")
    check(r.returncode == 0 and len(r.stdout.splitlines()) == WORKERS + 1, "workers: a table")
    r = s.ctl("top")
    check(r.returncode == 0 and "REQ/S" in r.stdout and "\033" not in r.stdout, "top: one table without a terminal")
    slow = s.json("slow")["slow"]
    check(len(slow) == 1 and slow[0]["request"] == "GET /slow" and slow[0]["us"] >= 50000, "slow: the request and its time")
    check("spin" in slow[0]["stack"] and "handler.js:3" in slow[0]["stack"], "slow: with its JavaScript stack")
    check("GET /slow" in s.ctl("slow").stdout, "slow: text")
    r = s.ctl("last-crash")
    check(r.returncode == 0 and "no crash" in r.stdout, "last-crash: none")
    r = s.ctl("settings")
    check(r.returncode == 0 and "workers = %d" % WORKERS in r.stdout, "settings: in force")
    again = os.path.join(s.dir, "again.conf")
    s.write(again, r.stdout)
    r = subprocess.run([ZIGTTPD, "-c", again, "--check"], capture_output=True, text=True)
    check(r.returncode == 0, "settings: a valid configuration" + r.stderr[:200])
    r = s.ctl("restart")
    check(r.returncode == 0 and s.json("status")["generation"] == 2, "restart: a new generation")
    check(total(parse_metrics(s.ctl("metrics").stdout)[0], "zigttpd_requests_total") >= 22,
          "restart: the old generation's counters are not lost")
    s.write(s.handler, "function handler() { return 'changed' }")
    r = s.ctl("reload")
    end = time.monotonic() + 5
    while s.get("/")[1] != "changed" and time.monotonic() < end: # the old ones still take what was queued
        time.sleep(0.01)
    check(r.returncode == 0 and s.get("/")[1] == "changed", "reload: the new handler serves")
    s.write(s.handler, "function handler() {\n return 'broken\n}")
    r = s.ctl("reload")
    check(r.returncode == 1 and "handler.js:2:" in r.stderr, "reload: refused with status 1, file and line")
    r = s.ctl("restart")
    check(r.returncode == 1 and "handler.js:2:" in r.stderr, "restart: refused likewise")
    s.write_conf("wrong_key = 1\n")
    r = s.ctl("reload")
    check(r.returncode == 1 and "zigttpd.conf:" in r.stderr and "wrong_key" in r.stderr, "reload: a wrong configuration, file and line")
    m = s.json("status")
    check(m["generation"] == 3 and s.get("/")[1] == "changed", "reload: what was refused changed nothing")
    for args, code in ((("nonsense",), 64), ((), 64), (("status", "more"), 64), (("--nonsense", "status"), 64), (("--help",), 0),
                       (("--version",), 0)):
        check(s.ctl(*args).returncode == code, "zigttpctl %s: %d" % (" ".join(args), code))
    r = s.ctl("status", sock=s.sock + ".none")
    check(r.returncode == 69 and s.sock + ".none" in r.stderr, "no server: 69")
    check(os.stat(s.sock).st_mode & 0o777 == 0o600, "the socket's mode is 0600")
    r = s.ctl("stop")
    check(r.returncode == 0 and s.p.wait(10) == 0, "stop: exit status 0")
    check(not os.path.exists(s.sock), "stop: the socket is gone")


def test_crash():
    s = Server()
    s.get("/")
    pid = s.json("workers")["workers"][0]["pid"]
    os.kill(pid, signal.SIGSEGV)
    end = time.monotonic() + 5
    k = []
    while time.monotonic() < end and not k:
        time.sleep(0.02)
        k = s.json("last-crash")["crashes"]
    if check(len(k) == 1 and k[0]["signal"] == signal.SIGSEGV and k[0]["name"] == "SEGV" and k[0]["pid"] == pid, "last-crash: the record"):
        check("SIGSEGV" in s.ctl("last-crash").stdout, "last-crash: text")
    check(s.end(), "crash: exit 0")


def test_hostile():
    s = Server()
    bad = {
        "garbage": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "length over the limit": struct.pack(">I", (1 << 20) + 1),
        "largest length": b"\xff\xff\xff\xff",
        "no map": frame(b"\xa4verb"),
        "empty": frame(b""),
        "trailing bytes": frame(STATUS + b"\xc0"),
        "short map": frame(b"\x82\xa4verb\xa6status"),
        "huge array": frame(b"\x81\xa4verb\xdd\xff\xff\xff\xff"),
        "huge map": frame(b"\xdf\xff\xff\xff\xff"),
        "huge text": frame(b"\x81\xa4verb\xdb\xff\xff\xff\xff"),
        "huge extension": frame(b"\x81\xa4verb\xc9\xff\xff\xff\xff\x00"),
        "deep": frame(b"\x81\xa4verb" + b"\x91" * 40 + b"\xc0"),
        "very deep": frame(b"\x81\xa4verb" + b"\x91" * 900000 + b"\xc0"),
        "unused type": frame(b"\x81\xa4verb\xc1"),
        "number as key": frame(b"\x81\x01\xa6status"),
        "a million objects": frame(b"\x81\xa4verb\xdd" + struct.pack(">I", 1000000) + b"\xc0" * 1000000),
    }
    for name, data in bad.items():
        c = s.connect()
        got = b""
        try:
            c.sendall(data)
            c.shutdown(socket.SHUT_WR)
            got = answer(c)
        except OSError:
            pass
        c.close()
        check(got == b"" or b"malformed" in got, "hostile: %s is refused (%r)" % (name, got[-40:]))
    for name, body in (("unknown verb", b"\x81\xa4verb\xa4evil"), ("no verb", b"\x80"), ("verb is a number", b"\x81\xa4verb\x07")):
        c = s.connect()
        c.sendall(frame(body))
        check(b"unknown verb" in answer(c), "hostile: %s" % name)
        c.sendall(frame(STATUS))
        check(b"generation" in answer(c), "hostile: %s: the conversation goes on" % name)
        c.close()
    c = s.connect()
    for b in frame(STATUS):
        c.sendall(bytes([b]))
    check(b"generation" in answer(c), "byte by byte")
    c.sendall(frame(STATUS) * 50)
    check(all(b"generation" in x for x in [answer_one(c) for _ in range(50)]), "50 requests at once, answered in order")
    c.close()
    # Somebody who asks and asks and never reads stops nobody.
    c = s.connect()
    c.setblocking(False)
    sent = 0
    try:
        while sent < 1 << 24:
            sent += c.send(frame(b"\x81\xa4verb\xa7metrics") * 100)
    except BlockingIOError:
        pass
    check(s.ctl("status").returncode == 0, "a client that never reads (%d bytes taken) stops nobody" % sent)
    c.close()
    rng = random.Random(1)
    for _ in range(200):
        c = s.connect()
        c.settimeout(0.01)
        n = rng.choice((1, 3, 4, 5, 20, 300))
        data = bytearray(frame(STATUS) * 3)[:n] if rng.random() < 0.5 else bytearray(rng.randbytes(n))
        for _ in range(rng.randrange(3)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            c.sendall(data)
            if rng.random() < 0.3:
                c.recv(10)
        except OSError:
            pass
        c.close()
    time.sleep(0.3)
    held = [s.connect() for _ in range(16)]
    held[0].sendall(b"\x00\x00")
    time.sleep(0.1)
    extra = s.connect()
    try:
        extra.sendall(frame(STATUS))
        closed = extra.recv(1) == b""
    except OSError:
        closed = True
    check(closed, "more clients than there is room for are closed at once")
    for c in held + [extra]:
        c.close()
    time.sleep(0.1)
    m = s.json("status")
    check(m["pid"] == s.p.pid and m["deaths"] == 0 and s.get("/")[0] == 200, "hostile: the server goes on")
    check(s.end(), "hostile: exit 0")


rest = {}


def answer_one(c):
    """Like answer, for frames that come together."""
    data = rest.get(c, b"")
    while len(data) < 4 or len(data) < 4 + struct.unpack(">I", data[:4])[0]:
        data += c.recv(65536)
    n = 4 + struct.unpack(">I", data[:4])[0]
    rest[c] = data[n:]
    return data[4:n]


def test_credentials():
    if os.geteuid() != 0:
        print("# skipped: needs root")
        return
    s = Server()
    os.chmod(s.sock, 0o666)
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        got = b"nothing"
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            c = s.connect()
            c.sendall(frame(b"\x81\xa4verb\xa4stop"))
            got = answer(c) + c.recv(10)
        except OSError as e:
            got = str(e).encode()
        os.write(w, got)
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(w)
    got = os.read(r, 1000)
    os.close(r)
    check(b"permission denied" in got, "another user is not heard, even with the socket open to all (%r)" % got)
    check(s.json("status")["stopping"] is False, "...and has stopped nothing")
    check(s.end(), "credentials: exit 0")


def test_socket_files():
    s = Server()
    s.p.kill()
    s.p.wait()
    check(os.path.exists(s.sock), "a killed server leaves its socket behind")
    time.sleep(0.2)
    s.start()
    check(s.json("status")["pid"] == s.p.pid, "...which the next one replaces")
    r = subprocess.run([ZIGTTPD, "-p", str(ports.take()), "-n", "1", "--control", s.sock, s.handler], capture_output=True, text=True, timeout=10)
    check(r.returncode == 69 and s.sock in r.stderr, "the socket of a live server is not taken: 69")
    check(s.json("status")["pid"] == s.p.pid, "...and still answers")
    other = os.path.join(s.dir, "file")
    s.write(other, "precious")
    r = subprocess.run([ZIGTTPD, "-p", str(ports.take()), "-n", "1", "--control", other, s.handler], capture_output=True, text=True, timeout=10)
    check(r.returncode != 0 and open(other).read() == "precious", "a file that is no socket is not replaced")
    check(s.end(), "socket files: exit 0")


def test_default_sockets():
    run = os.path.join(TMP, "run")
    env = dict(os.environ, RUNTIME_DIRECTORY=run + ":/elsewhere")
    handler = os.path.join(TMP, "default.js")
    Server.write(handler, HANDLER)
    servers = []
    for _ in range(2):
        port = ports.take()
        servers.append((port, subprocess.Popen([ZIGTTPD, "-q", "-n", "1", "-p", str(port), handler], env=env, stderr=subprocess.DEVNULL)))
        end = time.monotonic() + 5
        while time.monotonic() < end and subprocess.run([ZIGTTPCTL, "-p", str(port), "status"], env=env, capture_output=True).returncode != 0:
            time.sleep(0.02)
    check(sorted(os.listdir(run)) == ["control", "control.%d" % servers[1][0]], "default sockets: the first server, and one beside it")
    r = subprocess.run([ZIGTTPCTL, "--json", "status"], env=env, capture_output=True, text=True)
    check(r.returncode == 0 and json.loads(r.stdout)["pid"] == servers[0][1].pid, "default sockets: without a port, the first server")
    r = subprocess.run([ZIGTTPCTL, "-p", str(servers[1][0]), "--json", "status"], env=env, capture_output=True, text=True)
    check(r.returncode == 0 and json.loads(r.stdout)["pid"] == servers[1][1].pid, "default sockets: with a port, that one")
    r = subprocess.run([ZIGTTPCTL, "-p", str(ports.take()), "stop"], env=env, capture_output=True, text=True)
    check(r.returncode == 69 and servers[0][1].poll() is None, "default sockets: with a port that nobody has, nobody")
    for port, p in servers:
        p.terminate()
        p.wait(10)
    check(os.listdir(run) == [], "default sockets: removed at the end")
    os.chmod(run, 0o777)
    p = subprocess.Popen([ZIGTTPD, "-n", "1", "-p", str(ports.take()), handler], env=env, stderr=subprocess.PIPE, text=True)
    said = ""
    while "serving" not in said:    # or the end
        line = p.stderr.readline()
        if not line:
            break
        said += line
    p.terminate()
    p.wait(10)
    check("will not reach" in said and os.listdir(run) == [], "default sockets: not in a directory that others can write to")


def test_metrics():
    s = Server(top="cache { enabled = no }")
    for _ in range(30):
        s.get("/")
    s.get("/throw")
    s.get("/body", "POST", body="x" * 100)
    status, text = s.get("/metrics", port=s.metrics_port)
    series, types = parse_metrics(text)
    check(status == 200 and len(series) > 50, "metrics: %d series" % len(series))
    for name, kind in (("requests_total", "counter"), ("request_duration_seconds", "histogram"), ("request_wait_seconds", "histogram"),
                       ("worker_restarts_total", "counter"), ("accept_total", "counter"), ("cq_overflow_total", "counter"),
                       ("heap_bytes", "gauge"), ("generation", "gauge"), ("timeouts_total", "counter"), ("log_errors_total", "counter"), ("workers", "gauge")):
        check(types.get("zigttpd_" + name) == kind, "metrics: %s is a %s" % (name, kind))
    ok = sum(v for k, v in series.items() if 'code_class="2xx"' in k)
    check(ok >= 30 and sum(v for k, v in series.items() if 'code_class="5xx"' in k) == 1, "metrics: requests by class (%d)" % ok)
    check(total(series, "zigttpd_exceptions_total") == 1 and total(series, "zigttpd_request_body_bytes_total") == 100,
          "metrics: exceptions and bytes of bodies")
    for name in ("request_duration_seconds", "request_wait_seconds"):
        b = [(float("inf") if m[1] == "+Inf" else float(m[1]), v) for k, v in series.items()
             for m in [re.search(r'le="([^"]+)"', k)] if k.startswith("zigttpd_%s_bucket" % name)]
        check(len(b) == 20 and b == sorted(b) and [v for _, v in b] == sorted(v for _, v in b) and
              b[-1][1] == series["zigttpd_%s_count" % name] > 30, "metrics: %s is cumulative" % name)
    check(s.ctl("metrics").stdout.splitlines()[0] == text.splitlines()[0], "metrics: zigttpctl prints the same")
    check(s.get("/other", port=s.metrics_port)[0] == 404, "metrics: another path: 404")
    check(s.get("/metricsx", port=s.metrics_port)[0] == 404, "metrics: a longer path: 404")
    check(s.get("/metrics", "POST", port=s.metrics_port, body="x")[0] == 405, "metrics: POST: 405")
    check(s.get("/metrics", "HEAD", port=s.metrics_port) == (200, ""), "metrics: HEAD")
    check(s.get("/metrics?x=1", port=s.metrics_port)[0] == 200, "metrics: a query is ignored")
    idle = [socket.create_connection(("127.0.0.1", s.metrics_port)) for _ in range(10)]
    idle[0].sendall(b"GET /met")
    check(s.get("/metrics", port=s.metrics_port)[0] == 200, "metrics: slow clients stop nobody")
    c = socket.create_connection(("127.0.0.1", s.metrics_port))
    c.settimeout(5)
    try:
        c.sendall(b"x" * 20000)
        got = c.recv(100)
    except OSError:
        got = b""
    check(got == b"" or b" 431 " in got or b" 405 " in got, "metrics: an endless head is refused")
    for x in idle + [c]:
        x.close()
    # Counters never go back, whoever dies.
    before = series
    for _ in range(4):
        w = s.json("workers")["workers"]
        os.kill(random.choice([x["pid"] for x in w if x["pid"]]), signal.SIGKILL)
        end = time.monotonic() + 5
        while time.monotonic() < end and sum(x["state"] == "serving" for x in s.json("workers")["workers"]) < WORKERS:
            time.sleep(0.02)
        for _ in range(5):
            s.get("/")
        now, types = parse_metrics(s.ctl("metrics").stdout)
        back = [k for k, v in before.items() if types.get(k.split("{")[0], "histogram") != "gauge" and now.get(k, -1) < v]
        check(not back, "kill -9: no counter goes back %s" % back[:3])
        before = now
    check(now['zigttpd_worker_restarts_total{reason="crash"}'] == 4, "kill -9: four restarts are counted")
    check(total(now, "zigttpd_requests_total") >= 51, "kill -9: all requests are still there")
    check(s.end(), "metrics: exit 0")


def test_pool_line():
    s = Server(top="pool_metrics_every = 10\nquiet = yes")
    for _ in range(25):
        s.get("/")
    time.sleep(0.3)
    lines = re.findall(r"Pool metrics: in_use=\d+/%d exhausted=\d+ avg_wait_us=\d+ max_wait_us=\d+ avg_exec_us=\d+ max_exec_us=\d+$" % WORKERS,
                       s.text(), re.M)
    check(1 <= len(lines) <= 3, "pool metrics: %d lines for 26 requests, one every 10" % len(lines))
    check(s.end(), "pool line: exit 0")


def raw(s, data):
    c = socket.create_connection(("127.0.0.1", s.port), 5)
    c.sendall(data)
    c.settimeout(5)
    got = b""
    try:
        while True:
            x = c.recv(65536)
            if not x:
                break
            got += x
    except OSError:
        pass
    c.close()
    return got


def json_lines(path):
    with open(path, "rb") as f:
        data = f.read()
    assert data == b"" or data.endswith(b"\n"), "half a line at the end of " + path
    return [json.loads(line) for line in data.splitlines()]


def test_json_log():
    s = Server(log='access = "%s/access.log"\n format = json' % TMP)
    path = os.path.join(TMP, "access.log")
    for target in ("/a", "/%22%5c%00%ff", "/?q='&x=$`", "/" + "x" * 7000, "/*()!~;:@,"):
        raw(s, b"GET " + target.encode() + b" HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
    raw(s, b'GET /"quoted"\\ HTTP/1.1\r\nHost: t\r\n\r\n')
    raw(s, b"\x00\x01\x02\xff\r\n\r\n")
    raw(s, b"GET /\xff\xfe HTTP/1.1\r\nHost: t\r\n\r\n")
    check(s.end(), "JSON log: exit 0")
    lines = json_lines(path)
    check(len(lines) >= 9, "JSON log: %d lines, each valid" % len(lines))
    want = {"time", "worker", "remote", "method", "target", "status", "bytes", "wait_us", "exec_us"}
    check(all(set(x) == want for x in lines), "JSON log: all members")
    a = [x for x in lines if x["target"] == "/a"]
    check(len(a) == 1 and a[0]["status"] == 200 and a[0]["method"] == "GET" and a[0]["bytes"] > 50 and
          re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", a[0]["time"]) is not None, "JSON log: what they say")
    check(a and a[0]["remote"] == "127.0.0.1", "JSON log: the client's address")
    check([x["status"] for x in lines].count(400) >= 3, "JSON log: refused requests are in it")


def load(s, counts, k, stop):
    c = http.client.HTTPConnection("127.0.0.1", s.port, timeout=20)
    while not stop.is_set():
        c.request("GET", "/%d/%d" % (k, counts[k]))
        r = c.getresponse()
        r.read()
        if r.status != 200:
            raise RuntimeError(r.status)
        counts[k] += 1
        if counts[k] % 50 == 0:
            time.sleep(0.001)
    c.close()


def test_rotation():
    d = os.path.join(TMP, "rotate")
    os.mkdir(d)
    s = Server(log='file = "%s/main.log"\n access = "%s/access.log"\n format = json' % (d, d))
    counts, stop = [0] * 4, threading.Event()
    threads = [threading.Thread(target=load, args=(s, counts, k, stop)) for k in range(4)]
    for t in threads:
        t.start()
    for i in range(6):
        time.sleep(0.2)
        for name in ("main", "access"):
            os.rename("%s/%s.log" % (d, name), "%s/%s.log.%d" % (d, name, i))
        s.p.send_signal(signal.SIGUSR1)
        end = time.monotonic() + 5
        while time.monotonic() < end and not os.path.exists(d + "/access.log"):
            time.sleep(0.005)
        if i == 2:
            check(s.ctl("restart").returncode == 0, "rotation: a restart in between")
    # Nobody writes to the old files any more after a moment.
    time.sleep(0.3)
    size = os.path.getsize(d + "/access.log.5")
    time.sleep(0.3)
    check(os.path.getsize(d + "/access.log.5") == size and os.path.getsize(d + "/access.log") > 0, "rotation: all have moved on")
    stop.set()
    for t in threads:
        t.join()
    check(s.end(), "rotation: exit 0")
    lines = [x for f in sorted(os.listdir(d)) if f.startswith("access") for x in json_lines(os.path.join(d, f))]
    seen = sorted(x["target"] for x in lines if x["target"] != "/")
    want = sorted("/%d/%d" % (k, i) for k in range(4) for i in range(counts[k]))
    check(seen == want, "rotation: %d requests, %d lines in 7 files, none lost or twice" % (len(want), len(seen)))
    check(sum(open(os.path.join(d, f)).read().count("opened anew") for f in os.listdir(d) if f.startswith("main")) == 6,
          "rotation: the messages' file as well")


def fill_and_ask(s, path, what):
    """Requests until lines are lost; they must all be answered."""
    n = 0
    end = time.monotonic() + 10
    lost = 0
    while lost == 0 and time.monotonic() < end:
        c = http.client.HTTPConnection("127.0.0.1", s.port, timeout=10)
        for _ in range(200):
            c.request("GET", "/" + "y" * 400)
            r = c.getresponse()
            r.read()
            if r.status != 200:
                return check(False, what + ": a request failed")
            n += 1
        c.close()
        time.sleep(0.15)
        lost = total(parse_metrics(s.ctl("metrics").stdout)[0], "zigttpd_log_errors_total")
    check(lost > 0, "%s: %d requests answered, %d lines counted as lost" % (what, n, lost))
    if path:
        lines = json_lines(path)
        check(len(lines) > 100, "%s: %d lines, none of them half" % (what, len(lines)))


def test_disk_full():
    s = Server(log='access = "/dev/full"\n format = json')
    fill_and_ask(s, None, "no room at all")
    check(s.end(), "no room at all: exit 0")
    d = os.path.join(TMP, "small")
    os.mkdir(d)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", d], capture_output=True).returncode != 0:
        print("# skipped: a full file system: cannot mount a tmpfs")
        return
    try:
        s = Server(log='access = "%s/access.log"\n format = json' % d)
        fill_and_ask(s, d + "/access.log", "1 MiB file system")
        os.truncate(d + "/access.log", 0)
        s.get("/after")
        s.get("/after")
        check(s.end(), "1 MiB file system: exit 0")
        check(any(x["target"] == "/after" for x in json_lines(d + "/access.log")), "1 MiB file system: goes on when there is room again")
    finally:
        subprocess.run(["umount", d])


def main():
    tests = [v for k, v in globals().items() if k.startswith("test_")]
    for t in tests:
        if len(sys.argv) > 3 and sys.argv[3] not in t.__name__:
            continue
        try:
            t()
        except Exception as e:  # one broken test does not hide the others
            check(False, "%s: %r" % (t.__name__, e))
            if len(sys.argv) > 3:
                raise
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


sys.exit(main())
