#!/usr/bin/env python3
"""run.py [--seconds N | --seeds N] [--seed S] [--cases N] [--out DIR]: generated programs must print under `zigttp run` what
they print under Node. A case that differs is made smaller and kept in DIR. Environment: ZIGTTP."""
import argparse, json, os, re, shutil, subprocess, sys, tempfile, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate

HERE = os.path.dirname(os.path.abspath(__file__))
ZIGTTP = os.environ.get("ZIGTTP", "./zigttp")
ENV = dict(os.environ, TZ="America/New_York")
with open(os.path.join(HERE, "prelude.js")) as f:
    PRELUDE = f.read()


def execute(command, path):
    try:
        r = subprocess.run(command + [path], stdin=subprocess.DEVNULL, capture_output=True, timeout=15, env=ENV)
        return r.stdout, r.returncode, r.stderr
    except subprocess.TimeoutExpired as e:
        return e.stdout or b"", "timeout", b""


def both(cases, tmp):
    """The cases that differ: index → (node's line, ours)."""
    path = os.path.join(tmp, "case.js")
    with open(path, "w") as f:
        f.write(PRELUDE)
        for i, c in enumerate(cases):
            f.write(f"T({i}, function () {{\n{c}\n}});\n")
    want, wstatus, werr = execute(["node", "--stack-size=800"], path)
    if wstatus != 0:
        return None
    got, status, err = execute([ZIGTTP, "run", "-m", "512m"], path)
    w, g = want.split(b"\n"), got.split(b"\n")
    bad = {i: (w[i], g[i] if i < len(g) else b"(nothing)") for i in range(len(cases)) if i >= len(g) or w[i] != g[i]}
    if status != 0 and not bad:
        bad[len(cases) - 1] = (b"status 0", f"status {status} {err[-300:]!r}".encode())
    if status != 0:
        bad = dict([min(bad.items())])
        i = min(bad)
        bad[i] = (bad[i][0], bad[i][1] + f" [status {status}: {err[-300:].decode(errors='replace')}]".encode())
    return bad


def compiling(cases, tmp):
    """Those that Node compiles."""
    path = os.path.join(tmp, "check.js")
    with open(path, "w") as f:
        f.write("for (const c of " + json.dumps(cases) + ") try { new Function(c); console.log(1); } catch { console.log(0); }")
    out = execute(["node"], path)[0].split()
    return [c for c, ok in zip(cases, out) if ok == b"1"]


def differs(case, tmp):
    r = both([case], tmp)
    return bool(r)


def smaller(case, tmp):
    """Lines are left out, then calls L(...) and arguments, while a difference stays. At most some 60 runs."""
    budget = 60
    lines = case.split("\n")
    n = len(lines) // 2
    while n >= 1 and budget > 0:
        i = 0
        while i < len(lines) and budget > 0:
            shorter = lines[:i] + lines[i + n:]
            budget -= 1
            if differs("\n".join(shorter), tmp):
                lines = shorter
            else:
                i += n
        n //= 2
    return "\n".join(lines)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seconds", type=float, default=10)
    p.add_argument("--seeds", type=int, default=0)
    p.add_argument("--seed", type=int, default=int(time.time()))
    p.add_argument("--cases", type=int, default=150)
    p.add_argument("--out", default="differential")
    p.add_argument("--most", type=int, default=50)
    o = p.parse_args()
    if not shutil.which("node"):
        print("*** SKIPPED: no differential fuzzing: there is no node ***")
        return 77
    end, seed, ran, found, dropped = time.monotonic() + o.seconds, o.seed, 0, 0, 0
    with tempfile.TemporaryDirectory() as tmp:
        while (seed < o.seed + o.seeds if o.seeds else time.monotonic() < end) and found < o.most:
            made = generate.cases(seed, o.cases)
            cases = compiling(made, tmp)
            dropped += len(made) - len(cases)
            bad = both(cases, tmp)
            if bad is None:
                dropped += len(cases)    # Node itself did not get through
                seed += 1
                continue
            ran += len(cases)
            for i, (want, got) in sorted(bad.items()):
                found += 1
                small = smaller(cases[i], tmp)
                again = both([small], tmp)
                if again:
                    want, got = again[0]
                os.makedirs(o.out, exist_ok=True)
                name = os.path.join(o.out, f"{seed}-{i}.js")
                with open(name, "w") as f:
                    f.write(PRELUDE + f"T(0, function () {{\n{small}\n}});\n")
                print(f"--- seed {seed} case {i}: {name}\n{small}\n  node:   {want[:400].decode(errors='replace')}\n"
                      f"  zigttp: {got[:400].decode(errors='replace')}", flush=True)
                if found >= o.most:
                    break
            seed += 1
    print(f"seeds {o.seed}..{seed - 1}: {ran} cases, {dropped} did not compile")
    print(f"{ran - found} passed, {found} failed")
    return found > 0


sys.exit(main())
