#!/usr/bin/env python3
"""manager.py: what zigttpd tells a service manager and takes from one, with this
program in the manager's place: the order of messages, the watchdog, sockets
passed by LISTEN_FDS, sockets kept over a restart.
Usage: manager.py ZIGTTPD [name of one test]"""
import array
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import scratch

ZIGTTPD = os.path.abspath(sys.argv[1])
PORT = int(os.environ.get("SYSTEMD_TEST_PORT", "21400"))
CODE = "function handler(r) { return 'hello ' + r.path }"
TMP = scratch.folder("zigttpd-systemd-")


class Manager:
    """Receives notifications; keeps the descriptors that come with them."""

    count = 0

    def __init__(self, abstract=False):
        Manager.count += 1
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.name = "@zigttpd-test-%d-%d" % (os.getpid(), Manager.count) if abstract else os.path.join(TMP, "notify%d" % Manager.count)
        self.sock.bind("\0" + self.name[1:] if abstract else self.name)
        self.log = []       # (time, {key: value})
        self.stored = {}    # name: descriptor

    def poll(self, seconds):
        """Takes one message; False: none came."""
        if not select.select([self.sock], [], [], max(0, seconds))[0]:
            return False
        data, anc, _, _ = self.sock.recvmsg(4096, socket.CMSG_SPACE(64))
        fds = array.array("i")
        for level, kind, payload in anc:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                fds.frombytes(payload[:len(payload) - len(payload) % 4])
        m = dict(line.split("=", 1) for line in data.decode().split("\n") if line)
        if m.get("FDSTORE") == "1":
            assert len(fds) == 1 and ":" not in m["FDNAME"], m
            self.stored[m["FDNAME"]] = fds[0]
        if m.get("FDSTOREREMOVE") == "1":
            os.close(self.stored.pop(m["FDNAME"]))
        self.log.append((time.monotonic(), m))
        return True

    def wait(self, key, value=None, seconds=8.0):
        """The next message with the key (and value)."""
        end = time.monotonic() + seconds
        while self.poll(end - time.monotonic()):
            m = self.log[-1][1]
            if key in m and (value is None or value in m[key]):
                return m
        raise AssertionError("no %s=%s within %g s; got %r" % (key, value or "", seconds, [m for _, m in self.log]))

    def quiet(self, key, seconds):
        end = time.monotonic() + seconds
        while self.poll(end - time.monotonic()):
            assert key not in self.log[-1][1], self.log[-1]

    def close(self):
        self.sock.close()
        for fd in self.stored.values():
            os.close(fd)


class Server:
    def __init__(self, manager, args, fds=(), names=None, env=None, code=CODE):
        self.err = tempfile.TemporaryFile(dir=TMP)
        e = {k: v for k, v in os.environ.items() if not k.startswith(("LISTEN_", "NOTIFY_", "WATCHDOG_"))}
        if manager:
            e["NOTIFY_SOCKET"] = manager.name
        e.update(env or {})
        handler = args if code is None else ["-e", code] + args
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(self.err.fileno(), 2)
                high = [os.dup2(fd, 100 + i) for i, fd in enumerate(fds)]
                for i, fd in enumerate(high):
                    os.dup2(fd, 3 + i, inheritable=True)
                if fds:
                    e["LISTEN_FDS"] = str(len(fds))
                    e["LISTEN_PID"] = e.get("LISTEN_PID", str(os.getpid()))
                    if names:
                        e["LISTEN_FDNAMES"] = ":".join(names)
                os.closerange(3 + len(fds), 256)
                os.execve(ZIGTTPD, [ZIGTTPD] + handler, e)
            finally:
                os._exit(127)
        self.code = None

    def signal(self, sig):
        os.kill(self.pid, sig)

    def wait(self, seconds=10.0):
        end = time.monotonic() + seconds
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                break
            assert time.monotonic() < end, "still there after %g s: %s" % (seconds, self.text())
            time.sleep(0.005)
        return self.code

    def stop(self):
        if self.code is None:
            self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self):
        if self.code is None:
            self.signal(signal.SIGKILL)
            self.wait()

    def text(self):
        self.err.seek(0)
        return self.err.read().decode(errors="replace")

    def workers(self):
        found = []
        with open("/proc/%d/task/%d/children" % (self.pid, self.pid)) as f:
            for pid in f.read().split():
                try:
                    with open("/proc/%s/comm" % pid) as c:
                        if c.read().startswith("zigttpd-w"):
                            found.append(int(pid))
                except OSError:
                    pass
        return found


def get(port, path="/x"):
    with socket.create_connection(("127.0.0.1", port), 5) as c:
        return ask(c, path)


def ask(c, path="/x"):
    c.sendall(b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % path.encode())
    out = b""
    while True:
        more = c.recv(4096)
        if not more:
            return out
        out += more


def answered(reply):
    return reply.startswith(b"HTTP/1.1 200") and reply.endswith(b"hello /x")


def listener(port, host="127.0.0.1"):
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if ":" in host:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    for left in range(200, -1, -1):
        try:
            s.bind((host, port))
            break
        except OSError:     # the rings of dead workers hold it for a moment
            if left == 0:
                raise
            time.sleep(0.01)
    s.listen(512)
    return s


def keys(manager, *names):
    """The messages' keys of interest, in order."""
    return [k for _, m in manager.log for k in m if k in names]


# ---- the tests -----------------------------------------------------------------

def test_start_and_stop(abstract=False):
    m = Manager(abstract)
    s = Server(m, ["-q", "-n", "2", "-p", str(PORT)])
    try:
        ready = m.wait("READY", "1")
        assert answered(get(PORT)), "READY but not served"
        assert "of 2 workers" in ready["STATUS"] and ready["STATUS"].startswith("generation 1"), ready
        if ready["STATUS"] != "generation 1, 2 of 2 workers":
            m.wait("STATUS", "2 of 2 workers")
        s.signal(signal.SIGTERM)
        m.wait("STOPPING", "1")
        assert int(m.log[-1][1]["EXTEND_TIMEOUT_USEC"]) >= 1000000
        assert s.wait() == 0, s.text()
        while m.poll(0):
            pass
        assert keys(m, "FDSTORE", "READY", "STOPPING", "RELOADING") == ["FDSTORE", "READY", "STOPPING"], m.log
    finally:
        s.kill()
        m.close()


def test_abstract_socket():
    test_start_and_stop(abstract=True)


def test_drain_asks_for_time():
    m = Manager()
    s = Server(m, ["-q", "-n", "2", "-p", str(PORT + 1)])
    try:
        m.wait("READY")
        c = socket.create_connection(("127.0.0.1", PORT + 1), 5)
        c.sendall(b"GET /x HT")     # a head that is not finished keeps its worker
        time.sleep(0.2)
        s.signal(signal.SIGTERM)
        m.wait("STOPPING", "1")
        m.wait("EXTEND_TIMEOUT_USEC")
        m.wait("EXTEND_TIMEOUT_USEC")
        c.close()
        assert s.wait() == 0, s.text()
    finally:
        s.kill()
        m.close()


def test_reload():
    path = os.path.join(TMP, "handler.js")

    def write(text):
        with open(path + ".new", "w") as f:
            f.write("function handler(r) { return '%s ' + r.path }" % text if text else "function handler(r) {\n  return ]\n}")
        os.rename(path + ".new", path)

    def soon(text):
        """A worker that leaves may still take what came just before."""
        end = time.monotonic() + 2
        while not get(PORT + 8).endswith(text.encode() + b" /x"):
            assert time.monotonic() < end, get(PORT + 8)

    write("first")
    m = Manager()
    s = Server(m, ["-q", "-n", "2", "-p", str(PORT + 8), path], code=None)
    try:
        m.wait("READY")
        for i, text in enumerate(["second", "third"]):
            write(text)
            asked = time.monotonic_ns() // 1000
            s.signal(signal.SIGHUP)
            began = m.wait("RELOADING", "1")
            assert asked <= int(began["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000, (asked, began)
            ready = m.wait("READY", "1")
            assert ready["STATUS"].startswith("generation %d, 2 of 2" % (i + 2)), ready
            soon(text)
        write("")
        s.signal(signal.SIGHUP)
        m.wait("RELOADING", "1")
        refused = m.wait("READY", "1")
        assert refused["ERRNO"] == "22" and refused["STATUS"].startswith("generation 3, 2 of 2"), refused
        assert "reload refused" in refused["STATUS"] and path + ":2:" in refused["STATUS"], refused
        soon("third")
        write("fourth")
        s.signal(signal.SIGHUP)
        m.wait("RELOADING", "1")
        assert "refused" not in m.wait("READY", "1")["STATUS"]
        soon("fourth")
        assert s.stop() == 0
        while m.poll(0):
            pass
        assert keys(m, "READY", "RELOADING", "STOPPING") == \
            ["READY"] + ["RELOADING", "READY"] * 4 + ["STOPPING"], keys(m, "READY", "RELOADING", "STOPPING")
    finally:
        s.kill()
        m.close()


def test_watchdog():
    m = Manager()
    s = Server(m, ["-q", "-n", "2", "-p", str(PORT + 2), "-s", "limits.stuck=60s"], env={"WATCHDOG_USEC": "1000000"})
    stopped = 0
    try:
        m.wait("READY")
        m.wait("WATCHDOG", "1")
        first = m.log[-1][0]
        m.wait("WATCHDOG", "1")
        m.wait("WATCHDOG", "1")
        period = (m.log[-1][0] - first) / 2
        assert 0.3 < period < 0.8, "fed every %g s; half of 1 s is asked for" % period
        stopped = s.workers()[0]
        os.kill(stopped, signal.SIGSTOP)
        m.quiet("READY", 4.3)       # heartbeats may be up to three seconds late
        m.quiet("WATCHDOG", 1.5)
        os.kill(stopped, signal.SIGCONT)
        stopped = 0
        m.wait("WATCHDOG", "1")
        assert s.stop() == 0
    finally:
        if stopped:
            os.kill(stopped, signal.SIGCONT)
        s.kill()
        m.close()


def test_watchdog_for_another():
    m = Manager()
    s = Server(m, ["-q", "-n", "1", "-p", str(PORT + 2)], env={"WATCHDOG_USEC": "400000", "WATCHDOG_PID": "1"})
    try:
        m.wait("READY")
        m.quiet("WATCHDOG", 0.8)
        assert s.stop() == 0
    finally:
        s.kill()
        m.close()


def test_inherited_listener():
    m = Manager()
    sock = listener(PORT + 3)
    queued = socket.create_connection(("127.0.0.1", PORT + 3), 5)   # before there is a server
    s = Server(m, ["-n", "2"], fds=[sock.fileno()], names=["web"])
    try:
        m.wait("READY")
        assert answered(ask(queued)) and answered(get(PORT + 3))
        assert "http://127.0.0.1:%d" % (PORT + 3) in s.text(), s.text()
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16).rstrip(b"\0") == b"reno"
        assert s.stop() == 0
        assert not m.stored, "what the socket unit passes need not be stored"
        # the socket is still open here: a connection waits for the next start
        late = socket.create_connection(("127.0.0.1", PORT + 3), 5)
        s = Server(m, ["-q", "-n", "2", "-p", str(PORT + 3)], fds=[sock.fileno()], names=["web"])
        m.wait("READY")
        assert answered(ask(late))
        assert s.stop() == 0
    finally:
        s.kill()
        sock.close()
        m.close()


def test_inherited_several():
    m = Manager()
    path = os.path.join(TMP, "web.sock")
    local = socket.socket(socket.AF_UNIX)
    local.bind(path)
    local.listen(16)
    dual = listener(PORT + 9, "::")
    sock = listener(PORT + 10)
    s = Server(m, ["-n", "2"], fds=[sock.fileno(), local.fileno(), dual.fileno()])
    try:
        m.wait("READY")
        for _ in range(8):
            assert answered(get(PORT + 10)) and answered(get(PORT + 9))
            c = socket.socket(socket.AF_UNIX)
            c.connect(path)
            assert answered(ask(c))
            c.close()
        text = s.text()
        assert all(t in text for t in ("127.0.0.1:%d" % (PORT + 10), "[::]:%d" % (PORT + 9), "unix:" + path)), text
        assert s.stop() == 0
        s = Server(m, ["-q", "-n", "2", "--listen", "0.0.0.0:%d" % (PORT + 9)], fds=[dual.fileno()])
        m.wait("READY")
        assert answered(get(PORT + 9)) and s.stop() == 0
        s = Server(m, ["-q", "-n", "2", "--listen", "unix:" + path], fds=[local.fileno()])
        m.wait("READY")
        assert s.stop() == 0 and os.path.exists(path), "its name belongs to the socket unit"
    finally:
        s.kill()
        for x in (sock, local, dual):
            x.close()
        m.close()


def test_inherited_mismatch():
    sock = listener(PORT + 4)
    s = Server(None, ["-q", "-p", str(PORT + 5)], fds=[sock.fileno()], names=["web"])
    assert s.wait() == 78 and "127.0.0.1:%d (web)" % (PORT + 4) in s.text(), s.text()
    pair = socket.socketpair()
    s = Server(None, ["-q"], fds=[pair[0].fileno()])
    assert s.wait() == 78 and "does not listen" in s.text(), s.text()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s = Server(None, ["-q"], fds=[udp.fileno()])
    assert s.wait() == 78 and "ListenStream" in s.text(), s.text()
    # for another process: not ours to use
    m = Manager()
    s = Server(m, ["-q", "-n", "1", "-p", str(PORT + 5)], fds=[sock.fileno()], env={"LISTEN_PID": "1"})
    try:
        m.wait("READY")
        assert answered(get(PORT + 5)) and s.stop() == 0
    finally:
        s.kill()
        m.close()
        sock.close()


def test_restart_refuses_nobody():
    """Two runs with one listener in the manager's store; clients all the time."""
    m = Manager()
    port = PORT + 6
    s = Server(m, ["-q", "-n", "2", "-p", str(port)])
    bad, good, end = [], [0], threading.Event()

    def clients():
        while not end.is_set():
            try:
                reply = get(port)
                if answered(reply):
                    good[0] += 1
                else:
                    bad.append(reply)
            except OSError as e:
                bad.append(e)

    threads = [threading.Thread(target=clients) for _ in range(2)]
    try:
        m.wait("READY")
        for t in threads:
            t.start()
        for _ in range(3):
            time.sleep(0.2)
            assert s.stop() == 0
            between = socket.create_connection(("127.0.0.1", port), 5)
            (name, fd), = m.stored.items()
            s = Server(m, ["-q", "-n", "2", "-p", str(port)], fds=[fd], names=[name])
            m.wait("READY")
            assert answered(ask(between)), "the one in between"
        time.sleep(0.2)
        end.set()
        for t in threads:
            t.join()
        assert not bad and good[0] > 20, (good[0], len(bad), bad[:3])
        assert s.stop() == 0
        # another address now: what is stored is forgotten
        (name, fd), = m.stored.items()
        s = Server(m, ["-q", "-n", "1", "-p", str(port + 1)], fds=[fd], names=[name])
        m.wait("READY")
        assert list(m.stored) == ["zigttpd-tcp4-%d-127.0.0.1" % (port + 1)], m.stored
        assert s.stop() == 0
        return "%d requests over 3 restarts, 0 refused" % good[0]
    finally:
        end.set()
        s.kill()
        m.close()


def main():
    only = sys.argv[2] if len(sys.argv) > 2 else None
    failed = 0
    for name, fn in sorted(globals().items()):
        if not name.startswith("test_") or (only and name != only):
            continue
        began = time.monotonic()
        try:
            note = fn()
            print("ok   %-28s %4.1f s%s" % (name, time.monotonic() - began, "  " + note if note else ""))
        except Exception as e:   # the next test can still tell something
            failed += 1
            print("FAIL %-28s %s: %s" % (name, type(e).__name__, e))
        sys.stdout.flush()
    subprocess.run(["rm", "-rf", TMP], check=False)
    return 1 if failed else 0


sys.exit(main())
