print(/\p{Lu}/u.exec("aB")[0], /\P{L}/u.exec("a1")[0]);      // expect: B 1
print(/^\p{Script=Greek}+$/u.test("\u03b1\u03b2"));          // expect: true
print(/[\p{L}--[a-z]]/v.exec("aZ")[0], /[\w&&\d]+/v.exec("ab12")[0]); // expect: Z 12
print(/[\q{abc|d}x]/v.exec("zabc")[0]);                      // expect: abc
print(/\u212a/i.test("k"), /\u212a/iu.test("k"));            // expect: false true
print(/[^x]/iv.test("X"), /\W/iu.test("\u017f"));            // expect: false false
print(/(?i:a)b/.test("Ab"), /(?i:a)b/.test("AB"));           // expect: true false
print(/(?<=\p{Sc})\d+/u.exec("\u20ac42")[0]);                // expect: 42
print(/\udf06/u.exec("\ud834\udf06"));                       // expect: null
print("\u{1F600}\u{1F601}".match(/./gu).length);             // expect: 2
print(/^\p{Emoji_Keycap_Sequence}$/v.test("9\ufe0f\u20e3"), /^\p{RGI_Emoji}$/v.test("\u{1F468}\u200D\u2695\uFE0F")); // expect: true true
print(/^[\p{RGI_Emoji_Flag_Sequence}--\q{\u{1F1E6}\u{1F1E8}}]$/v.test("\u{1F1E6}\u{1F1E8}"));                       // expect: false
