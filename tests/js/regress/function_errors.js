// Errors in the parts of new Function: each has its place in its own text.
for (const args of [["}"], ["a", "\n\nb c"], ["a,", ""], ["a b", "1"], ["/*", "*/"], ["x", "return }"]]) {
	try {
		new Function(...args);
		print("compiled");
	} catch (e) {
		print(e.name, /line \d+/.exec(e.message)[0]);
	}
}
// expect: SyntaxError line 1
// expect: SyntaxError line 3
// expect: compiled
// expect: SyntaxError line 1
// expect: SyntaxError line 1
// expect: SyntaxError line 1
try {
	Object.freeze([1]).push(2);
} catch (e) {
	print(e.message);                                      // expect: Cannot add property 1, object is not extensible
}
