"""daemon.py: a real zigttpd for cases in Python, and a small client for it. A module
that uses it sets HANDLER, and ends with finish()."""
import os
import re
import signal
import socket
import subprocess
import sys
import time

import ports
import scratch

DAEMON = os.environ.get("ZIGTTPD", "./zigttpd")
HANDLER = ""
NAME = "handler.js"
passed = failed = 0
tmp = scratch.folder("zigttpd.")


def check(ok, name, why=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
    print(f"{'' if ok else 'not '}ok {name}{'' if ok else f': {why}'}", flush=True)


class Daemon:
    def __init__(self, workers, *options, ready=b" 200 "):
        path = os.path.join(tmp, NAME)
        with open(path, "w") as f:
            f.write(HANDLER)
        self.start("-n", str(workers), *options, path, ready=ready)

    def start(self, *args, ready=b" 200 "):
        """Until it answers / with a head that has `ready` in it."""
        for _ in range(5):
            self.port = ports.take()
            self.log = open(os.path.join(tmp, f"log.{self.port}"), "wb")
            self.proc = subprocess.Popen([DAEMON, "-p", str(self.port), *args], stdout=self.log, stderr=self.log)
            for _ in range(200):
                if self.proc.poll() is not None:
                    break
                try:
                    if ready in get(self.port):
                        return
                except OSError:
                    pass
                time.sleep(0.03)
            if self.proc.poll() != 69:
                sys.exit(f"{DAEMON} does not start, see {self.log.name}")
        sys.exit("no free port")

    def stop(self):
        if self.proc.poll() is None:
            self.proc.send_signal(signal.SIGTERM)
        try:
            return self.proc.wait(20)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            return self.proc.wait()


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), 10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def read(s, wait=10):
    """One response; what came, when the connection ended before."""
    s.settimeout(wait)
    got = b""
    try:
        while True:
            head, sep, body = got.partition(b"\r\n\r\n")
            n = re.search(rb"(?i)content-length: (\d+)", head)
            if sep and len(body) >= (int(n.group(1)) if n else 0):
                return got
            b = s.recv(65536)
            if not b:
                return got
            got += b
    except (TimeoutError, ConnectionError):
        return got


def ask(s, path="/", method="GET", extra=""):
    s.sendall(f"{method} {path} HTTP/1.1\r\nHost: a\r\n{extra}\r\n".encode())
    return read(s)


def get(port, path="/", method="GET", extra=""):
    with connect(port) as s:
        return ask(s, path, method, extra)


def ended(s, wait=5):
    s.settimeout(wait)
    try:
        return s.recv(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def status(answer):
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def finish():
    print(f"{passed} passed, {failed} failed")
    if not failed:
        subprocess.run(["rm", "-r", tmp], check=False)
    sys.exit(failed != 0)
