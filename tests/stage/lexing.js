// Every kind of token: numbers, strings, templates, regular expressions, punctuators.
var a = 0x1F + 0b11 + 0o7 + 1_0.5e-3 + .5 + 10n;
var s = 'it\'s' + "\u{41}\x42\
C";
var t = `a${a}b${`c${s}`}`;
var r = a / 2 / 3, q = /[/\]]+/gi.test(s) ? /=/ : a /= 2;
var \u0061b = a?.b ?? a ** 2 >>> 1 !== 3;
/* multi
line */ --> not code after this mark
label: for (;;) { break label; }
