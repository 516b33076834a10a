type A = { [K in keyof T: string };
