"""generate.py: JavaScript programs from a seed. Each is a list of cases; a case is a function body
whose value, exception and log prelude.js prints. Nothing newer than what Node 20 has."""
import random

PROTO = {
    "arr": "at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toReversed toSorted toSpliced toString unshift values with",
    "str": "at charAt charCodeAt codePointAt concat endsWith includes indexOf isWellFormed lastIndexOf match matchAll normalize padEnd padStart repeat replace replaceAll search slice split startsWith substr substring toLowerCase toString toUpperCase toWellFormed trim trimEnd trimStart valueOf anchor",
    "num": "toExponential toFixed toPrecision toString valueOf",
    "map": "clear delete entries forEach get has keys set values",
    "set": "add clear delete entries forEach has keys values",
    "re": "exec test toString",
    "date": "getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate getUTCDay getUTCHours setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours setUTCMonth toDateString toISOString toJSON toString toUTCString valueOf",
    "ta": "at copyWithin entries every fill filter find findIndex findLast findLastIndex forEach includes indexOf join keys lastIndexOf map reduce reduceRight reverse set slice some sort subarray toReversed toSorted values with",
    "big": "toString valueOf",
    "obj": "hasOwnProperty isPrototypeOf propertyIsEnumerable toString valueOf __lookupGetter__ __defineGetter__",
    "fn": "call apply bind toString",
}
PROTO = {k: v.split() for k, v in PROTO.items()}
STATIC = {
    "Object": "assign create defineProperties defineProperty entries freeze fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf hasOwn is isExtensible isFrozen isSealed keys preventExtensions seal setPrototypeOf values",
    "Array": "from isArray of", "Number": "isFinite isInteger isNaN isSafeInteger parseFloat parseInt", "String": "fromCharCode fromCodePoint raw",
    "Math": "abs ceil clz32 floor fround imul max min round sign trunc hypot sqrt", "JSON": "parse stringify", "Date": "UTC parse",
    "Reflect": "apply construct defineProperty deleteProperty get getOwnPropertyDescriptor getPrototypeOf has isExtensible ownKeys preventExtensions set setPrototypeOf",
    "BigInt": "asIntN asUintN", "Symbol": "for keyFor",
}
STATIC = {k: v.split() for k, v in STATIC.items()}
NUMBERS = "0 -0 1 -1 2 3 5 7 10 0.5 -0.5 1.5 NaN Infinity -Infinity 2147483647 2147483648 -2147483648 4294967295 4294967296 9007199254740991 9007199254740993 1e21 1e-7 5e-324 1.7976931348623157e308 123456789.125 0.1 1e300 -1e-300 255 256 65536 17 36".split()
STRINGS = ['""', '"a"', '"abc"', '"ABC"', '"0"', '"-0"', '"1e3"', '" 12 "', '"0x1f"', '"length"', '"x,y,z"', '"\\u{1F600}"', '"\\uD83D"', '"\\uDE00x"', '"ünï"', '"ß"', '"İ"', '"\\u0130i"', '"a\\nb"', '"__proto__"', '"constructor"', '"NaN"', '"ab".repeat(30)', '"aaa"', '"$1$&$`"', '"[1,{\\"a\\":2}]"', '"2020-02-29"', '"2020-02-30T10:00:00Z"', '"Sat, 29 Feb 2020 10:00:00 GMT"', '"1n"', '"\\0"', '"Σ"', '"ΑΣ"', '"ﬀ"', '"e\\u0301"', '"1,2;3"']
REGEXPS = ["/a/", "/a/g", "/(a)(b)?/", "/[a-c]+/gi", "/x*/g", "/(?<n>.)\\k<n>/u", "/(?=b)/g", "/(?<!a)b/", "/^./gm", "/\\b/g", "/a|ab(c)?/y", "/[^]/gu", "/./gu", "/\\p{L}+/gu", "/(?:)/g", "/(a*)*/", "/(\\d+),?/g", "/.$/s", "/\\u{1F600}/u", "/[\\w-]/gd", "/(z)((a+)?(b+)?(c))*/", "/[\\p{Lu}--[A-C]]/v", "/ſ/iu", "/k/iu"]
TYPED = "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array".split()
BIN = "+ - * / % ** & | ^ << >> >>> == != === !== < > <= >= && || ?? , in instanceof".split()
ASSIGN = "= += -= *= /= %= **= &= |= ^= <<= >>= >>>= &&= ||= ??=".split()
KEYS = ["a", "b", "length", "0", "1", "x", "constructor", "__proto__", "toString", "valueOf", "y1"]


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.names = []
        self.depth = 0
        self.in_gen = self.in_async = False
        self.loops = 0

    def pick(self, seq):
        return self.r.choice(seq)

    def chance(self, p):
        return self.r.random() < p

    # ---- values ---------------------------------------------------------------
    def number(self):
        return self.pick(NUMBERS) if self.chance(.7) else str(self.r.randrange(-20, 40))

    def key(self):
        return self.pick(KEYS)

    def name(self):
        return self.pick(self.names) if self.names else self.number()

    def callback(self):
        k = self.r.randrange(14)
        return ["(x) => x", "(x, i) => i", "(a, b) => a - b", "(a, b) => b > a ? 1 : -1", "(x) => !x", "(x) => L(x)", "() => true", "(a, x) => a + x", "function () { 'use strict'; return this; }",
                "(x, i, o) => { if (i === 1) o.length = 1; return x; }", "(x) => { throw x; }", "(x) => [x, x]", "(x, i, o) => { o.push?.(i < 9 ? 9 : 0); return i < 4; }", f"(x) => {self.expr(1)}"][k]

    def value(self, kind=None):
        kind = kind or self.pick("num num num str str str arr arr obj obj map set re date ta big fn odd name name prim wrap".split())
        r = self.r
        if kind == "num":
            return self.number()
        if kind == "str":
            return self.pick(STRINGS)
        if kind == "prim":
            return self.pick(["undefined", "null", "true", "false", "Symbol.iterator", "Symbol('s')", "NaN"])
        if kind == "arr":
            return self.pick([f"[{', '.join(self.small() for _ in range(r.randrange(6)))}]", f"H({r.randrange(4)})", f"Sub.of({self.small()}, {self.small()}, 3)", f"Object.freeze([1, {self.small()}])", "X([3, 1, 2])", "Odd.from([1, 2, 3])",
                              "[5, 1, 4, , 2]", f"Object.assign([1, 2], {{ {self.key()}: 5 }})", "[[1, [2]], [3]]", "(function () { return arguments; })(1, 2, 3)", f"new Array({r.randrange(8)})", "[,]", "((a) => (a[9] = 1, a))([])", "[1n, 2n]", "[3, 2, 1, NaN, -0, undefined, null, 'b']"])
        if kind == "obj":
            return self.pick([f"{{ {self.key()}: {self.small()}, {self.key()}: {self.small()} }}", f"{{ get {self.key()}() {{ return L({self.small()}); }}, set {self.key()}(v) {{ L(v); }} }}", f"Object.create({{ {self.key()}: 1 }}, {{ q: {{ value: 2, enumerable: {self.pick(['true', 'false'])} }} }})",
                              f"{{ length: {self.number()}, 0: 'p', 2: 'q', 1: {self.small()} }}", f"X({{ {self.key()}: {self.small()} }})", f"Object.seal({{ a: 1, [{self.small()}]: 2 }})", "Object.create(null)", f"It({r.randrange(5)}, {r.randrange(7)})", f"{{ ...{self.small()} }}", "new (class A { #p = 1; a = 2; get b() { return this.#p; } })"])
        if kind == "odd":
            return self.pick([f"N({self.number()}, {r.randrange(9)})", f"P({self.small()})", "{ valueOf() { return {}; }, toString() { return '7'; } }", "{ toString: null, valueOf: null }", f"new Proxy({{}}, {{ get: (t, k) => k === 'length' ? 3 : undefined }})"])
        if kind == "map":
            return f"new Map([[{self.small()}, {self.small()}], [NaN, 1], [{self.small()}, 2]])"
        if kind == "set":
            return f"new Set([{self.small()}, {self.small()}, -0, {self.small()}])"
        if kind == "re":
            return self.pick(REGEXPS) if self.chance(.8) else f"Object.assign({self.pick(REGEXPS)}, {{ lastIndex: {self.small()} }})"
        if kind == "date":
            return self.pick([f"new Date({self.number()})", "new Date(2020, 1, 29, 12, 30, 15, 500)", f"new Date({self.pick(STRINGS)})", "new Date(Date.UTC(1969, 6, 20))", f"new Date(2021, {r.randrange(-3, 15)}, {r.randrange(-40, 60)}, {r.randrange(-30, 50)})"])
        if kind == "ta":
            t = self.pick(TYPED)
            big = t.startswith("Big")
            return self.pick([f"new {t}([{', '.join(str(r.randrange(-300, 300)) + ('n' if big else '') for _ in range(r.randrange(6)))}])", f"new {t}({r.randrange(5)})", f"new {t}(new ArrayBuffer(24, {{ maxByteLength: 48 }}), 8)", f"new {t}({self.value('arr')})"])
        if kind == "big":
            return self.pick(["0n", "1n", "-1n", "255n", "-256n", "2n ** 64n", "-(2n ** 63n)", "12345678901234567890n", "10n ** 30n", "3n"])
        if kind == "fn":
            return self.pick([self.callback(), "class { constructor(a) { this.a = a; } }", "Array", "Math.max", "function f(a, b = 2, ...c) { return [a, b, c, arguments.length]; }", "String", "Boolean", "((a, b) => a).bind(null, 1)"])
        if kind == "wrap":
            return f"Object({self.pick([self.number(), self.pick(STRINGS), 'true', '5n'])})"
        return self.name()

    def small(self):
        return self.value(self.pick(["num", "str", "prim", "num", "name"])) if self.depth > 2 or self.chance(.8) else self.expr(1)

    def args(self, most=3):
        n = self.pick([0, 1, 1, 1, 2, 2, 3])
        return ", ".join(self.callback() if self.chance(.25) else self.value() if self.chance(.8) else "..." + self.value("arr") for _ in range(min(n, most)))

    # ---- expressions ------------------------------------------------------------
    def expr(self, d=3):
        self.depth += 1
        try:
            return self.expr_(d if self.depth < 7 else 0)
        finally:
            self.depth -= 1

    def expr_(self, d):
        if d <= 0:
            return self.value()
        k = self.r.randrange(100)
        if k < 32:
            kind = self.pick("arr arr arr arr str str str re num map set date ta ta big obj fn".split())
            m = self.pick(PROTO[kind])
            if m in ("toString",) and kind == "fn":
                m = "call"
            form = self.r.randrange(10)
            args = self.args()
            if m in ("sort", "toSorted"):    # the order that another comparison gives is free
                args = self.pick(["", "(a, b) => String(a) < String(b) ? 1 : String(a) > String(b) ? -1 : 0", "undefined"])
            if m in ("sort", "toSorted") and form == 0:
                form = 2
            if kind == "date" and m.startswith("set"):    # V8 leaves out conversions once the date is invalid
                args = self.number()
            if kind == "ta" and m == "with":    # V8 converts the value before the index
                args = self.number() + ", " + self.number()
            if kind == "ta" and m in ("set",):
                args = self.value("arr")
            if form == 0:
                proto = {"arr": "Array", "str": "String", "num": "Number", "map": "Map", "set": "Set", "re": "RegExp", "date": "Date", "ta": "Uint8Array", "big": "BigInt", "obj": "Object", "fn": "Function"}[kind]
                return f"{proto}.prototype.{m}.call({self.value()}{', ' + args if args else ''})"
            recv = self.expr(d - 1) if form == 1 else self.value(kind)
            call = f"({recv}){self.pick(['.', '.', '.', '?.'])}{m}({args})"
            return f"Q(() => {call})" if m in ("sort", "toSorted") and "yield" not in call else call
        if k < 42:
            o = self.pick(list(STATIC))
            return f"{o}.{self.pick(STATIC[o])}({self.args()})"
        if k < 56:
            op = self.pick(BIN)
            a, b = self.expr(d - 1), self.expr(d - 1)
            if op in ("??", "&&", "||", "**"):
                a, b = f"({a})", f"({b})"
            return f"(({a}) {op} ({b}))"
        if k < 62:
            return f"({self.pick(['-', '+', '!', '~', 'typeof ', 'void '])}({self.expr(d - 1)}))"
        if k < 66:
            return f"(({self.expr(d - 1)}) ? {self.expr(d - 1)} : ({self.expr(d - 1)}))"
        if k < 70:
            return "`p${" + self.expr(d - 1) + "}q${" + self.small() + "}`"
        if k < 76 and self.names:
            return f"({self.name()} {self.pick(ASSIGN)} {self.expr(d - 1)})"
        if k < 79 and self.names:
            return f"({self.pick(['++', '--'])}{self.name()})" if self.chance(.5) else f"({self.name()}{self.pick(['++', '--'])})"
        if k < 84:
            return f"({self.expr(d - 1)}){self.pick(['?.', '?.', ''])}[{self.small()}]" if self.chance(.5) else f"({self.expr(d - 1)})?.{self.key()}"
        if k < 87:
            return f"({self.callback()})({self.args()})"
        if k < 90:
            return f"new ({self.pick(['Array', 'Map', 'Set', 'RegExp', 'String', 'Number', 'Boolean', 'Proxy', 'Sub', 'Error'])})({self.args(2)})"
        if k < 92:
            return f"(delete ({self.value()})[{self.small()}])"
        if k < 95:
            return f"((({self.pattern()}) => [{', '.join(self.bound)}])({self.value()}, {self.value()}))"
        if k < 97:
            return f"[...(function* () {{ {self.in_generator()} }})()]"
        if k < 98:
            return f"L({self.expr(d - 1)})"
        return f"String.raw`{self.pick(['a', chr(92) + 'n', ''])}${{{self.small()}}}`"

    def in_generator(self):
        b = [f"yield {self.small()};", f"yield* {self.value('arr')};", "try { yield 1; } finally { L('fin'); }", f"const g = yield L({self.small()}); L(g);", f"if ({self.small()}) return {self.small()};", f"for (const q of {self.value('arr')}) yield q;"]
        return " ".join(self.pick(b) for _ in range(self.r.randrange(1, 4)))

    def pattern(self):
        n = self.r.randrange(5)
        self.bound = ["p0", "p1"]
        return [f"[p0, , p1 = {self.small()}] = [4]", f"{{ a: p0, [{self.small()}]: p1 = L('d') }}", f"[p0, ...p1]", "{ length: p0, ...p1 }", f"[[p0] = [{self.small()}], {{ x: p1 }} = {{ x: 3 }}]"][n]

    # ---- statements ----------------------------------------------------------------
    def fresh(self):
        n = f"v{len(self.names)}"
        self.names.append(n)
        return n

    def block(self, n, d):
        keep = list(self.names)
        out = "\n".join(self.stmt(d) for _ in range(n))
        self.names = keep
        return out

    def stmt(self, d):
        k = self.r.randrange(100)
        if k < 22 or d <= 0:
            return f"L({self.expr(2)});"
        if k < 40:
            e = self.expr(3)
            return f"{self.pick(['let', 'var', 'let'])} {self.fresh()} = {e};"
        if k < 46:
            return f"if ({self.expr(2)}) {{\n{self.block(1, d - 1)}\n}} else {{\n{self.block(1, d - 1)}\n}}"
        if k < 54:
            b = self.block(2, d - 1)
            return f"try {{\n{b}\n}} catch (e) {{\nL(e instanceof Error ? e.name : e);\n{self.block(1, d - 1)}\n}}" + (f" finally {{\n{self.block(1, d - 1)}\n}}" if self.chance(.4) else "")
        if k < 62:
            self.loops += 1
            i = f"i{self.loops}"
            jump = self.pick(["", "", f"if ({i} === 1) continue;", f"if ({i} === 2) break;"])
            src = self.pick([f"let {i} = 0; {i} < 3; {i}++", f"const {i} of {self.value('arr')}", f"const {i} in {{ ...{self.value('obj')} }}", f"var {i} of {self.value('set')}", f"const {i} of {self.value('map')}"])
            return f"for ({src}) {{\nif (LOG.length > 30) break;\n{jump}\nL({i});\n{self.block(1, d - 1)}\n}}"
        if k < 68:
            pat = self.pattern()
            return f"{{ let {self.pick(['[p0, p1] = ', '{ a: p0, length: p1 = 3 } = ', '[p0 = 1, ...p1] = '])}{self.value()}; L([p0, p1]); }}"
        if k < 74:
            f = self.fresh()
            keep, self.names = self.names, ["a", "b"]
            body = self.block(1, d - 1)
            ret = self.expr(2)
            self.names = keep
            return f"function {f}(a, b = {self.number()}) {{\nif (LOG.length > 30) return a;\n{body}\nreturn {ret};\n}}\nL({f}({self.args()}));"
        if k < 80:
            c = self.fresh()
            base = self.pick(["", "", " extends Array", " extends Map", " extends (class B { m() { return L('B.m'); } static s = 1; })", " extends Sub"])
            sup = "super(...a); " if base else ""
            return (f"var {c} = class C{len(self.names)}{base} {{ #p = {self.small()}; f = {self.small()}; static s2 = {self.small()}; constructor(...a) {{ {sup}L(new.target === {c}); }} get g() {{ return this.#p; }} set g(v) {{ this.#p = v; }} "
                    f"m(x) {{ return {self.pick(['this.g', 'super.m?.(x)', 'this.f', '#p in this', 'x'])}; }} static [{self.pick(STRINGS)}]() {{ return 1; }} static {{ L(this.name); }} }};\n"
                    f"{{ const o = new {c}({self.args(2)}); L(o.g); o.g = {self.small()}; L(o.m({self.small()})); L(o); }}")
        if k < 86:
            return f"switch ({self.small()}) {{ case {self.small()}: L('c1'); case {self.small()}: L('c2'); break; default: L('d'); case {self.small()}: L('c3'); }}"
        if k < 91:
            return f"{{ const g = (function* () {{ {self.in_generator()} }})(); L(g.next()); L(g.{self.pick(['next(5)', 'return(6)', 'next()'])}); L(g.next()); L([...g]); }}"
        if k < 96 and self.names:
            return f"({self.name()})[{self.small()}] {self.pick(ASSIGN)} {self.expr(1)};"
        return f"lab: for (var q{self.loops} = 0; q{self.loops} < 2; q{self.loops}++) {{ for (;;) {{ {self.pick(['continue lab', 'break lab', 'break'])}; }} L('after'); }}"

    def case(self):
        self.names, self.loops, self.depth = [], 0, 0
        strict = '"use strict";\n' if self.chance(.4) else ""
        body = "\n".join(self.stmt(2) for _ in range(self.r.randrange(1, 5)))
        return f"{strict}{body}\nreturn [{', '.join(self.names[:4])}];"


def cases(seed, n):
    g = Generator(seed)
    return [g.case() for _ in range(n)]
