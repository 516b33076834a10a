function f(private x: number) { }
