#!/usr/bin/env python3
"""slow.py: slowhttptest against a real zigttpd: slow heads, slow bodies, slow
reading, SLOW_CONNECTIONS (4000) at a time, while a modest load of ordinary
requests goes on. Every ordinary request must be answered; slow heads and bodies
must be gone when their deadline has passed. slowhttptest itself needs much of a
small machine: so the latencies are compared with those while it attacks another
zigttpd beside. By hand: make slow (about three minutes)."""
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

DAEMON = os.environ.get("ZIGTTPD", "./zigttpd")
HERE = os.path.dirname(os.path.abspath(__file__))
CONNECTIONS = int(os.environ.get("SLOW_CONNECTIONS", "4000"))
SECONDS = int(os.environ.get("SLOW_SECONDS", "15"))
PORT = int(os.environ.get("SLOW_PORT", str(19000 + os.getpid() * 17 % 990)))
METRICS, OTHER, OTHER_METRICS = PORT + 1, PORT + 2, PORT + 3
DEADLINE = 5
failed = 0


def check(ok, text):
    global failed
    failed += not ok
    print(f"{'' if ok else 'not '}ok {text}", flush=True)


def request(s, path="/text"):
    s.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    got = b""
    while b"\r\n\r\n" not in got:
        b = s.recv(65536)
        if not b:
            raise ConnectionError("closed")
        got += b
    return got


def connect(port=PORT):
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


class Load(threading.Thread):
    """Ordinary clients: three quarters of the requests on kept connections, one
    quarter on new ones, some 250 a second in all."""

    def __init__(self):
        super().__init__()
        self.times, self.errors, self.going = [], [], True

    def run(self):
        kept = [connect() for _ in range(4)]
        i = 0
        while self.going:
            i += 1
            began = time.perf_counter()
            try:
                if i % 4 == 0:
                    with connect() as s:
                        ok = request(s).startswith(b"HTTP/1.1 200 ")
                else:
                    ok = request(kept[i % len(kept)]).startswith(b"HTTP/1.1 200 ")
                if not ok:
                    self.errors.append("status")
            except OSError as e:
                self.errors.append(str(e))
                kept = [connect() for _ in range(4)]
            self.times.append(time.perf_counter() - began)
            time.sleep(random.uniform(0.002, 0.005))

    def finish(self):
        self.going = False
        self.join()
        t = sorted(self.times)
        return t[len(t) // 2] * 1e3, t[len(t) * 99 // 100] * 1e3, t[-1] * 1e3, len(t)


def open_connections(port=METRICS):
    with connect(port) as s:
        s.sendall(b"GET /metrics HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n")
        text = b""
        while True:
            b = s.recv(65536)
            if not b:
                break
            text += b
    return sum(int(n) for n in re.findall(rb"^zigttpd_connections\{[^}]*\} (\d+)", text, re.M))


MODES = [
    ("slow heads", "/text", ["-H", "-r", "1500", "-i", "1", "-x", "10"]),
    ("slow bodies", "/text", ["-B", "-r", "1500", "-i", "1", "-x", "10", "-s", "8192"]),
    ("slow readers", "/big", ["-X", "-r", "400", "-n", "1", "-z", "16", "-w", "128", "-y", "512", "-k", "3"]),
]


def none_left(port):
    left = 1
    for _ in range(100):
        left = open_connections(port)
        if left == 0:
            break
        time.sleep(0.1)
    return left


def during(port, metrics, path, args):
    """The load's figures while slowhttptest attacks this port; connections."""
    load, most = Load(), 0
    tool = subprocess.Popen(["slowhttptest", "-c", str(CONNECTIONS), "-l", str(SECONDS), "-v", "0", "-p", "3",
                             "-u", f"http://127.0.0.1:{port}{path}", *args],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    load.start()
    while tool.poll() is None:
        most = max(most, open_connections(metrics))
        time.sleep(0.5)
    return load, load.finish(), most


def attack(name, path, args):
    _, other, _ = during(OTHER, OTHER_METRICS, path, args)
    none_left(OTHER_METRICS)
    load, (p50, p99, worst, n), most = during(PORT, METRICS, path, args)
    check(not load.errors, f"{name}: {n} ordinary requests, all answered{': ' + str(load.errors[:3]) if load.errors else ''}")
    check(most > CONNECTIONS * 0.3, f"{name}: up to {most} connections at a time")
    print(f"# {name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, worst {worst:.2f} ms; "
          f"while another server was attacked: p50 {other[0]:.2f} ms, p99 {other[1]:.2f} ms, worst {other[2]:.2f} ms; "
          f"p99 is {p99 / other[1]:.2f} times that")
    left = none_left(METRICS)
    check(left == 0, f"{name}: {left} connections left")


def start(port, metrics, log):
    return subprocess.Popen([DAEMON, "-q", "-n", "4", "-p", str(port), "--metrics-listen", f"127.0.0.1:{metrics}",
                             "-s", "limits.connections=4096", "-s", f"limits.head_timeout={DEADLINE}s",
                             "-s", f"limits.body_grace={DEADLINE}s", "-s", f"limits.write_stall={DEADLINE}s",
                             os.path.join(HERE, "handler.js")], stdout=log, stderr=log)


def absolute_deadline():
    """A head that trickles is cut at the deadline, however it trickles."""
    s = connect()
    s.settimeout(0.2)
    s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
    began = time.monotonic()
    while time.monotonic() - began < DEADLINE + 10:
        try:
            s.sendall(b"A")
            if s.recv(100) != b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    took = time.monotonic() - began
    check(DEADLINE - 0.1 <= took <= DEADLINE + 2.5, f"a head is given up after {took:.1f} s")


def main():
    if not shutil.which("slowhttptest"):
        print("SKIPPED: slowhttptest is not installed")
        return 77
    import resource
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    log = tempfile.NamedTemporaryFile(prefix="slow.", delete=False)
    daemons = [start(PORT, METRICS, log), start(OTHER, OTHER_METRICS, log)]
    try:
        for port in (PORT, METRICS, OTHER, OTHER_METRICS):
            for _ in range(100):
                try:
                    connect(port).close()
                    break
                except OSError:
                    time.sleep(0.05)
        load = Load()
        load.start()
        time.sleep(5)
        p50, p99, worst, n = load.finish()
        print(f"# quiet: {n} requests, p50 {p50:.2f} ms, p99 {p99:.2f} ms, worst {worst:.2f} ms", flush=True)
        for mode in MODES:
            attack(*mode)
        absolute_deadline()
    finally:
        for d in daemons:
            d.send_signal(signal.SIGTERM)
        check([d.wait(60) for d in daemons] == [0, 0], "exit 0")
    print(f"{failed} failed")
    return failed != 0


sys.exit(main())
