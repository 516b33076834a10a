const f = (x: number y: string) => x;
