print(new TextDecoder("latin1").encoding, new TextDecoder("latin1").decode(new Uint8Array([0xe9, 0x80, 0x41])));   // expect: windows-1252 é€A
