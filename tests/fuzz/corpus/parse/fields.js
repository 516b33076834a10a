class A { a; b = 1; "c"; static d = () => this; get
*e() {} async
f() {} static static = 1; static async; [g] = 2 }