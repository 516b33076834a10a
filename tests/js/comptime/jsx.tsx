const W = comptime(20 + 22);
print(renderToString(<p class={comptime("a".repeat(2))} data-n={comptime(W * 2)}>{comptime("x<y")} {comptime(W)}</p>)); // expect: <p class="aa" data-n="84">x&lt;y 42</p>
print(renderToString(<>{comptime(["a", "b"]).map((x: string) => <i>{x}</i>)}{comptime(true) && "yes"}</>)); // expect: <i>a</i><i>b</i>yes
print(renderToString(<p style={comptime({ color: "red" })} {...comptime({ id: "i" })} />)); // expect: <p style="color:red" id="i"></p>
